// Programs, FIFOs and mails of the running daemon, beside those of the real keepalived where it has the same.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Lab } from "../../src/lab/lab.ts";
import { whyNot } from "./director-stage.ts";
import { NotificationStage } from "./notification-stage.ts";

const skip = whyNot() ?? false;

function instance(name: string, vrid: number, rest: string): string {
  return `vrrp_instance ${name} {
  state BACKUP
  interface ens4
  virtual_router_id ${vrid}
  priority 100
  advert_int 1
  virtual_ipaddress {
    193.168.140.${vrid}/24
  }
${rest}
}
`;
}

function programs(name: string, recorder = "recorder"): string {
  return ["master", "backup", "fault", "stop"]
    .map((state) => `  notify_${state} "/server/${recorder} ${name} ${state}"`)
    .concat(`  notify "/server/${recorder} ${name} change"`)
    .join("\n");
}

function plan(
  name: string,
  network = name,
  address = "193.168.140.10/24",
): Parameters<typeof Lab.build>[0]["hosts"][number] {
  return { name, interfaces: [{ name: "ens4", network, addresses: [address] }] };
}

/** Both programs read it. */
const bothRead = `global_defs {
  router_id STAGE
  script_user root
  notify_fifo /run/fifo
  notify_fifo_script "/server/reader some argument"
  vrrp_notify_priority_changes on
  startup_script "/server/recorder startup"
  shutdown_script "/server/recorder shutdown"
}
vrrp_script checked {
  script "/usr/bin/test ! -e /run/down"
  interval 1
  weight -10
}
vrrp_sync_group G {
  group {
    VI_1
    VI_2
  }
${programs("G")}
}
${instance("VI_1", 61, programs("VI_1"))}
${instance("VI_2", 62, "")}
${instance("VI_3", 63, `  track_script {\n    checked\n  }\n${programs("VI_3")}`)}
`;

describe("what operators' programs hear", { skip }, () => {
  let lab: Lab;
  let ours: NotificationStage;
  let theirs: NotificationStage;

  before(async () => {
    lab = await Lab.build({
      networks: ["ours", "theirs"],
      hosts: [plan("ours"), plan("theirs")],
    });
    ours = new NotificationStage(lab, "ours", "keelson");
    theirs = new NotificationStage(lab, "theirs", "keepalived");
  });
  after(() => lab?.close());

  /** One life: start, MASTER, a cut cable, MASTER again, another priority and back, the end. */
  async function live(stage: NotificationStage): Promise<void> {
    const settled = async (state: string, times: number): Promise<void> => {
      for (const name of ["VI_1", "VI_3"])
        await stage.untilLine("/run/calls", `${name}|change|INSTANCE|${name}|${state}|100|`, times);
      await stage.untilLine("/run/calls", `G|change|GROUP|G|${state}|0|`, times);
    };
    await stage.start(bothRead);
    await settled("MASTER", 1);
    await stage.cable("down");
    await settled("FAULT", 1);
    await stage.cable("up");
    await settled("MASTER", 2);
    stage.host.writeFile("/run/down", "");
    await stage.untilLine("/run/lines", 'INSTANCE "VI_3" MASTER_PRIORITY 90');
    await stage.host.shell("rm /run/down");
    await stage.untilLine("/run/lines", 'INSTANCE "VI_3" MASTER_PRIORITY 100');
    await stage.stop();
    await stage.untilLine("/run/calls", "shutdown|");
  }

  /** Lines about one object, in their order. */
  function about(lines: readonly string[], name: string): readonly string[] {
    return lines.filter((line) => line.includes(`"${name}"`));
  }

  test("the same life means the same calls and the same lines as with keepalived", async () => {
    await Promise.all([live(ours), live(theirs)]);
    assert.deepEqual(ours.calls.toSorted(), theirs.calls.toSorted());
    for (const name of ["VI_1", "VI_2", "VI_3", "G"]) {
      // keepalived takes the FIFO away before its reader has read what it wrote last.
      const withoutEnd = about(ours.lines("/run/lines"), name).filter(
        (line) => !line.includes(" STOP "),
      );
      const expected = about(theirs.lines("/run/lines"), name).filter(
        (line) => !line.includes(" STOP "),
      );
      assert.deepEqual(withoutEnd, expected);
    }
  });

  test("ours are called one after the other, in the order of the events", () => {
    const calls = ours.calls.filter((line) => line.startsWith("VI_1|"));
    const states = ["BACKUP", "MASTER", "FAULT", "BACKUP", "MASTER", "STOP"];
    assert.deepEqual(
      calls,
      states.flatMap((state) => [
        `VI_1|${state.toLowerCase()}|`,
        `VI_1|change|INSTANCE|VI_1|${state}|100|`,
      ]),
    );
    assert.equal(ours.calls[0], "startup|");
    assert.equal(ours.calls.at(-1), "shutdown|");
  });

  test("our reader has the last lines too, and nothing is left behind", async () => {
    const lines = ours.lines("/run/lines");
    assert.deepEqual(lines.slice(-4).toSorted(), [
      'GROUP "G" STOP 0',
      'INSTANCE "VI_1" STOP 100',
      'INSTANCE "VI_2" STOP 100',
      'INSTANCE "VI_3" STOP 100',
    ]);
    const left = await ours.host.shell(
      "ls /tmp /run/keelson; ps ax | grep -c '[s]erver/reader' || true",
    );
    assert.doesNotMatch(left, /fifo|journal/);
    assert.match(left, /^0$/m);
  });
});

describe("another router that sends adverts of a lower priority", { skip }, () => {
  let lab: Lab;
  const configuration = `global_defs {
  router_id STAGE
  script_user root
  notify_fifo /run/fifo
  notify_fifo_script /server/reader
}
${instance("VI_1", 61, '  notify "/server/recorder change"\n  notify_master_rx_lower_pri "/server/recorder lower"')}
`;
  const other = `global_defs {
  router_id OTHER
}
${instance("VI_1", 61, "").replace("priority 100", "priority 50")}
`;

  before(async () => {
    lab = await Lab.build({
      networks: ["lan"],
      hosts: [plan("ours", "lan"), plan("peer", "lan", "193.168.140.11/24")],
    });
  });
  after(() => lab?.close());

  test("is told without arguments to its program, and to the FIFO, by both", async () => {
    // Who hears nobody becomes MASTER, whatever its priority.
    await lab
      .host("peer")
      .shell(
        "nft add table t; nft add chain t c '{ type filter hook input priority 0; }'; nft add rule t c ip protocol 112 drop",
      );
    const peer = new NotificationStage(lab, "peer", "keepalived");
    await peer.start(other);
    for (const router of ["keepalived", "keelson"] as const) {
      await lab.host("ours").shell("rm -f /run/calls /run/lines");
      const stage = new NotificationStage(lab, "ours", router);
      await stage.start(configuration);
      await stage.untilLine("/run/calls", "change|INSTANCE|VI_1|MASTER|100|");
      await stage.untilLine("/run/calls", "lower|");
      await stage.untilLine("/run/lines", 'INSTANCE "VI_1" MASTER_RX_LOWER_PRI 100');
      await stage.stop();
    }
    await peer.stop();
  });
});

describe("events while the main process is dead", { skip }, () => {
  let lab: Lab;
  let stage: NotificationStage;
  const configuration = `global_defs {
  router_id STAGE
  script_user root
}
${instance("VI_1", 61, programs("VI_1", "slowRecorder"))}
`;

  before(async () => {
    lab = await Lab.build({ networks: ["ours"], hosts: [plan("ours")] });
    stage = new NotificationStage(lab, "ours", "keelson");
  });
  after(() => lab?.close());

  test("none is lost and none is told twice", async () => {
    const killed = await stage.start(configuration);
    await stage.untilLine("/run/calls", "VI_1|master|");
    // The program for every change runs at this moment and lives on.
    killed.signal("SIGKILL");
    await killed.ended;
    const holdsAddress = async (): Promise<boolean> =>
      (await stage.host.shell("ip -o address show dev ens4")).includes("193.168.140.61");
    const untilAddress = async (wanted: boolean): Promise<void> => {
      let held = !wanted;
      const deadline = performance.now() + 60_000;
      while (held !== wanted) {
        assert.ok(performance.now() < deadline, `never: address ${wanted ? "here" : "gone"}`);
        held = await holdsAddress();
      }
    };
    await stage.cable("down");
    await untilAddress(false);
    await stage.cable("up");
    await untilAddress(true);
    await stage.start(configuration);
    await stage.untilLine("/run/calls", "VI_1|change|INSTANCE|VI_1|MASTER|100|", 2);
    await stage.stop();
    const states = ["BACKUP", "MASTER", "FAULT", "BACKUP", "MASTER", "STOP"];
    assert.deepEqual(
      stage.calls,
      states.flatMap((state) => [
        `VI_1|${state.toLowerCase()}|`,
        `VI_1|change|INSTANCE|VI_1|${state}|100|`,
      ]),
    );
  });
});

describe("reloads, refusals and mails", { skip }, () => {
  let lab: Lab;
  let stage: NotificationStage;
  const globals = `global_defs {
  router_id STAGE
  script_user root
  enable_script_security
  notify_fifo /run/fifo
  notify_fifo_script /server/reader
  fifo_write_vrrp_states_on_reload
  smtp_server 127.0.0.1 2525
  notification_email {
    ops@example.org
  }
  smtp_alert on
}
`;
  const deleted = '  notify_deleted "/server/recorder VI_2 deleted"\n';
  const both = `${globals}${instance("VI_1", 61, programs("VI_1"))}${instance("VI_2", 62, deleted)}`;

  before(async () => {
    lab = await Lab.build({ networks: ["ours"], hosts: [plan("ours")] });
    stage = new NotificationStage(lab, "ours", "keelson");
    await stage.startMailServer();
  });
  after(() => lab?.close());

  test("a program that anybody could change is not run by root: the log and the status say so", async () => {
    stage.host.writeFile("/server/open", "#!/bin/bash\ntouch /run/open-was-run\n", 0o777);
    const text = both.replace(
      '  notify_master "/server/recorder VI_1 master"',
      "  notify_master /server/open",
    );
    const running = await stage.start(text);
    await stage.untilLine("/run/calls", "VI_1|change|INSTANCE|VI_1|MASTER|100|");
    const reason =
      /notify_master \/server\/open of VI_1 will not run: .*can be written by everybody/;
    assert.match(running.output, reason);
    const page = (await stage.ask("status")).replace(/\s+/g, " ");
    assert.match(page, reason);
    assert.match(page, /INSTANCE VI_1 MASTER: notify_master \/server\/open: refused: /);
    assert.equal((await stage.host.run(["test", "-e", "/run/open-was-run"])).code, 1);
  });

  test("a reload writes the states to the FIFO, and tells what it removed", async () => {
    await stage.untilLine("/run/lines", 'INSTANCE "VI_2" MASTER 100');
    const before = stage.lines("/run/lines").length;
    stage.configure(`${globals}${instance("VI_1", 61, programs("VI_1"))}`);
    stage.reload();
    await stage.untilLine("/run/calls", "VI_2|deleted|");
    await stage.untilLine("/run/lines", 'INSTANCE "VI_1" MASTER 100', 2);
    assert.deepEqual(stage.lines("/run/lines").slice(before), [
      'INSTANCE "VI_2" DELETED 100',
      'INSTANCE "VI_1" MASTER 100',
    ]);
  });

  test("mails arrive in the order of the events", async () => {
    await stage.stop();
    const subjects = stage.lines("/run/mails").filter((line) => line.includes("VI_1"));
    assert.deepEqual(subjects, [
      "Subject: [STAGE] VRRP Instance VI_1 - Entering BACKUP state",
      "Subject: [STAGE] VRRP Instance VI_1 - Entering MASTER state",
      "Subject: [STAGE] VRRP Instance VI_1 - Stopping",
    ]);
    assert.ok(stage.lines("/run/mails").includes("Subject: [STAGE] VRRP Instance VI_2 - Deleted"));
  });
});
