// Plays a story with real programs in namespaces, and compares what happened with the prediction.

import assert from "node:assert/strict";
import { Lab } from "../../../src/lab/lab.ts";
import { monotonicMs, waitFor } from "../../../src/lab/waiting.ts";
import { Capture, COMPLAINT } from "./capture.ts";
import { type PairConfiguration, predict } from "./prediction.ts";
import { type Router, routerOf } from "./routers.ts";
import { describeStep, type Move, type Outcome, type RouterName, type Step } from "./story.ts";

const NAMES: readonly RouterName[] = ["a", "b"];
/** How much later than predicted something may happen on a busy machine. */
const LATE_MS = 3000;
/** Rounding of timers: to a hundredth of a second in some programs, and of timestamps. */
const EARLY_MS = 15;

/** A pair of programs with what they read. */
export interface PairCase extends PairConfiguration {
  readonly advertIntervalMs: number;
  readonly story: readonly Step[];
  /** True where the hosts need IPv6. */
  readonly ipv6?: boolean;
}

/** Plays the case in a lab of its own and fails with the first difference from the prediction. */
export async function playCase(pair: PairCase): Promise<void> {
  const predicted = predict(pair, pair.story);
  const lab = await buildLab(pair);
  try {
    const stage = await Stage.open(lab, pair);
    const outcomes: Outcome[] = [];
    for (const expected of predicted) outcomes.push(await stage.perform(expected));
    compareStates(outcomes, predicted, () => stage.transcript());
    compareTimes(outcomes, predicted, pair.advertIntervalMs);
    compareSilence(outcomes, predicted);
    await stage.judgeFrames();
  } finally {
    await lab.close();
  }
}

function buildLab(pair: PairCase): Promise<Lab> {
  const off = pair.ipv6 === true ? "0" : "1";
  const settings = {
    "net/ipv6/conf/all/disable_ipv6": off,
    "net/ipv6/conf/default/disable_ipv6": off,
    "net/ipv6/conf/default/accept_dad": "0",
  };
  const hosts = NAMES.map((name, i) => ({
    name,
    interfaces: [{ name: "eth0", network: "lan", addresses: [`10.9.0.${i + 1}/24`] }],
    settings,
  }));
  return Lab.build({ networks: ["lan"], hosts });
}

/** A router cannot send before the kernel has found its link-local address to be its own alone. */
async function linkLocalReady(lab: Lab, name: RouterName): Promise<void> {
  const ready = await waitFor(
    async () => {
      const shown = await lab.host(name).shell("ip -6 addr show dev eth0 scope link");
      return shown.includes("inet6") && !shown.includes("tentative") ? true : undefined;
    },
    { timeoutMs: 10_000, everyMs: 50 },
  );
  assert.ok(ready, `${name} has a link-local address`);
}

class Stage {
  readonly #lab: Lab;
  readonly #pair: PairCase;
  readonly #routers: ReadonlyMap<RouterName, Router>;
  readonly #captures: ReadonlyMap<RouterName, Capture>;
  readonly #priorities: Record<RouterName, number>;

  private constructor(
    lab: Lab,
    pair: PairCase,
    routers: ReadonlyMap<RouterName, Router>,
    captures: ReadonlyMap<RouterName, Capture>,
  ) {
    this.#lab = lab;
    this.#pair = pair;
    this.#routers = routers;
    this.#captures = captures;
    this.#priorities = { ...pair.priorities };
  }

  static async open(lab: Lab, pair: PairCase): Promise<Stage> {
    const routers = new Map<RouterName, Router>();
    const captures = new Map<RouterName, Capture>();
    for (const name of NAMES) {
      if (pair.ipv6 === true) await linkLocalReady(lab, name);
      routers.set(name, routerOf(pair.programs[name], lab.host(name)));
      captures.set(name, await Capture.start(lab.switch, `${name}-eth0`));
    }
    return new Stage(lab, pair, routers, captures);
  }

  /** Everything that the programs have said, for whoever reads a failure. */
  transcript(): string {
    return NAMES.map((name) => `--- ${name}\n${this.#router(name).text.slice(-6000)}`).join("\n");
  }

  /** Performs a step and waits until what is expected of it has happened, and nothing more. */
  async perform(expected: Outcome): Promise<Outcome> {
    const { step } = expected;
    const before = new Map(NAMES.map((name) => [name, this.#router(name).entered.length]));
    const startedMs = Date.now();
    await this.#act(step);
    const moves = (): Move[] =>
      NAMES.flatMap((name) =>
        this.#router(name)
          .entered.slice(before.get(name))
          .map(({ instance, state, atMs }) => ({
            router: name,
            instance,
            state,
            offsetMs: atMs - startedMs,
          })),
      );
    const lastMs = Math.max(0, ...expected.moves.map(({ offsetMs }) => offsetMs));
    const happened = await waitFor(
      () => (moves().length >= expected.moves.length ? true : undefined),
      { timeoutMs: lastMs + 4 * LATE_MS, everyMs: 5 },
    );
    // What must not happen has the time to happen: longer where nothing at all was expected.
    const quietMs =
      expected.moves.length === 0
        ? 5 * this.#pair.advertIntervalMs
        : 2 * this.#pair.advertIntervalMs;
    const until = monotonicMs() + (happened === true ? quietMs : 0);
    await waitFor(() => (monotonicMs() > until ? true : undefined), {
      timeoutMs: quietMs,
      everyMs: 20,
    });
    const adverts = NAMES.flatMap((name) =>
      (this.#captures.get(name)?.adverts() ?? []).map(({ vrid, priority, atMs }) => ({
        router: name,
        vrid,
        priority,
        offsetMs: atMs - startedMs,
      })),
    );
    return { step, moves: moves(), adverts };
  }

  /** Every frame that a Keelson has sent must be flawless in the eyes of tcpdump. */
  async judgeFrames(): Promise<void> {
    for (const name of NAMES) {
      if (this.#pair.programs[name] !== "keelson") continue;
      const printed = (await this.#captures.get(name)?.printed()) ?? "";
      assert.match(printed, /VRRPv[23], Advertisement/);
      const complaints = printed.split("\n").filter((line) => COMPLAINT.test(line));
      assert.deepEqual(complaints, [], "tcpdump has nothing to complain about");
    }
  }

  async #act(step: Step): Promise<void> {
    const port = (name: RouterName): string => `${name}-eth0`;
    const all = (names: readonly RouterName[], state: string): string =>
      names.map((name) => `link set ${port(name)} ${state}`).join("\\n");
    const theSwitch = this.#lab.switch;
    switch (step.kind) {
      case "start":
        for (const name of step.routers) await this.#router(name).start(this.#text(name));
        return;
      case "stop":
        return this.#router(step.router).stop();
      case "kill":
        return this.#router(step.router).kill();
      case "freeze":
        return this.#router(step.router).freeze();
      case "thaw":
        return this.#router(step.router).thaw();
      case "part":
        await theSwitch.shell(`bridge link set dev ${port("a")} state 0`);
        return;
      case "heal":
        await theSwitch.shell(`bridge link set dev ${port("a")} state 3`);
        return;
      case "unplug":
      case "plug": {
        const state = step.kind === "plug" ? "up" : "down";
        await theSwitch.shell(`printf '${all(step.routers, state)}\\n' | ip -batch -`);
        return;
      }
      case "reprioritize":
        this.#priorities[step.router] = step.priority;
        return this.#router(step.router).reload(this.#text(step.router));
    }
  }

  #router(name: RouterName): Router {
    return this.#routers.get(name) ?? assert.fail(name);
  }

  #text(name: RouterName): string {
    return this.#pair.text(name, this.#priorities[name]);
  }
}

/** One line a step: what each instance of each router went through. */
function renderMoves({ step, moves }: Outcome): string {
  const paths = new Map<string, string[]>();
  for (const { router, instance, state } of moves) {
    const key = `${router} ${instance}`;
    paths.set(key, [...(paths.get(key) ?? []), state]);
  }
  const texts = [...paths].map(([key, states]) => `${key} ${states.join(" ")}`).sort();
  return `${describeStep(step)}: ${texts.join(", ")}`;
}

function compareStates(
  outcomes: readonly Outcome[],
  predicted: readonly Outcome[],
  transcript: () => string,
): void {
  const actual = outcomes.map(renderMoves);
  const expected = predicted.map(renderMoves);
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  console.error(transcript());
  assert.deepEqual(actual, expected);
}

/** From which moment a step is timed: a program that starts is given the time that it takes. */
function origin({ step, moves }: Outcome): number {
  if (step.kind !== "start") return 0;
  return moves.find(({ router }) => step.routers.includes(router))?.offsetMs ?? 0;
}

function compareTimes(
  outcomes: readonly Outcome[],
  predicted: readonly Outcome[],
  intervalMs: number,
): void {
  for (const [i, expected] of predicted.entries()) {
    const actual = outcomes[i] ?? assert.fail("an outcome for each step");
    const used = new Set<Move>();
    for (const move of expected.moves) {
      const real = actual.moves.find(
        (one) =>
          !used.has(one) &&
          one.router === move.router &&
          one.instance === move.instance &&
          one.state === move.state,
      );
      if (real === undefined) continue;
      used.add(real);
      const wanted = move.offsetMs - origin(expected);
      const seen = real.offsetMs - origin(actual);
      const what = `${describeStep(expected.step)}: ${move.router} ${move.state}: predicted after ${wanted.toFixed(1)} ms, seen after ${seen.toFixed(1)} ms`;
      // The step comes at another phase of the adverts than in the prediction, and what a program
      // says while it starts is heard late.
      const early = expected.step.kind !== "start" && seen < wanted - intervalMs - EARLY_MS;
      assert.ok(!early && seen < wanted + intervalMs + LATE_MS, what);
    }
  }
}

/** From the last advert of a MASTER that is gone to the first one of its successor. */
function silenceMs({ step, moves, adverts }: Outcome): number | undefined {
  if (step.kind !== "stop" && step.kind !== "kill" && step.kind !== "freeze") return undefined;
  const successor = moves.find(({ router, state }) => router !== step.router && state === "MASTER");
  if (successor === undefined) return undefined;
  const first = adverts.find(
    ({ router, priority, offsetMs }) => router === successor.router && priority > 0 && offsetMs > 0,
  );
  if (first === undefined) return undefined;
  const last = adverts.findLast(
    ({ router, vrid, offsetMs }) =>
      router === step.router && vrid === first.vrid && offsetMs < first.offsetMs,
  );
  return last === undefined ? undefined : first.offsetMs - last.offsetMs;
}

/** Timers are judged on the wire, by the timestamps of the kernel: none may run out early. */
function compareSilence(outcomes: readonly Outcome[], predicted: readonly Outcome[]): void {
  for (const [i, expected] of predicted.entries()) {
    const wanted = silenceMs(expected);
    if (wanted === undefined) continue;
    const seen = silenceMs(outcomes[i] ?? assert.fail("an outcome for each step"));
    const what = `${describeStep(expected.step)}: silence of ${wanted.toFixed(1)} ms predicted, ${seen?.toFixed(1)} ms seen`;
    assert.ok(seen !== undefined && seen > wanted - EARLY_MS && seen < wanted + LATE_MS, what);
  }
}
