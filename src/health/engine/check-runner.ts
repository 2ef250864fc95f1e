// One check at work: feeds its machine and performs the machine's deeds.

import type { NamedCheck } from "../../model/check-identity.ts";
import type { HealthCheck } from "../../model/virtual-server.ts";
import type { ProbeOutcome } from "../../world/probe-network.ts";
import { checkConfig } from "../check-config.ts";
import {
  type CheckConfig,
  type CheckEvent,
  type CheckState,
  type CheckVerdict,
  checkWakeAtMs,
  startCheck,
  stepCheck,
} from "../check-machine.ts";
import { openHttpDialogue } from "../http-check.ts";
import type { HealthWorld } from "./health-world.ts";

export interface CheckRunnerListener {
  /** The machine wants the clock at `atMs`. */
  onWake(atMs: number, check: CheckRunner): void;
  onImpossible(name: string, reason: string): void;
}

export class CheckRunner {
  readonly subject: string;
  /** Called when the verdict's word has changed. */
  onVerdict: () => void = () => {};
  readonly #world: HealthWorld;
  readonly #listener: CheckRunnerListener;
  readonly #check: HealthCheck;
  readonly #config: CheckConfig;
  #state: CheckState;
  #cancel: () => void = () => {};
  #probe = 0;

  constructor(world: HealthWorld, named: NamedCheck, listener: CheckRunnerListener) {
    this.subject = named.subject;
    this.#world = world;
    this.#listener = listener;
    this.#check = named.check;
    this.#config = checkConfig(named.check);
    this.#state = startCheck(world.clock.nowMs(), 0);
  }

  get verdict(): CheckVerdict {
    return this.#state.verdict;
  }

  /** The first probe is due after `delayMs`. */
  start(nowMs: number, delayMs: number, verdict: CheckVerdict | undefined): void {
    this.#state = startCheck(nowMs, delayMs, verdict);
    this.#listener.onWake(nowMs + delayMs, this);
  }

  wake(nowMs: number): void {
    this.#step({ kind: "clock-reached" }, nowMs);
  }

  stop(): void {
    this.onVerdict = () => {};
    this.#step({ kind: "stopped" }, this.#world.clock.nowMs());
  }

  #step(event: CheckEvent, nowMs: number): void {
    const before = this.#state;
    const { state, deeds } = stepCheck(this.#config, before, event, nowMs);
    this.#state = state;
    const wakeAtMs = checkWakeAtMs(state);
    if (wakeAtMs !== undefined && wakeAtMs !== checkWakeAtMs(before))
      this.#listener.onWake(wakeAtMs, this);
    for (const deed of deeds) {
      if (deed.kind === "start-probe") this.#startProbe();
      else this.#cancelProbe();
    }
    if (before.verdict.word !== state.verdict.word) this.onVerdict();
  }

  #cancelProbe(): void {
    this.#probe++;
    this.#cancel();
  }

  #startProbe(): void {
    const probe = ++this.#probe;
    const startedAtMs = this.#world.clock.nowMs();
    const check = this.#check;
    if (check.kind === "TCP_CHECK") {
      this.#cancel = this.#world.probes.tcpConnect(
        check.target,
        check.timing.connectTimeoutMs,
        (outcome) => this.#onOutcome(probe, outcome),
      );
      return;
    }
    this.#request(probe, 0, startedAtMs);
  }

  /** The requests of an HTTP check one after the other; the first failure decides. */
  #request(probe: number, index: number, startedAtMs: number): void {
    const check = this.#check;
    if (check.kind !== "HTTP_GET") return;
    const request = check.requests[index];
    if (request === undefined) {
      const latencyMs = this.#world.clock.nowMs() - startedAtMs;
      this.#onOutcome(probe, { kind: "succeeded", latencyMs });
      return;
    }
    this.#cancel = this.#world.probes.tcpDialogue(
      check.target,
      check.timing.connectTimeoutMs,
      openHttpDialogue(request, check.target, this.#world.md5),
      (outcome) => {
        if (probe !== this.#probe) return;
        if (outcome.kind === "succeeded") this.#request(probe, index + 1, startedAtMs);
        else this.#onOutcome(probe, outcome);
      },
    );
  }

  #onOutcome(probe: number, outcome: ProbeOutcome): void {
    if (probe !== this.#probe) return;
    const nowMs = this.#world.clock.nowMs();
    if (outcome.kind === "impossible")
      this.#listener.onImpossible(this.#config.name, outcome.reason);
    this.#step(eventOf(outcome), nowMs);
  }
}

function eventOf(outcome: ProbeOutcome): CheckEvent {
  switch (outcome.kind) {
    case "succeeded":
      return { kind: "probe-succeeded", latencyMs: outcome.latencyMs };
    case "failed":
      return { kind: "probe-failed", reason: outcome.reason };
    case "impossible":
      return { kind: "probe-impossible", reason: outcome.reason };
  }
}
