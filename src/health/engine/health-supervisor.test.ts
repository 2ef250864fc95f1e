import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../base/address.ts";
import { Prng } from "../../base/prng.ts";
import type { RealServerHealth } from "../../model/health.ts";
import type { Model } from "../../model/model.ts";
import type {
  CheckTiming,
  HealthCheck,
  RealServer,
  VirtualServer,
} from "../../model/virtual-server.ts";
import { endpointName } from "../../model/virtual-server.ts";
import type { ProbeNetwork, ProbeOutcome } from "../../world/probe-network.ts";
import { type HealthChange, HealthSupervisor } from "./health-supervisor.ts";

/** Virtual time and a network whose servers answer, refuse, or stay silent as told. */
class World {
  atMs = 0;
  alarmAtMs: number | undefined;
  alarmClosed = false;
  readonly answers = new Map<string, ProbeOutcome | "silent">();
  readonly probed: string[] = [];
  readonly changes: string[] = [];
  readonly impossible: string[] = [];
  running = 0;
  readonly supervisor: HealthSupervisor;
  #onAlarm = (): void => {};
  #pending: { readonly atMs: number; readonly run: () => void }[] = [];

  constructor() {
    const connect: ProbeNetwork["tcpConnect"] = (target, _timeoutMs, onDone) => {
      const name = endpointName(target.address, target.port);
      this.probed.push(`${this.atMs} ${name}`);
      this.running++;
      let open = true;
      const close = (): boolean => {
        if (!open) return false;
        open = false;
        this.running--;
        return true;
      };
      const answer = this.answers.get(name) ?? { kind: "succeeded", latencyMs: 1 };
      if (answer !== "silent")
        this.#pending.push({ atMs: this.atMs + 1, run: () => close() && onDone(answer) });
      return close;
    };
    const probes: ProbeNetwork = {
      tcpConnect: connect,
      tcpDialogue: (target, timeoutMs, _dialogue, onDone) => connect(target, timeoutMs, onDone),
    };
    this.supervisor = new HealthSupervisor(
      {
        clock: { nowMs: () => this.atMs, wallMs: () => 1_000_000 + this.atMs },
        probes,
        prng: new Prng(7),
        md5: () => "",
        openAlarm: (onAlarm) => {
          this.#onAlarm = onAlarm;
          return {
            set: (atMs) => {
              this.alarmAtMs = atMs;
            },
            close: () => {
              this.alarmClosed = true;
              this.alarmAtMs = undefined;
            },
          };
        },
      },
      {
        onChange: (change) => this.changes.push(describe(change)),
        onProbeImpossible: (check, reason) => this.impossible.push(`${check}: ${reason}`),
      },
    );
  }

  /** Lets time pass, in the order in which things fall due. */
  runUntil(endMs: number): void {
    while (true) {
      const [first] = this.#pending.sort((a, b) => a.atMs - b.atMs);
      const alarmAtMs = this.alarmAtMs ?? Number.POSITIVE_INFINITY;
      const nextMs = Math.min(first?.atMs ?? Number.POSITIVE_INFINITY, alarmAtMs);
      if (nextMs > endMs) break;
      this.atMs = Math.max(this.atMs, nextMs);
      if (first !== undefined && first.atMs <= alarmAtMs) {
        this.#pending.shift();
        first.run();
      } else {
        this.alarmAtMs = undefined;
        this.#onAlarm();
      }
    }
    this.atMs = endMs;
  }

  health(server: string): RealServerHealth | undefined {
    return this.supervisor.view().get("TCP 10.0.0.1:80")?.realServers.get(server);
  }

  quorumUp(): boolean | undefined {
    return this.supervisor.view().get("TCP 10.0.0.1:80")?.quorumUp;
  }
}

function describe(change: HealthChange): string {
  if (change.kind === "quorum") return `quorum ${change.up ? "up" : "down"}: ${change.cause.text}`;
  return `${change.realServer} ${change.from} -> ${change.to}: ${change.cause.text}`;
}

const timing: CheckTiming = {
  delayLoopMs: 1000,
  connectTimeoutMs: 500,
  retries: 1,
  delayBeforeRetryMs: 200,
  warmupMs: 0,
};

function tcp(last: number, more: Partial<CheckTiming> = {}): HealthCheck {
  const target = { address: `192.168.0.${last}` as IpAddress, port: 80 };
  return { kind: "TCP_CHECK", timing: { ...timing, ...more }, target };
}

function real(last: number, checks: readonly HealthCheck[] = [tcp(last)]): RealServer {
  return {
    address: `192.168.0.${last}` as IpAddress,
    port: 80,
    weight: 1,
    forwarding: "DR",
    inhibitOnFailure: false,
    upperThreshold: 0,
    lowerThreshold: 0,
    checks,
  };
}

function model(realServers: readonly RealServer[], more: Partial<VirtualServer> = {}): Model {
  const virtualServer: VirtualServer = {
    key: { kind: "address", address: "10.0.0.1" as IpAddress, port: 80, protocol: "TCP" },
    scheduler: "rr",
    persistenceTimeoutS: 0,
    persistencePrefixLength: 32,
    onePacket: false,
    alpha: false,
    omega: false,
    quorum: 1,
    hysteresis: 0,
    realServers,
    ...more,
  };
  return {
    global: { engine: "model", attach: "auto", connectionsMax: 1024 },
    vrrpInstances: [],
    vrrpScripts: [],
    virtualServers: [virtualServer],
  };
}

const refused: ProbeOutcome = {
  kind: "failed",
  reason: "connection refused by 192.168.0.7:80",
};

test("a server that fails and returns is reported with its causes, the quorum too", () => {
  const world = new World();
  world.supervisor.configure(model([real(7)]));
  assert.equal(world.health("192.168.0.7:80")?.health, "unknown");
  assert.equal(world.health("192.168.0.7:80")?.alive, true);
  world.runUntil(500);
  world.answers.set("192.168.0.7:80", refused);
  world.runUntil(1500);
  assert.equal(world.health("192.168.0.7:80")?.alive, false);
  assert.equal(world.health("192.168.0.7:80")?.sinceMs, 1_001_203);
  assert.equal(world.quorumUp(), false);
  world.answers.delete("192.168.0.7:80");
  world.runUntil(3000);
  assert.deepEqual(world.changes, [
    "192.168.0.7:80 unknown -> up: TCP_CHECK of 192.168.0.7:80 succeeded",
    "192.168.0.7:80 up -> down: connection refused by 192.168.0.7:80, 2 attempts",
    "quorum down: 192.168.0.7:80 failed: connection refused by 192.168.0.7:80, 2 attempts",
    "192.168.0.7:80 down -> up: TCP_CHECK of 192.168.0.7:80 succeeded",
    "quorum up: 192.168.0.7:80 came back: TCP_CHECK of 192.168.0.7:80 succeeded",
  ]);
});

test("with alpha nobody is alive before the first success", () => {
  const world = new World();
  world.supervisor.configure(model([real(7)], { alpha: true }));
  assert.equal(world.health("192.168.0.7:80")?.alive, false);
  assert.equal(world.quorumUp(), false);
  world.runUntil(10);
  assert.equal(world.health("192.168.0.7:80")?.alive, true);
  assert.equal(world.quorumUp(), true);
});

test("a server is up only if all its checks are, and unchecked without any", () => {
  const world = new World();
  world.supervisor.configure(model([real(7, [tcp(7), tcp(8)]), real(9, [])]));
  world.answers.set("192.168.0.8:80", refused);
  world.runUntil(900);
  assert.equal(world.health("192.168.0.7:80")?.health, "down");
  assert.equal(world.health("192.168.0.9:80")?.health, "unchecked");
  assert.equal(world.health("192.168.0.9:80")?.alive, true);
});

test("the warm-up spreads the first checks", () => {
  const world = new World();
  const servers = Array.from({ length: 50 }, (_, i) =>
    real(i + 1, [tcp(i + 1, { warmupMs: 10_000 })]),
  );
  world.supervisor.configure(model(servers));
  world.runUntil(10_000);
  const first = new Map(
    world.probed.reverse().map((line) => {
      const [atMs = "", name = ""] = line.split(" ");
      return [name, Number(atMs)];
    }),
  );
  assert.equal(first.size, 50);
  for (const quarter of [0, 1, 2, 3]) {
    const count = [...first.values()].filter((atMs) => Math.floor(atMs / 2500) === quarter).length;
    assert.ok(count > 4, `${count} of 50 in quarter ${quarter}`);
  }
});

test("a reload leaves unchanged checks alone, even while they probe", () => {
  const world = new World();
  const wish = model([real(7), real(8)]);
  world.supervisor.configure(wish);
  world.answers.set("192.168.0.7:80", "silent");
  world.runUntil(100);
  const before = {
    probed: [...world.probed],
    view: world.supervisor.view(),
    running: world.running,
  };
  world.supervisor.configure(structuredClone(wish));
  assert.deepEqual(world.supervisor.view(), before.view);
  assert.equal(world.running, before.running);
  assert.deepEqual(world.probed, before.probed);
  world.runUntil(2000);
  assert.deepEqual(
    world.probed.filter((line) => line.endsWith("8:80")),
    ["0 192.168.0.8:80", "1001 192.168.0.8:80"],
  );
});

test("a check whose settings change keeps what it knew, so that a reload revives nobody", () => {
  const world = new World();
  world.supervisor.configure(model([real(7)]));
  world.answers.set("192.168.0.7:80", refused);
  world.runUntil(900);
  assert.equal(world.health("192.168.0.7:80")?.health, "down");
  const since = world.health("192.168.0.7:80")?.sinceMs;
  world.supervisor.configure(model([real(7, [tcp(7, { delayLoopMs: 5000 })])]));
  assert.equal(world.health("192.168.0.7:80")?.health, "down");
  assert.equal(world.health("192.168.0.7:80")?.sinceMs, since);
  world.answers.delete("192.168.0.7:80");
  world.runUntil(910);
  assert.equal(world.health("192.168.0.7:80")?.health, "up");
});

test("servers that leave the configuration are probed no more", () => {
  const world = new World();
  world.answers.set("192.168.0.7:80", "silent");
  world.supervisor.configure(model([real(7), real(8)]));
  world.runUntil(10);
  assert.equal(world.running, 1);
  world.supervisor.configure(model([real(8)]));
  assert.equal(world.running, 0);
  world.runUntil(5000);
  assert.deepEqual(
    world.probed.filter((line) => line.endsWith("7:80")),
    ["0 192.168.0.7:80"],
  );
  assert.equal(world.health("192.168.0.7:80"), undefined);
});

test("a probe that never answers does not freeze its check", () => {
  const world = new World();
  world.supervisor.configure(model([real(7)]));
  world.answers.set("192.168.0.7:80", "silent");
  world.runUntil(60_000);
  assert.equal(world.health("192.168.0.7:80")?.health, "down");
  world.answers.delete("192.168.0.7:80");
  world.runUntil(120_000);
  assert.equal(world.health("192.168.0.7:80")?.health, "up");
  assert.ok(world.running <= 1);
});

test("a fault of this machine takes no server out, and is told", () => {
  const world = new World();
  world.supervisor.configure(model([real(7)]));
  world.runUntil(10);
  world.answers.set("192.168.0.7:80", { kind: "impossible", reason: "too many open files" });
  world.runUntil(30_000);
  assert.equal(world.health("192.168.0.7:80")?.health, "up");
  assert.equal(world.impossible[0], "TCP_CHECK of 192.168.0.7:80: too many open files");
});

test("thousands of checks share one alarm and keep their pace", () => {
  const world = new World();
  const servers = Array.from({ length: 4000 }, (_, i) => {
    const address = `10.${1 + (i >> 8)}.${i & 255}.1` as IpAddress;
    const check: HealthCheck = {
      kind: "TCP_CHECK",
      timing: { ...timing, delayLoopMs: 10_000, warmupMs: 10_000 },
      target: { address, port: 80 },
    };
    return { ...real(1, [check]), address };
  });
  world.supervisor.configure(model(servers));
  world.runUntil(40_000);
  const perServer = world.probed.length / servers.length;
  assert.ok(perServer > 3 && perServer < 4.1, `${perServer} probes a server in 40 s`);
});

test("stop resets what is running and closes the alarm", () => {
  const world = new World();
  world.answers.set("192.168.0.7:80", "silent");
  world.supervisor.configure(model([real(7)]));
  world.runUntil(10);
  world.supervisor.stop();
  assert.equal(world.running, 0);
  assert.ok(world.alarmClosed);
});
