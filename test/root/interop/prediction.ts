// What the pure machine says of a story: the engine of the daemon runs it in the simulator, on the
// configuration files that the real programs get.

import assert from "node:assert/strict";
import type { IpAddress } from "../../../src/base/address.ts";
import { fail, ok } from "../../../src/base/result.ts";
import { loadConfiguration } from "../../../src/conf/load-configuration.ts";
import type { VrrpWish } from "../../../src/model/vrrp-wish.ts";
import { vrrpWish } from "../../../src/plan/vrrp-wish.ts";
import { Segment } from "../../../src/simulated/segment.ts";
import { SimulatedHost } from "../../../src/simulated/simulated-host.ts";
import { VirtualTime } from "../../../src/simulated/virtual-time.ts";
import { VrrpEngine } from "../../../src/vrrp/engine/engine.ts";
import type { EngineOutput } from "../../../src/vrrp/engine/output.ts";
import { readAdvert } from "./capture.ts";
import type { Heard, Move, Outcome, ProgramName, RouterName, Step } from "./story.ts";

/** A pair of configurations. */
export interface PairConfiguration {
  readonly priorities: Readonly<Record<RouterName, number>>;
  readonly programs: Readonly<Record<RouterName, ProgramName>>;
  /** Time in which everything that one step can cause has happened. */
  readonly settleMs: number;
  /** The file of a router at a priority. */
  text(router: RouterName, priority: number): string;
  /** The same without what the simulator has not and the election does not see. */
  predictedText?(router: RouterName, priority: number): string;
}

/** The wish in a configuration; fails when the file is refused. */
export function readWish(text: string): VrrpWish {
  const path = "keepalived.conf";
  const missing = { kind: "missing" };
  const { model, diagnostics } = loadConfiguration({
    path,
    readFile: (name) => (name === path ? ok(text) : fail(missing)),
    listFiles: () => [],
    environment: () => undefined,
  });
  const refused = diagnostics.map(({ message }) => message).join("; ");
  return vrrpWish(model ?? assert.fail(`refused: ${refused}`));
}

class PredictedRouter {
  readonly name: RouterName;
  readonly host: SimulatedHost;
  #engine: VrrpEngine | undefined;
  readonly #onMove: (instance: string, state: Move["state"]) => void;
  readonly #last = new Map<string, string>();

  constructor(
    name: RouterName,
    host: SimulatedHost,
    onMove: (instance: string, state: Move["state"]) => void,
  ) {
    this.name = name;
    this.host = host;
    this.#onMove = onMove;
  }

  start(text: string): void {
    this.crash();
    this.#engine = new VrrpEngine(this.host.world((output) => this.#hear(output)));
    this.configure(text);
  }

  configure(text: string): void {
    this.#engine?.configure(readWish(text));
  }

  stop(): void {
    this.#engine?.stop();
    this.#last.clear();
  }

  crash(): void {
    this.host.crash();
    this.#engine = undefined;
    this.#last.clear();
  }

  #hear(output: EngineOutput): void {
    if (output.kind !== "transition" || output.to === "INIT") return;
    if (this.#last.get(output.instance) === output.to) return;
    this.#last.set(output.instance, output.to);
    this.#onMove(output.instance, output.to);
  }
}

/** Plays the story in virtual time. */
export function predict(configuration: PairConfiguration, story: readonly Step[]): Outcome[] {
  const time = new VirtualTime();
  const segment = new Segment(time, 1);
  let moves: Move[] = [];
  const heard: (Heard & { readonly atMs: number })[] = [];
  let startedMs = 0;
  const routers = new Map<RouterName, PredictedRouter>();
  for (const [i, name] of (["a", "b"] as const).entries()) {
    const addresses = [
      { address: `10.9.0.${i + 1}` as IpAddress, prefixLength: 24 },
      { address: `fe80::${i + 1}` as IpAddress, prefixLength: 64 },
    ];
    const host = new SimulatedHost(time, {
      name,
      number: i + 1,
      interfaces: [{ name: "eth0", segment, addresses }],
      alarmFirst: false,
      // Only Keelsons hand over without the skew and ask each other whether they live.
      speaksWithPeers: configuration.programs[name] === "keelson",
    });
    host.onSend = (_ifindex, packet) => {
      const advert = readAdvert(packet);
      if (advert !== undefined)
        heard.push({ router: name, ...advert, offsetMs: 0, atMs: time.nowMs });
    };
    const onMove = (instance: string, state: Move["state"]): void => {
      moves.push({ router: name, instance, state, offsetMs: time.nowMs - startedMs });
    };
    routers.set(name, new PredictedRouter(name, host, onMove));
  }
  const router = (name: RouterName): PredictedRouter => routers.get(name) ?? assert.fail(name);
  const priorities = { ...configuration.priorities };
  return story.map((step) => {
    moves = [];
    startedMs = time.nowMs;
    if (step.kind === "reprioritize") priorities[step.router] = step.priority;
    perform(step, { router, segment, configuration, priorities });
    time.run(startedMs + configuration.settleMs);
    const adverts = heard.map((one) => ({ ...one, offsetMs: one.atMs - startedMs }));
    return { step, moves, adverts };
  });
}

interface Stage {
  readonly segment: Segment;
  readonly configuration: PairConfiguration;
  readonly priorities: Readonly<Record<RouterName, number>>;
  router(name: RouterName): PredictedRouter;
}

function perform(step: Step, stage: Stage): void {
  const { router, segment, configuration, priorities } = stage;
  const text = (name: RouterName): string =>
    configuration.predictedText?.(name, priorities[name]) ??
    configuration.text(name, priorities[name]);
  switch (step.kind) {
    case "start":
      for (const name of step.routers) router(name).start(text(name));
      return;
    case "stop":
      router(step.router).stop();
      return;
    case "kill":
      router(step.router).crash();
      return;
    case "freeze":
      router(step.router).host.pause(Number.MAX_SAFE_INTEGER);
      return;
    case "thaw":
      router(step.router).host.wakeUp();
      return;
    case "part":
      segment.cut("a", "b");
      segment.cut("b", "a");
      return;
    case "heal":
      segment.heal();
      return;
    case "unplug":
    case "plug":
      for (const name of step.routers) router(name).host.setCarrier(step.kind === "plug");
      return;
    case "reprioritize":
      router(step.router).configure(text(step.router));
      return;
  }
}
