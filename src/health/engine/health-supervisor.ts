// Drives all checks of a model: one machine a check, one alarm for all of them. It performs what
// the machines ask for and reports what changed; what follows from a change is decided elsewhere.

import { checkIdentities } from "../../model/check-identity.ts";
import type { HealthView, RealServerHealth, VirtualServerHealth } from "../../model/health.ts";
import { virtualServerIdentity } from "../../model/health.ts";
import type { Model } from "../../model/model.ts";
import { checkedServers } from "../../model/server-group.ts";
import type { Cause } from "../../model/status.ts";
import type { VirtualServer, VirtualServerKey } from "../../model/virtual-server.ts";
import type { Alarm } from "../../world/vrrp-network.ts";
import { decideQuorum } from "../quorum.ts";
import { CheckRunner } from "./check-runner.ts";
import type { HealthWorld } from "./health-world.ts";
import { RealServerRunner } from "./real-server-runner.ts";
import { WakeQueue } from "./wake-queue.ts";

/** Something that may change the desired table. */
export type HealthChange =
  | {
      readonly kind: "real-server";
      readonly key: VirtualServerKey;
      /** By `realServerIdentity`. */
      readonly realServer: string;
      readonly from: RealServerHealth["health"];
      readonly to: RealServerHealth["health"];
      readonly cause: Cause;
    }
  | {
      readonly kind: "quorum";
      readonly key: VirtualServerKey;
      readonly up: boolean;
      readonly cause: Cause;
    };

/** Where the supervisor's news go. */
export interface HealthListener {
  /** Called after each change, never from within `configure`. */
  onChange(change: HealthChange): void;
  /** A probe that this machine could not make; the server's health stays as it was. */
  onProbeImpossible(check: string, reason: string): void;
}

interface VirtualServerRunner {
  readonly wish: VirtualServer;
  readonly servers: readonly RealServerRunner[];
  quorumUp: boolean;
}

export class HealthSupervisor {
  readonly #world: HealthWorld;
  readonly #listener: HealthListener;
  readonly #alarm: Alarm;
  readonly #queue = new WakeQueue<CheckRunner>();
  /** What the alarm is set to, so that it is not set again for nothing. */
  #alarmAtMs: number | undefined;
  #virtualServers: ReadonlyMap<string, VirtualServerRunner> = new Map();
  #checks: ReadonlyMap<string, CheckRunner> = new Map();

  constructor(world: HealthWorld, listener: HealthListener) {
    this.#world = world;
    this.#listener = listener;
    this.#alarm = world.openAlarm(() => this.#onAlarm());
  }

  /**
   * Takes over a model. Checks that are in it as before go on undisturbed. A check whose settings
   * changed keeps what it knew and is probed at once, so that a reload revives no dead server.
   */
  configure(model: Model): void {
    const { clock } = this.#world;
    const oldChecks = this.#checks;
    const newChecks = new Map<string, CheckRunner>();
    const oldBySubject = new Map([...oldChecks.values()].map((check) => [check.subject, check]));
    const virtualServers = new Map<string, VirtualServerRunner>();
    for (const wish of checkedServers(model)) {
      const identity = virtualServerIdentity(wish.key);
      const old = this.#virtualServers.get(identity);
      const servers = wish.realServers.map((server) => {
        const runner = new RealServerRunner(server, wish, old?.servers);
        for (const named of checkIdentities(identity, server)) {
          const check =
            oldChecks.get(named.identity) ?? this.#newCheck(named, oldBySubject.get(named.subject));
          newChecks.set(named.identity, check);
          check.onVerdict = () => this.#onVerdict(identity, runner);
          runner.checks.push(check);
        }
        runner.refresh(clock.wallMs());
        return runner;
      });
      const quorumUp = decideQuorum({
        virtualServer: wish,
        alive: servers.map((server) => server.health.alive),
        wasUp: old?.quorumUp,
      });
      virtualServers.set(identity, { wish, servers, quorumUp });
    }
    for (const [identity, check] of oldChecks) if (!newChecks.has(identity)) check.stop();
    this.#checks = newChecks;
    this.#virtualServers = virtualServers;
    this.#setAlarm();
  }

  /** What is known at this moment. */
  view(): HealthView {
    const view = new Map<string, VirtualServerHealth>();
    for (const [identity, { servers, quorumUp }] of this.#virtualServers) {
      const realServers = new Map(servers.map((server) => [server.identity, server.health]));
      view.set(identity, { quorumUp, realServers });
    }
    return view;
  }

  /** Ends every check; running probes are reset. */
  stop(): void {
    for (const check of this.#checks.values()) check.stop();
    this.#alarm.close();
  }

  #newCheck(named: ReturnType<typeof checkIdentities>[number], old: CheckRunner | undefined) {
    const { prng, clock } = this.#world;
    const warmupMs = old === undefined ? prng.next() * named.check.timing.warmupMs : 0;
    const runner = new CheckRunner(this.#world, named, {
      onWake: (atMs, check) => {
        this.#queue.push(atMs, check);
        this.#setAlarm();
      },
      onImpossible: (name, reason) => this.#listener.onProbeImpossible(name, reason),
    });
    runner.start(clock.nowMs(), warmupMs, old?.verdict);
    return runner;
  }

  #onAlarm(): void {
    this.#alarmAtMs = undefined;
    const nowMs = this.#world.clock.nowMs();
    while (true) {
      const check = this.#queue.takeDue(nowMs);
      if (check === undefined) break;
      check.wake(nowMs);
    }
    this.#setAlarm();
  }

  #setAlarm(): void {
    const atMs = this.#queue.firstAtMs;
    if (atMs === this.#alarmAtMs) return;
    this.#alarmAtMs = atMs;
    this.#alarm.set(atMs);
  }

  #onVerdict(identity: string, runner: RealServerRunner): void {
    const virtualServer = this.#virtualServers.get(identity);
    if (virtualServer === undefined) return;
    const before = runner.health;
    runner.refresh(this.#world.clock.wallMs());
    const after = runner.health;
    if (before.health === after.health && before.alive === after.alive) return;
    const { key } = virtualServer.wish;
    const quorumUp = decideQuorum({
      virtualServer: virtualServer.wish,
      alive: virtualServer.servers.map((server) => server.health.alive),
      wasUp: virtualServer.quorumUp,
    });
    const quorumChanged = quorumUp !== virtualServer.quorumUp;
    virtualServer.quorumUp = quorumUp;
    this.#listener.onChange({
      kind: "real-server",
      key,
      realServer: runner.identity,
      from: before.health,
      to: after.health,
      cause: after.cause,
    });
    if (!quorumChanged) return;
    const word = after.alive ? "came back" : "failed";
    const cause = {
      kind: quorumUp ? "quorum-gained" : "quorum-lost",
      text: `${runner.identity} ${word}: ${after.cause.text}`,
    };
    this.#listener.onChange({ kind: "quorum", key, up: quorumUp, cause });
  }
}
