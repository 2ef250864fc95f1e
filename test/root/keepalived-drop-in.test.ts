// The program under the name of keepalived, in the life of a unit that knows nothing else: start, files, signals, exporters,
// reload, stop. Beside it the real keepalived with the same configuration, on a network of its own.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { CommandResult, Host } from "../../src/lab/host.ts";
import { Lab } from "../../src/lab/lab.ts";
import { waitFor } from "../../src/lab/waiting.ts";

const theirProgram = "/usr/sbin/keepalived";
const launcher = fileURLToPath(new URL("../../../bin/keelson", import.meta.url));
const nodeDirectory = process.execPath.replace(/\/[^/]+$/, "");
const ourProgram = "/run/bin/keepalived";
const file = "/run/site/keepalived.conf";
const vip = "10.9.0.100";
const patienceMs = 40_000;

const text = `
vrrp_script chk {
  script "/bin/true"
  interval 1
  weight 5
}
vrrp_instance VI_1 {
  state MASTER
  interface eth0
  virtual_router_id 51
  priority 100
  advert_int 1
  authentication {
    auth_type PASS
    auth_pass s3cret
  }
  garp_master_delay 2
  garp_master_refresh 60
  virtual_ipaddress {
    ${vip}/24 label eth0:1
    10.9.0.101
  }
  virtual_ipaddress_excluded {
    10.9.0.102/24
  }
  track_script {
    chk
  }
  track_interface {
    eth1 weight 2
  }
  notify_master "/bin/echo master VI_1"
  notify "/bin/echo any VI_1"
}
vrrp_instance VI_2 {
  state BACKUP
  interface eth0
  virtual_router_id 52
  priority 90
  nopreempt
  virtual_ipaddress {
    10.9.0.110/24
  }
}
`;

const skip =
  process.getuid?.() !== 0
    ? "needs root"
    : existsSync(theirProgram)
      ? false
      : "needs the real keepalived";

describe("the life of a unit that starts keepalived", { skip }, () => {
  let lab: Lab;
  let ours: Host;
  let theirs: Host;

  before(async () => {
    const host = (name: string) => ({
      name,
      interfaces: ["eth0", "eth1"].map((device, i) => ({
        name: device,
        network: `${name}${i}`,
        addresses: [`10.${9 + i}.0.1/24`],
      })),
    });
    lab = await Lab.build({
      networks: ["ours0", "ours1", "theirs0", "theirs1"],
      hosts: [host("ours"), host("theirs")],
    });
    ours = lab.host("ours");
    theirs = lab.host("theirs");
    for (const one of [ours, theirs]) {
      one.writeFile(file, text);
      // Theirs alone, also where the machine's own /tmp is seen by all hosts.
      await one.shell("mkdir -m 1777 /run/tmp");
    }
    await ours.shell(`mkdir -p /run/bin && ln -s ${launcher} ${ourProgram}`);
  });
  after(() => lab?.close());

  function run(host: Host, ...argv: readonly string[]): Promise<CommandResult> {
    const path = `${nodeDirectory}:/usr/sbin:/usr/bin:/sbin:/bin`;
    const program = host === ours ? ourProgram : theirProgram;
    return host.run(["env", `PATH=${path}`, "TMPDIR=/run/tmp", program, ...argv], {
      timeoutMs: patienceMs,
    });
  }

  /** What a file of a host holds; undefined when there is none. */
  async function read(host: Host, path: string): Promise<string | undefined> {
    const { code, stdout } = await host.run(["cat", path]);
    return code === 0 ? stdout : undefined;
  }

  async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
    const look = async (): Promise<true | undefined> => ((await condition()) ? true : undefined);
    assert.ok(await waitFor(look, { timeoutMs: patienceMs, everyMs: 50 }), `never: ${what}`);
  }

  /** Sends a signal to the process of a pid file, and gives the dump that it answers with. */
  async function dump(host: Host, signal: number, name: string): Promise<string> {
    const path = `/run/tmp/${name}`;
    await host.shell(`rm -f ${path}; kill -${signal} $(cat /run/keepalived.pid)`);
    await until(`${path} on ${host.name}`, async () => (await read(host, path)) !== undefined);
    // keepalived 2.2.7 may not have written all of it yet.
    await host.shell("sleep 0.2");
    return (await read(host, path)) ?? "";
  }

  const holds = async (host: Host, address: string = vip): Promise<boolean> =>
    (await host.shell("ip -4 -o address show")).includes(`inet ${address}/`);

  test("a start that cannot work ends with keepalived's status, and says why", async () => {
    for (const argv of [
      ["-f", "/run/none.conf"],
      ["-n", "-f", "/run/none.conf"],
    ]) {
      const mine = await run(ours, ...argv);
      assert.equal(mine.code, (await run(theirs, ...argv)).code);
      assert.equal(mine.code, 6);
      assert.match(mine.stderr, /Config files missing '\/run\/none\.conf'/);
    }
    assert.deepEqual((await run(ours, "-Z")).code, (await run(theirs, "-Z")).code);
    ours.writeFile("/run/site/bad.conf", "vrrp_instance V {\n virtual_router_id 999\n}\n");
    const refused = await run(ours, "-f", "/run/site/bad.conf");
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /not started, nothing was changed: .*bad\.conf:/);
    assert.equal(await read(ours, "/run/keepalived.pid"), undefined);
  });

  test("without --dont-fork it runs in the background, and a pid file leads to it", async () => {
    for (const host of [ours, theirs]) {
      const { code, stdout, stderr } = await run(host, "-f", file);
      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "", stderr: "" });
    }
    for (const host of [ours, theirs])
      await until(`pid files of ${host.name}`, async () =>
        ["keepalived", "vrrp"].every(
          async (name) => (await read(host, `/run/${name}.pid`)) !== undefined,
        ),
      );
    const pid = ((await read(ours, "/run/keepalived.pid")) ?? "").trim();
    assert.equal((await read(ours, `/proc/${pid}/comm`))?.trim(), "keepalived");
    assert.equal((await ours.shell(`stat -c %a /run/keepalived.pid`)).trim(), "644");
    const [, , , , , session] = ((await read(ours, `/proc/${pid}/stat`)) ?? "").split(" ");
    assert.equal(session, pid, "it has a session of its own");
    const names = (await ours.shell("ps -eo comm")).split("\n");
    assert.ok(names.includes("keepalived"), "pgrep -x keepalived finds it");
    await until("VIP", () => holds(ours));
    await until("their VIP", () => holds(theirs));
  });

  test("a second one is not started, with keepalived's status", async () => {
    for (const argv of [
      ["-f", file],
      ["--dont-fork", "-f", file],
    ]) {
      const mine = await run(ours, ...argv);
      assert.equal(mine.code, (await run(theirs, ...argv)).code);
      assert.match(mine.stderr, /daemon is already running/);
    }
    assert.equal(await holds(ours), true);
  });

  test("signals have keepalived's numbers", async () => {
    for (const name of ["STOP", "RELOAD", "DATA", "STATS", "STATS_CLEAR", "JSON"])
      assert.deepEqual(await run(ours, `--signum=${name}`), await run(theirs, `--signum=${name}`));
  });

  test("the dump in JSON has keepalived's names, in its order, with its types", async () => {
    const [mine, real] = await Promise.all(
      [ours, theirs].map(async (host) => JSON.parse(await dump(host, 36, "keepalived.json"))),
    );
    assert.deepEqual(shapeOf(mine), shapeOf(real));
    const [first] = mine as readonly { readonly data: Readonly<Record<string, unknown>> }[];
    const [other] = real as readonly { readonly data: Readonly<Record<string, unknown>> }[];
    // Moments, what is hidden, and what Keelson does at once.
    const differing = new Set(["last_transition", "auth_data", "garp_lower_prio_delay"]);
    // Programs are shown as they are written; keepalived looks up where links lead.
    const written = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value ?? null).replaceAll("/usr/bin/", "/bin/"));
    for (const [name, value] of Object.entries(other?.data ?? {}))
      if (!differing.has(name)) assert.deepEqual(written(first?.data[name]), written(value), name);
    assert.equal(first?.data["auth_data"], "********");
  });

  test("what exporters read of the dump of data is what keepalived writes", async () => {
    const wanted =
      /^( VRRP Instance| {3}(State|Wantstate|Interface|Gratuitous ARP delay|Virtual Router ID|Priority|Effective priority|Virtual IP)\b| {5}\d| VRRP Script| {3}Status)/;
    // Sockets and interfaces are listed by keepalived only.
    const readSections = ["VRRP Topology", "VRRP Scripts"];
    const lines = async (host: Host): Promise<readonly string[]> =>
      (await dump(host, 10, "keepalived.data"))
        .split(/^------< /m)
        .filter((section) => readSections.some((title) => section.startsWith(title)))
        .flatMap((section) => section.split("\n"))
        .filter((line) => wanted.test(line));
    const mine = await lines(ours);
    assert.deepEqual(mine, await lines(theirs));
    assert.ok(mine.includes("   State = MASTER"));
    assert.ok(mine.includes(`     ${vip}/24 dev eth0 scope global label eth0:1 set`));
    assert.doesNotMatch(await dump(ours, 10, "keepalived.data"), /s3cret/);
  });

  test("the dump of counters has keepalived's lines", async () => {
    const names = async (host: Host): Promise<string> =>
      (await dump(host, 12, "keepalived.stats")).replace(/: \d+$/gm, ": N");
    assert.equal(await names(ours), await names(theirs));
    assert.match(
      await dump(ours, 12, "keepalived.stats"),
      /Became master: 1\n {2}Released master: 0/,
    );
    await dump(ours, 63, "keepalived.stats");
    assert.match(await dump(ours, 12, "keepalived.stats"), /Became master: 0/);
  });

  test("dumps are for root only, and replace a link", async () => {
    await ours.shell(
      "echo precious >/run/tmp/target; ln -sf /run/tmp/target /run/tmp/keepalived.stats",
    );
    const pid = "$(cat /run/keepalived.pid)";
    await ours.shell(`kill -12 ${pid}`);
    await until("a file in the place of the link", async () =>
      (await ours.shell("stat -c %F-%a /run/tmp/keepalived.stats")).startsWith("regular file-600"),
    );
    assert.equal(await read(ours, "/run/tmp/target"), "precious\n");
  });

  test("the answer comes as soon as an exporter looks for it, 100 ms after the signal", async () => {
    const asked = `const fs = require("node:fs");
      const path = "/run/tmp/keepalived.json";
      const pid = Number(fs.readFileSync("/run/keepalived.pid", "utf8"));
      let best = Infinity;
      for (let round = 0; round < 15; round++) {
        fs.rmSync(path, { force: true });
        const start = performance.now();
        process.kill(pid, 36);
        while (!fs.existsSync(path) && performance.now() - start < 5000);
        best = Math.min(best, performance.now() - start);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      }
      console.log(best);`;
    const { stdout } = await ours.run([process.execPath, "-e", asked]);
    // The best of many rounds tells the program from the load of the machine.
    assert.ok(Number(stdout) < 100, `${stdout.trim()} ms`);
  });

  test("an exporter that takes the first keepalived of ps gets its answer, whichever that is", async () => {
    const pids = (await ours.shell("ps -axwwo pid,pcpu,pmem,args"))
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , program = ""]) => program.replace(/.*\//, "") === "keepalived")
      .map(([pid]) => pid);
    assert.equal(pids.length, 2);
    for (const pid of pids) {
      await ours.shell(`rm -f /run/tmp/keepalived.json; kill -36 ${pid}`);
      await until(
        "an answer",
        async () => (await read(ours, "/run/tmp/keepalived.json")) !== undefined,
      );
    }
  });

  test("SIGHUP reloads, without an event for addresses that stay", async () => {
    ours.writeFile(file, text.replace("priority 100", "priority 111"));
    await ours.shell("kill -HUP $(cat /run/keepalived.pid)");
    await until("the new priority", async () =>
      (await dump(ours, 10, "keepalived.data")).includes("   Priority = 111"),
    );
    assert.equal(await holds(ours), true);
  });

  test("a VRRP process that dies comes back, and its pid file with it", async () => {
    const before = ((await read(ours, "/run/vrrp.pid")) ?? "").trim();
    assert.match(before, /^\d+$/);
    await ours.shell(`kill -KILL ${before}`);
    await until("another VRRP process", async () => {
      const now = (await read(ours, "/run/vrrp.pid"))?.trim();
      return now !== undefined && now !== before;
    });
    await until("MASTER again", async () =>
      (await dump(ours, 36, "keepalived.json")).includes('"state":2'),
    );
  });

  test("SIGTERM ends it: no process, no address, no pid file", async () => {
    await ours.shell("kill -TERM $(cat /run/keepalived.pid)");
    await until("no pid file", async () => (await read(ours, "/run/keepalived.pid")) === undefined);
    await until(
      "no process",
      async () => !(await ours.shell("ps -eo comm")).split("\n").includes("keepalived"),
    );
    assert.equal(await holds(ours), false);
    assert.deepEqual(
      (await ours.shell("ls /run")).split("\n").filter((name) => name.endsWith(".pid")),
      [],
    );
  });

  test("a stale pid file is no obstacle, and -V leaves the addresses", async () => {
    const other = await ours.start(["sleep", "1000"]);
    const sleeping = (await ours.shell("pgrep -x sleep | head -n 1")).trim();
    ours.writeFile("/run/keepalived.pid", `${sleeping}\n`);
    assert.equal((await run(ours, "-V", "-f", file)).code, 0);
    assert.notEqual((await read(ours, "/run/keepalived.pid"))?.trim(), sleeping);
    await until("VIP", () => holds(ours));
    await ours.shell("kill -TERM $(cat /run/keepalived.pid)");
    await until("no pid file", async () => (await read(ours, "/run/keepalived.pid")) === undefined);
    // Longer than any lease that somebody would have to renew.
    await ours.shell("sleep 6");
    assert.equal(await holds(ours), true);
    await ours.shell("ip address flush dev eth0 label eth0:1; ip address flush dev eth0 secondary");
    await other.killFamily();
  });

  test("-n stays in the foreground, -l shows the log in keepalived's words", async () => {
    const path = `${nodeDirectory}:/usr/sbin:/usr/bin:/sbin:/bin`;
    const running = await ours.start([ourProgram, "-nlDG", "-f", file], {
      environment: { PATH: path },
    });
    await until("MASTER in the log", () =>
      Promise.resolve(/ \d{4}: \(VI_1\) Entering MASTER STATE/.test(running.output)),
    );
    await ours.shell("kill -INT $(cat /run/keepalived.pid)");
    assert.deepEqual(await running.ended, { code: 0, signal: null });
  });

  test("-R ends when a process has died", async () => {
    assert.equal((await run(ours, "-R", "-f", file)).code, 0);
    await until("a VRRP process", async () => (await read(ours, "/run/vrrp.pid")) !== undefined);
    await ours.shell("kill -KILL $(cat /run/vrrp.pid)");
    await until("the end", async () => (await read(ours, "/run/keepalived.pid")) === undefined);
  });

  test("-s runs it in a namespace, with its files where keepalived has them", async () => {
    await ours.shell(`ip netns add blue
      ip -n blue link set lo up
      ip -n blue link add eth0 type veth peer name eth1
      ip -n blue link set eth0 up
      ip -n blue link set eth1 up
      ip -n blue address add 10.9.0.5/24 dev eth0`);
    assert.equal((await run(ours, "-s", "blue", "-f", file)).code, 0);
    const inside = async (): Promise<boolean> =>
      (await ours.shell("ip -n blue -4 -o address show")).includes(`inet ${vip}/`);
    await until("VIP in the namespace", inside);
    assert.equal(await holds(ours), false);
    const pid = ((await read(ours, "/run/keepalived/blue/keepalived.pid")) ?? "").trim();
    assert.match(pid, /^\d+$/);
    await ours.shell(`kill -TERM ${pid}`);
    await until("VIP gone", async () => !(await inside()));
    await until(
      "no process",
      async () => !(await ours.shell("ps -eo comm")).split("\n").includes("keepalived"),
    );
    const foreground = await ours.start([ourProgram, "-nlG", "-s", "blue", "-f", file], {
      environment: { PATH: `${nodeDirectory}:/usr/sbin:/usr/bin:/sbin:/bin` },
    });
    await until("its log", () =>
      Promise.resolve(foreground.output.includes("(VI_1) Entering BACKUP STATE")),
    );
    foreground.signal("SIGTERM");
    assert.equal((await foreground.ended).code, 0);
    const missing = await run(ours, "-n", "-s", "none", "-f", file);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /no network namespace none/);
  });
});

/** Names and types of a value, however deep. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]);
}
