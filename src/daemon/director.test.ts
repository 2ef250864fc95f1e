import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Prng } from "../base/prng.ts";
import { fail, ok } from "../base/result.ts";
import { loadConfiguration } from "../conf/load-configuration.ts";
import { ByHand } from "../linux/by-hand.ts";
import type { DirectorStatus } from "../model/status.ts";
import { describeOperation } from "../plan/describe.ts";
import { TableEngine } from "../simulated/table-engine.ts";
import type { EngineFault } from "../world/engine.ts";
import type { LogEvent } from "../world/log.ts";
import { judgeConfiguration } from "./configuration.ts";
import { Director } from "./director.ts";
import type { DirectorWorld } from "./director-contract.ts";

const twoServers = `
virtual_server 10.0.0.1 80 {
  delay_loop 1
  lb_algo rr
  lb_kind NAT
  protocol TCP
  real_server 10.0.0.7 80 {
    TCP_CHECK { 
      retry 0
    }
  }
  real_server 10.0.0.8 80 {
    TCP_CHECK { 
      retry 0
    }
  }
}
`;

const onIpvs = `global_defs {\n lb_engine ipvs\n}\n${twoServers}`;

/** A world in memory: a file, data planes that keep tables, servers that answer as told. */
class Stage {
  text = twoServers;
  /** Addresses that refuse connections. */
  readonly refusing = new Set<string>();
  readonly log: LogEvent[] = [];
  /** Every engine that was opened, the last one in use. */
  readonly engines: TableEngine[] = [];
  engineFault: EngineFault | undefined;
  /** The kernel's IPVS, where there is one. */
  ipvs: TableEngine | undefined;
  pinned = false;
  /** Called when what forwards without a process is taken out. */
  onRemove: () => void = () => undefined;
  /** Called whenever the file is read. */
  onLoad: () => void = () => undefined;
  /** What the next engine that opens finds in its maps. */
  table = new TableEngine().table;
  readonly world: DirectorWorld;
  #nowMs = 0;
  #alarms = new Map<() => void, number>();

  constructor() {
    const clock = { nowMs: () => this.#nowMs, wallMs: () => 1e12 + this.#nowMs };
    const openAlarm = (onAlarm: () => void) => ({
      set: (atMs: number | undefined) => {
        if (atMs === undefined) this.#alarms.delete(onAlarm);
        else this.#alarms.set(onAlarm, atMs);
      },
      close: () => this.#alarms.delete(onAlarm),
    });
    const open = async () => {
      if (this.engineFault !== undefined) return fail(this.engineFault);
      const engine = new TableEngine("xdp");
      engine.table = this.table;
      this.engines.push(engine);
      this.pinned = true;
      return ok(engine);
    };
    this.world = {
      clock,
      log: { write: (event) => this.log.push(event) },
      health: {
        clock,
        openAlarm,
        prng: new Prng(1),
        md5: () => "",
        probes: {
          tcpConnect: ({ address }, _timeoutMs, onDone) => {
            const refused = { kind: "failed", reason: `connection refused by ${address}` } as const;
            const done = { kind: "succeeded", latencyMs: 1 } as const;
            setImmediate(() => onDone(this.refusing.has(address) ? refused : done));
            return () => undefined;
          },
          tcpDialogue: () => () => undefined,
        },
      },
      scripts: {
        clock,
        openAlarm,
        processes: { run: () => ({ cancel: () => undefined }) },
      },
      tracking: {
        clock,
        openAlarm,
        files: { watch: () => ({ close: () => undefined }), init: () => undefined },
        processes: { watch: () => ({ close: () => undefined }) },
      },
      openWitnessRunner: () => ({ run: () => ({ cancel: () => undefined }) }),
      engines: {
        xdp: open,
        ipvs: async () => {
          if (this.ipvs !== undefined) return ok(this.ipvs);
          return fail({ kind: "unavailable", text: "there is no IPVS here" });
        },
        model: open,
        left: () => (this.pinned ? ["xdp"] : []),
        remove: async () => {
          this.onRemove();
          this.pinned = false;
        },
      },
      byHand: new ByHand(join(mkdtempSync(join(tmpdir(), "by-hand-")), "by-hand.json")),
      notifications: {
        clock,
        log: { write: (event) => this.log.push(event) },
        openAlarm,
        processes: { run: () => ({ cancel: () => undefined }) },
        mailer: { send: async () => ({ ok: true, text: "taken", again: false }) },
        journalPath: join(tmpdir(), "keelson-no-such-directory", "notifications.journal"),
        hostName: "test",
        environment: {},
        openFifo: () => fail("there are no FIFOs here"),
        refusal: () => undefined,
        startTicks: () => undefined,
        endGroup: () => undefined,
      },
      vrrpSocket: join(tmpdir(), "keelson-no-such-directory", "vrrp.sock"),
      vrrpLog: join(tmpdir(), "keelson-no-such-directory", "vrrp.log"),
      configFile: "test.conf",
      pid: 1,
      load: () => {
        this.onLoad();
        return this.judge();
      },
      holdsAddress: () => false,
      changePriority: () => [],
      onNews: () => undefined,
    };
  }

  judge(): ReturnType<DirectorWorld["load"]> {
    const readFile = () => ok(this.text);
    const loaded = loadConfiguration({ path: "test.conf", readFile });
    return judgeConfiguration(loaded, { format: "short", color: false });
  }

  async start(t: TestContext): Promise<Director> {
    const judged = this.judge();
    assert.ok(judged.ok, !judged.ok ? judged.fault.summary : "");
    const started = await Director.start(this.world, judged.value);
    assert.ok(started.ok, !started.ok ? started.fault : "");
    t.after(() => started.value.release());
    return started.value;
  }

  /** Lets time pass until every server has been checked again, and what follows from it. */
  async passTime(): Promise<void> {
    for (let i = 0; i < 40; i++) {
      this.#nowMs += 100;
      for (const [onAlarm, atMs] of [...this.#alarms]) {
        if (atMs > this.#nowMs) continue;
        this.#alarms.delete(onAlarm);
        onAlarm();
      }
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  get engine(): TableEngine {
    const engine = this.engines[this.engines.length - 1];
    assert.ok(engine !== undefined, "an engine was opened");
    return engine;
  }

  /** Operations that the engine has taken since the last call. */
  taken(): string[] {
    return this.engine.taken.splice(0).map(describeOperation);
  }
}

function health(status: DirectorStatus): string[] {
  return status.virtualServers.flatMap((one) => one.realServers.map((server) => server.health));
}

test("a start fills the data plane; a server that fails leaves with its reason and returns", async (t) => {
  const stage = new Stage();
  const director = await stage.start(t);
  assert.equal(stage.taken().length, 3);
  stage.refusing.add("10.0.0.8");
  await stage.passTime();
  assert.deepEqual(stage.taken(), ["remove 10.0.0.8:80 from TCP 10.0.0.1:80"]);
  const status = await director.status();
  assert.deepEqual(health(status), ["up", "down"]);
  assert.match(status.virtualServers[0]?.realServers[1]?.cause.text ?? "", /refused/);
  assert.ok(
    stage.log.some((event) => event.kind === "real-server-down" && /refused/.test(event.text)),
  );
  stage.refusing.clear();
  await stage.passTime();
  assert.equal(stage.taken().length, 1);
  assert.deepEqual(status.repairs, [], "health is no repair");
  await director.stop();
});

test("a reload of an unchanged file does nothing, not even with other blanks and comments", async (t) => {
  const stage = new Stage();
  const director = await stage.start(t);
  stage.taken();
  const attempts = stage.engine.attempts;
  stage.text = `# a comment\n${twoServers.replaceAll("  ", "\t")}`;
  assert.deepEqual(await director.reload(), { ok: true, text: "nothing changed" });
  assert.equal(stage.engine.attempts, attempts);
  assert.equal(stage.engines.length, 1);
  await director.stop();
});

test("a reload of a broken file changes nothing, and the status says why", async (t) => {
  const stage = new Stage();
  const director = await stage.start(t);
  const { attempts } = stage.engine;
  stage.text = twoServers.replace("real_server 10.0.0.8", "real_server 10.0.0.888");
  const outcome = await director.reload();
  assert.equal(outcome.ok, false);
  const status = await director.status();
  assert.equal(status.lastReload?.ok, false);
  assert.match(status.lastReload?.text ?? "", /test\.conf:12:\d+: .*10\.0\.0\.888/);
  assert.equal(stage.engine.attempts, attempts);
  assert.equal(status.virtualServers[0]?.realServers.length, 2);
  await director.stop();
});

test("a reload keeps what is known of servers that stay", async (t) => {
  const stage = new Stage();
  const director = await stage.start(t);
  stage.refusing.add("10.0.0.8");
  await stage.passTime();
  stage.taken();
  stage.text = twoServers.replace("lb_algo rr", "lb_algo wrr");
  const outcome = await director.reload();
  assert.deepEqual(outcome, { ok: true, text: "0 VRRP changes, 1 data plane operation" });
  assert.deepEqual(stage.taken(), ["change service TCP 10.0.0.1:80 wrr"]);
  await director.stop();
});

test("a file that changes while a reload is under way is read again, once", async (t) => {
  const stage = new Stage();
  const director = await stage.start(t);
  stage.taken();
  let loads = 0;
  stage.onLoad = () => {
    loads++;
  };
  stage.text = twoServers.replace("lb_algo rr", "lb_algo wrr");
  const first = director.reload();
  await new Promise((resolve) => setImmediate(resolve));
  stage.text = twoServers.replace("lb_algo rr", "lb_algo wlc");
  const asked = Array.from({ length: 50 }, () => director.reload());
  assert.equal((await first).ok, true);
  await Promise.all(asked);
  assert.equal(loads, 2);
  assert.equal(stage.engine.table.services[0]?.scheduler, "wlc");
  await director.stop();
});

test("a director that ends reads nothing any more", async (t) => {
  const stage = new Stage();
  const director = await stage.start(t);
  const stopping = director.stop();
  stage.text = twoServers.replace("lb_algo rr", "lb_algo wrr");
  assert.deepEqual(await director.reload(), { ok: false, text: "the director is ending" });
  await stopping;
  assert.deepEqual(stage.engine.table.services, []);
});

test("an engine that cannot be opened refuses the reload, and the old one goes on", async (t) => {
  const stage = new Stage();
  const director = await stage.start(t);
  stage.text = onIpvs;
  const refused = await director.reload();
  assert.deepEqual(
    [refused.ok, refused.text],
    [false, "no data plane: lb_engine ipvs: there is no IPVS here"],
  );
  assert.deepEqual([stage.engine.kind, stage.engine.closed], ["xdp", false]);
  await director.stop();
});

test("a reload to another engine fills it, and only then takes out what the old one forwards", async (t) => {
  const stage = new Stage();
  const ipvs = new TableEngine("ipvs");
  stage.ipvs = ipvs;
  const director = await stage.start(t);
  let servicesMeanwhile = -1;
  stage.onRemove = () => {
    servicesMeanwhile = ipvs.table.services.length;
  };
  stage.text = onIpvs;
  assert.equal((await director.reload()).ok, true);
  assert.equal(stage.pinned, false, "xdp forwards no more");
  assert.equal(servicesMeanwhile, 1);
  assert.equal((await director.status()).engine.kind, "ipvs");
  await director.stop();
  assert.equal(ipvs.table.services.length, 0);
});

test("a start whose data plane does not open is refused", async () => {
  const stage = new Stage();
  stage.engineFault = { kind: "unavailable", text: "not permitted" };
  const judged = stage.judge();
  assert.ok(judged.ok);
  const started = await Director.start(stage.world, judged.value);
  assert.match(started.ok ? "" : started.fault, /no data plane: .*not permitted/);
});

test("without virtual servers no data plane is opened; with the last one it is dismantled", async (t) => {
  const stage = new Stage();
  stage.text = "global_defs {\n router_id empty\n}\n";
  const director = await stage.start(t);
  assert.equal(stage.engines.length, 0);
  stage.text = twoServers;
  await director.reload();
  assert.equal(stage.engine.table.services.length, 1);
  stage.text = "global_defs {\n router_id empty\n}\n";
  await director.reload();
  assert.equal(stage.engine.table.services.length, 0);
  assert.equal(stage.engine.closed, true);
  assert.equal(stage.pinned, false);
  assert.equal((await director.status()).engine.kind, "none");
  await director.stop();
});

test("what an earlier director left is emptied even when nothing is configured any more", async (t) => {
  const before = new Stage();
  const earlier = await before.start(t);
  await earlier.release();
  const stage = new Stage();
  stage.pinned = true;
  stage.table = before.engine.table;
  stage.text = "global_defs {\n router_id empty\n}\n";
  const director = await stage.start(t);
  assert.deepEqual(stage.taken(), ["remove service TCP 10.0.0.1:80"]);
  assert.equal(stage.pinned, false);
  await director.stop();
});

test("a stop empties the data plane, a release leaves it, the next start adopts it", async (t) => {
  const first = new Stage();
  first.refusing.add("10.0.0.8");
  const released = await first.start(t);
  await first.passTime();
  await released.release();
  assert.equal(first.engine.table.services[0]?.destinations.length, 1);
  assert.equal(first.pinned, true);

  const second = new Stage();
  second.table = first.engine.table;
  second.refusing.add("10.0.0.8");
  const director = await second.start(t);
  await second.passTime();
  assert.deepEqual(second.taken(), [], "the dead server does not flicker");
  await director.stop();
  assert.deepEqual(second.taken(), ["remove service TCP 10.0.0.1:80"]);
  assert.equal(second.pinned, false);
});
