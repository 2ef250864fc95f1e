// Plays faults one after another and writes down what each of them cost and what was wrong after it.

import { Prng } from "../../../src/base/prng.ts";
import { monotonicMs, waitFor } from "../../../src/lab/waiting.ts";
import { type Fault, faults, type Prices, type Scene } from "./faults.ts";
import type { ProbeAnswer } from "./protocol.ts";
import type { Figures, Router } from "./router.ts";
import {
  crashes,
  isMaster,
  leftOver,
  standingAlarms,
  toldTwice,
  unrest,
  wronglyNotified,
} from "./settled.ts";
import { Stage } from "./stage.ts";

export interface StoryOptions {
  readonly seed: number;
  /** No fault begins later than this. */
  readonly forMs: number;
  readonly advertIntervalS: number;
  /** What a busy machine may add to each price, milliseconds. */
  readonly slackMs: number;
  /** How likely a fault is followed by two at the same time, 0 to 1. */
  readonly pairs: number;
  /** Which faults; all when absent. */
  readonly only?: RegExp;
  readonly onChapter?: (chapter: Chapter) => void;
}

/** One fault, played. */
export interface Chapter {
  readonly fault: string;
  /** On which router and interface, and how long. */
  readonly on: string;
  /** Infinite where two faults leave nobody who could answer. */
  readonly priceMs: number;
  /** The worst of all addresses. */
  readonly outageMs: number;
  readonly bothMs: number;
  /** Nobody can prevent that both answer. */
  readonly dividesThem: boolean;
  /** From the end of the fault until both were at rest. */
  readonly settledMs: number;
  /** What is not the routers' fault: a late prober, and others that held the kernel's lock of network configuration. */
  readonly lateMs: number;
  /** What the routers logged. */
  readonly said: readonly string[];
  readonly complaints: readonly string[];
}

export interface Story {
  readonly seed: number;
  readonly chapters: readonly Chapter[];
  /** Alarms that did not end. */
  readonly endless: readonly string[];
  /** Of each router: after the first rest and at the end. */
  readonly figures: readonly {
    readonly router: string;
    readonly first: Figures;
    readonly last: Figures;
  }[];
}

const settleWithinMs = 40_000;
/** Both routers have to be at rest for this long. */
const restMs = 1000;
/** Handing over, both routers answer for a moment. */
const handoverMs = 100;
/** An answer that is younger may be on its way. */
const answerMs = 150;
/** A packet that was on its way. */
const momentMs = 30;

/** Waits until the pair is at rest and clients are answered; returns what kept it from that. */
async function settle(stage: Stage, fromMs: number): Promise<readonly string[]> {
  let sinceMs: number | undefined;
  let last: readonly string[] = [];
  const look = async (): Promise<true | undefined> => {
    last = [...(await unrest(stage)), ...(await unanswered(stage, fromMs))];
    if (last.length > 0) sinceMs = undefined;
    else sinceMs ??= monotonicMs();
    return sinceMs !== undefined && monotonicMs() - sinceMs >= restMs ? true : undefined;
  };
  const rested = await waitFor(look, { timeoutMs: settleWithinMs, everyMs: 200 });
  return rested === true ? [] : last.map((text) => `never at rest: ${text}`);
}

async function unanswered(stage: Stage, fromMs: number): Promise<readonly string[]> {
  const { clients } = await stage.seen({ fromMs, toMs: monotonicMs() - answerMs });
  return clients
    .filter(({ silentMs }) => silentMs > answerMs)
    .map(({ name, silentMs }) => `${name} has been unanswered for ${silentMs.toFixed(0)} ms`);
}

async function masterOf(stage: Stage): Promise<readonly [Router, Router]> {
  const [a, b] = stage.routers;
  return isMaster(await b.status()) ? [b, a] : [a, b];
}

/** The order in which faults come: each once, in a new order every round. */
function* shuffled(random: Prng, kinds: readonly Fault[]): Generator<Fault> {
  for (;;) {
    const left = [...kinds];
    while (left.length > 0) {
      const [fault] = left.splice(random.integer(0, left.length - 1), 1);
      if (fault !== undefined) yield fault;
    }
  }
}

function pricesOf(advertIntervalS: number): Prices {
  const advertMs = advertIntervalS * 1000;
  return { none: 0, handover: 0, down: 4 * advertMs };
}

/** Faults that are played at the same time, each with its scene. */
type Act = readonly { readonly fault: Fault; readonly scene: Scene }[];

function costs(act: Act, seen: ProbeAnswer, options: StoryOptions): readonly string[] {
  const found: string[] = [];
  const limitMs = priceOf(act, options) + options.slackMs + seen.lateMs;
  for (const { name, outageMs } of seen.clients)
    if (outageMs > limitMs)
      found.push(`${name} unanswered for ${outageMs.toFixed(0)} ms, not ${limitMs.toFixed(0)}`);
  const handsOver = act.some(({ fault }) => fault.price === "handover");
  const ownMs = Math.max(momentMs, options.slackMs / 10) + seen.lateMs;
  const bothLimitMs = ownMs + (handsOver ? handoverMs : 0);
  const dividesThem = act.some(({ fault }) => fault.dividesThem === true);
  if (!dividesThem && seen.bothMs > bothLimitMs)
    found.push(`both routers answered for ${seen.bothMs.toFixed(0)} ms`);
  return found;
}

/** Two faults together may leave nobody who could answer. */
function priceOf(act: Act, { advertIntervalS }: StoryOptions): number {
  const [only, ...more] = act;
  if (only === undefined || more.length > 0) return Number.POSITIVE_INFINITY;
  return pricesOf(advertIntervalS)[only.fault.price];
}

async function untilOver(lastsMs: number): Promise<void> {
  const untilMs = monotonicMs() + lastsMs;
  await waitFor(() => (monotonicMs() >= untilMs ? true : undefined), {
    timeoutMs: lastsMs + 1000,
    everyMs: 10,
  });
}

/** Short faults are drawn more often than long ones: they are those that come back in the middle of something. */
function durationOf({ lastsMs: [least, most] }: Fault, random: Prng): number {
  return Math.round(least + (most - least) * random.next() ** 3);
}

async function castOf(stage: Stage, played: readonly Fault[], random: Prng): Promise<Act> {
  const [master, backup] = await masterOf(stage);
  return played.map((fault) => {
    const [target, peer] = fault.target === "MASTER" ? [master, backup] : [backup, master];
    const name = random.chance(0.5) ? "eth0" : "eth1";
    const lastsMs = durationOf(fault, random);
    return { fault, scene: { stage, target, peer, random, lastsMs, interface: name } };
  });
}

/** Plays one fault from its beginning to its end; returns what was left over in the middle. */
async function playFault(fault: Fault, scene: Scene): Promise<readonly string[]> {
  const { target, lastsMs } = scene;
  await fault.apply(scene);
  await untilOver(lastsMs);
  const stopped = fault.name.startsWith("clean stop");
  const left = stopped ? leftOver(await target.held()) : [];
  await fault.heal(scene);
  return left;
}

/** What is wrong with a router by what it has said and told. */
async function misbehaviour(router: Router, act: Act, told: number): Promise<readonly string[]> {
  const starts = act.some(({ fault }) => /kill -9 of|clean stop/.test(fault.name));
  return [
    ...crashes(router),
    ...(starts ? [] : toldTwice(router, told)),
    ...wronglyNotified(router, await router.status()),
  ];
}

async function play(
  stage: Stage,
  played: readonly Fault[],
  random: Prng,
  options: StoryOptions,
): Promise<Chapter> {
  const act = await castOf(stage, played, random);
  const said = stage.routers.map((router) => router.output.length);
  const told = stage.routers.map((router) => router.notified.length);
  const fromMs = monotonicMs();
  const left = await Promise.all(act.map(({ fault, scene }) => playFault(fault, scene)));
  const healedAtMs = monotonicMs();
  const unsettled = await settle(stage, fromMs);
  const restedAtMs = monotonicMs();
  const stretch = { fromMs, toMs: restedAtMs - answerMs };
  const measured = await stage.seen(stretch);
  const stalledMs = stage.stalledMs(stretch);
  // Who was held up for long has to take over again.
  const againMs = stalledMs > 0 ? stalledMs + pricesOf(options.advertIntervalS).down : 0;
  const seen = { ...measured, lateMs: measured.lateMs + againMs };
  const misbehaved = await Promise.all(
    stage.routers.map((router, i) => misbehaviour(router, act, told[i] ?? 0)),
  );
  const lines = stage.routers.flatMap((router, i) =>
    router.output
      .slice(said[i])
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => `${router.name}: ${line}`),
  );
  const dividesThem = act.some(({ fault }) => fault.dividesThem === true);
  // Whoever stands still believes to hold what the other one answers for.
  const isTrue = (line: string): boolean =>
    dividesThem ||
    stalledMs > 0 ||
    (played.some(({ name }) => name.startsWith("SIGSTOP")) && line.includes("address-conflict"));
  const falseAlarms = lines.filter((line) => line.includes(" ALARM ") && !isTrue(line));
  return {
    fault: act.length === 1 ? (played[0]?.name ?? "") : "two at a time",
    on: act
      .map(
        ({ fault, scene }) =>
          `${fault.name}: ${scene.target.name} ${scene.interface}, ${scene.lastsMs} ms`,
      )
      .join("; "),
    priceMs: priceOf(act, options),
    outageMs: Math.max(...seen.clients.map(({ outageMs }) => outageMs)),
    bothMs: seen.bothMs,
    dividesThem,
    settledMs: restedAtMs - healedAtMs - restMs,
    lateMs: seen.lateMs,
    said: lines,
    complaints: [
      ...left.flat(),
      ...unsettled,
      ...costs(act, seen, options),
      ...misbehaved.flat(),
      ...falseAlarms,
    ],
  };
}

/** Now and then a second fault, of the other router. */
function* acts(random: Prng, { only, pairs }: StoryOptions): Generator<readonly Fault[]> {
  const kinds = faults.filter(({ name }) => only?.test(name) ?? true);
  const together = kinds.filter(({ joins }) => joins === true);
  for (const fault of shuffled(random, kinds)) {
    yield [fault];
    if (!random.chance(pairs)) continue;
    const pair = (["MASTER", "BACKUP"] as const).flatMap((target) => {
      const candidates = together.filter((one) => one.target === target);
      const drawn = candidates[random.integer(0, candidates.length - 1)];
      return drawn === undefined ? [] : [drawn];
    });
    if (pair.length === 2) yield pair;
  }
}

/** Plays one seed. Complaints stand in the chapters. */
export async function playStory(options: StoryOptions): Promise<Story> {
  const random = new Prng(options.seed * 7919);
  const stage = await Stage.build(options.advertIntervalS);
  try {
    const chapters: Chapter[] = [];
    const unsettled = await settle(stage, monotonicMs());
    if (unsettled.length > 0) throw new Error(unsettled.join("; "));
    const first = stage.routers.map((router) => router.figures());
    const endMs = monotonicMs() + options.forMs;
    for (const played of acts(random, options)) {
      if (monotonicMs() > endMs) break;
      const chapter = await play(stage, played, random, options);
      chapters.push(chapter);
      options.onChapter?.(chapter);
      if (chapter.complaints.some((text) => text.startsWith("never at rest"))) break;
    }
    const alarmed = await waitFor(
      async () => ((await standingAlarms(stage)).length === 0 ? true : undefined),
      { timeoutMs: settleWithinMs, everyMs: 500 },
    );
    const endless = alarmed === true ? [] : await standingAlarms(stage);
    const figures = stage.routers.map((router, i) => ({
      router: router.name,
      first: first[i] ?? router.figures(),
      last: router.figures(),
    }));
    return { seed: options.seed, chapters, figures, endless };
  } finally {
    await stage.close();
  }
}
