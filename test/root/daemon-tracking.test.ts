// `keelson run` with everything that an instance can follow: what the real process sees, and what it does.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { VrrpInstanceStatus } from "../../src/model/status.ts";
import { DirectorStage, onlyInstance, whyNot } from "./director-stage.ts";

const skip = whyNot() ?? false;

/** One instance without virtual servers; `tracking` is inside it, `blocks` in front. */
function configuration(blocks: string, tracking: string, global = ""): string {
  return `global_defs {
  router_id TRACKING
  ${global}
}
${blocks}
vrrp_instance VI_1 {
  state BACKUP
  interface ens4
  virtual_router_id 51
  priority 100
  advert_int 0.2
  version 3
  ${tracking}
  virtual_ipaddress {
    193.168.140.80
  }
}
`;
}

async function untilInstance(
  stage: DirectorStage,
  what: string,
  wanted: (instance: VrrpInstanceStatus) => boolean,
): Promise<VrrpInstanceStatus> {
  return onlyInstance(await stage.untilStatus((one) => wanted(onlyInstance(one)), what));
}

test("a tracked file changes the priority, faults below -253, and is made by init_file", {
  skip,
}, async (t) => {
  const stage = await DirectorStage.build();
  t.after(() => stage.lab.close());
  const block = "track_file load {\n file /run/site/load\n weight 10\n init_file 2\n}";
  const text = configuration(block, "track_file {\n load\n }");
  const director = await stage.run(text);
  await untilInstance(stage, "2 times 10 is added", ({ priority }) => priority === 120);
  assert.equal((await stage.host.shell("cat /run/site/load")).trim(), "2");
  await stage.host.shell("echo -5 > /run/site/load");
  const lower = await untilInstance(stage, "it is lowered", ({ priority }) => priority === 50);
  const [tracker] = lower.trackers;
  assert.equal(
    `${tracker?.kind} ${tracker?.name} ${tracker?.text} ${tracker?.effect}`,
    "file load holds -5 priority -50",
  );
  await stage.host.shell("echo -26 > /run/site/new && mv /run/site/new /run/site/load");
  const fault = await untilInstance(
    stage,
    "replaced, it is too low",
    ({ state }) => state === "FAULT",
  );
  assert.match(fault.cause.text, /file load: holds -26, which with weight 10 is below -253/);
  await stage.host.shell("rm /run/site/load");
  await untilInstance(
    stage,
    "without a file it is 0",
    (one) => one.state === "MASTER" && one.priority === 100,
  );
  assert.match((await stage.ask("status")).output, /VI_1 +MASTER/);
  director.signal("SIGTERM");
  assert.equal((await director.ended).code, 0);
});

test("tracked processes: FAULT while too few run, and the reason is told", { skip }, async (t) => {
  const stage = await DirectorStage.build();
  t.after(() => stage.lab.close());
  const block = "vrrp_track_process naps {\n process sleep 7654\n quorum 2\n}";
  const director = await stage.run(configuration(block, "track_process {\n naps\n }"));
  const fault = await untilInstance(stage, "none runs", ({ state }) => state === "FAULT");
  assert.match(fault.cause.text, /process naps: 0 of `sleep 7654` run, 2 must/);
  const first = await stage.host.start(["sleep", "7654"]);
  await stage.host.start(["sleep", "7655"]);
  await untilInstance(stage, "one runs", ({ cause }) => cause.text.includes("1 of `sleep 7654`"));
  await stage.host.start(["sleep", "7654"]);
  await untilInstance(stage, "two run", ({ state }) => state === "MASTER");
  await first.killFamily();
  await untilInstance(stage, "one has ended", ({ state }) => state === "FAULT");
  assert.match((await stage.ask("status")).output, /tracks process naps: down/);
  director.signal("SIGTERM");
  assert.equal((await director.ended).code, 0);
});

test("a script that security refuses is a failure with a reason, never silently left out", {
  skip,
}, async (t) => {
  const stage = await DirectorStage.build();
  t.after(() => stage.lab.close());
  const { host } = stage;
  await host.shell("mkdir -p /run/site && chmod 755 /run/site");
  host.writeFile("/run/site/check", "#!/bin/sh\nexit 0\n", 0o755);
  await host.shell("chmod 777 /run/site/check");
  const block = "vrrp_script chk {\n script /run/site/check\n interval 1\n}";
  const secure = "enable_script_security\n script_user root";
  const director = await stage.run(configuration(block, "track_script {\n chk\n }", secure));
  const fault = await untilInstance(stage, "it is refused", ({ state }) => state === "FAULT");
  assert.match(fault.cause.text, /refused: root does not run \/run\/site\/check: .*everybody/);
  assert.match(director.output, /script chk: down: refused: root does not run/);
  await host.shell("chmod 755 /run/site/check");
  await untilInstance(stage, "mended, it runs", ({ state }) => state === "MASTER");
  await host.shell("rm /run/site/check");
  const missing = await untilInstance(stage, "it is missing", ({ state }) => state === "FAULT");
  assert.match(missing.cause.text, /\/run\/site\/check does not exist/);
  director.signal("SIGTERM");
  assert.equal((await director.ended).code, 0);
});

test("scripts run as script_user says, and a reverse weight lowers", { skip }, async (t) => {
  const stage = await DirectorStage.build();
  t.after(() => stage.lab.close());
  await stage.host.shell("mkdir -p /run/site && chmod 777 /run/site");
  const block = `vrrp_script who {\n script "/bin/sh -c 'id -u > /run/site/who'"\n interval 1\n weight 30 reverse\n}`;
  const text = configuration(block, "track_script {\n who\n }", "script_user nobody");
  const director = await stage.run(text);
  await untilInstance(stage, "it has succeeded", ({ priority }) => priority === 70);
  assert.equal((await stage.host.shell("cat /run/site/who")).trim(), "65534");
  director.signal("SIGTERM");
  assert.equal((await director.ended).code, 0);
});

test("BFD: without its neighbour the instance is in FAULT, and sessions for checks run too", {
  skip,
}, async (t) => {
  const stage = await DirectorStage.build();
  t.after(() => stage.lab.close());
  const block = `bfd_instance near {
  neighbor_ip 193.168.140.152
  min_rx 50
  min_tx 50
  vrrp
}
bfd_instance other {
  neighbor_ip 193.168.140.224
  checker
}`;
  const director = await stage.run(configuration(block, "track_bfd {\n near\n }"));
  const fault = await untilInstance(stage, "nobody answers", ({ state }) => state === "FAULT");
  assert.match(fault.cause.text, /bfd near: no packet from 193.168.140.152 yet/);
  const { bfdSessions = [] } = (await stage.status()) ?? assert.fail("a status");
  assert.deepEqual(
    bfdSessions.map(({ name, state }) => `${name} ${state}`),
    ["near Down", "other Down"],
  );
  assert.match((await stage.ask("status")).output, /^near +Down +193.168.140.152/m);
  assert.match(director.output, /BFD session other: down: no packet from/);

  // The neighbour is a keepalived.
  const neighbor = stage.lab.host("rs1");
  const lines = "bfd_instance back {\n neighbor_ip 193.168.140.10\n min_rx 50\n min_tx 50\n}\n";
  neighbor.writeFile("/run/bfd.conf", lines);
  const keepalived = await neighbor.start(["keepalived", "-n", "-l", "-f", "/run/bfd.conf"]);
  t.after(() => keepalived.killFamily());
  await untilInstance(stage, "it answers", ({ state }) => state === "MASTER");
  director.signal("SIGTERM");
  assert.equal((await director.ended).code, 0);
});

test("interface_up_down_delays: what passes does not count, what lasts does", {
  skip,
}, async (t) => {
  const stage = await DirectorStage.build();
  t.after(() => stage.lab.close());
  const director = await stage.run(configuration("interface_up_down_delays {\n ens4 4 0\n}", ""));
  await untilInstance(stage, "MASTER", ({ state }) => state === "MASTER");
  await stage.host.shell("ip link set ens4 down; sleep 0.3; ip link set ens4 up");
  await stage.host.shell("ip link set ens4 down");
  const fault = await untilInstance(stage, "it stays down", ({ state }) => state === "FAULT");
  assert.match(fault.cause.text, /ens4 is down/);
  const transitions = director.output.split("\n").filter((line) => line.includes("-> FAULT"));
  assert.equal(transitions.length, 1, director.output);
  await stage.host.shell("ip link set ens4 up");
  await untilInstance(stage, "it is back at once", ({ state }) => state === "MASTER");
  director.signal("SIGTERM");
  assert.equal((await director.ended).code, 0);
});

test("an interface may come later and go again, and track_src_ip needs its address", {
  skip,
}, async (t) => {
  const stage = await DirectorStage.build();
  t.after(() => stage.lab.close());
  const { host } = stage;
  const text = configuration(
    "",
    "mcast_src_ip 10.66.0.1\n track_src_ip",
    "dynamic_interfaces",
  ).replace("interface ens4", "interface later0");
  const director = await stage.run(text);
  const missing = await untilInstance(stage, "it is missing", ({ state }) => state === "FAULT");
  assert.match(missing.cause.text, /later0 does not exist/);
  await host.shell(
    "ip link add later0 type veth peer name other0; ip link set other0 up; ip link set later0 up; ip address add 10.66.0.2/24 dev later0",
  );
  await untilInstance(
    stage,
    "its address is missing",
    ({ cause }) => cause.kind === "source-address-missing",
  );
  await host.shell("ip address add 10.66.0.1/24 dev later0");
  await untilInstance(stage, "it works", ({ state }) => state === "MASTER");
  await host.shell("ip address del 10.66.0.1/24 dev later0");
  await untilInstance(stage, "without its address", ({ state }) => state === "FAULT");
  await host.shell("ip address add 10.66.0.1/24 dev later0");
  await untilInstance(stage, "it is back", ({ state }) => state === "MASTER");
  await host.shell("ip link del later0");
  await untilInstance(stage, "it is gone", ({ cause }) =>
    cause.text.includes("later0 does not exist"),
  );
  director.signal("SIGTERM");
  assert.equal((await director.ended).code, 0);
});
