// The kernel's IPVS judges the model: both are given the same operations and frames at the same times.
// What comes out, connections with their states, loads, and in the end all counters must be the same.
// Where they differ the model is wrong, or docs/deviations/ipvs says why it is not.

import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { present } from "../../src/base/assert.ts";
import { fromHex, toHex } from "../../src/base/bytes.ts";
import type { ServiceStatistics } from "../../src/model/balancer-table.ts";
import type { SchedulerName } from "../../src/model/virtual-server.ts";
import { modelUnderTest } from "../contract/model-under-test.ts";
import { particularStreams } from "../contract/particular-streams.ts";
import { recordedStreams } from "../contract/recorded-streams.ts";
import { describeCounters, describeOutcome, isAt, type Stream } from "../contract/stream.ts";
import { Guest, whyNoGuest } from "./guest.ts";
import type { PlayedCounters, PlayedStep, PlayedStream, WrittenStep } from "./ipvs-player.ts";

/** All that choose without chance; `twos` draws lots, and this kernel does not have it. */
const schedulers: readonly SchedulerName[] = [
  ...(["rr", "wrr", "lc", "wlc", "sed", "nq", "fo"] as const),
  ...(["ovf", "sh", "dh", "mh", "lblc", "lblcr"] as const),
];

/** A few words of a stream's name, to play only such streams. */
const only = process.env["STREAMS"];
const everything = { protocols: ["TCP", "UDP", "SCTP"], families: [4, 6], length: 0.25 } as const;
/** The suite plays one of so many recorded streams; `make judge-model` plays all. */
const STRIDE = 8;
const recorded = recordedStreams(schedulers, everything);
/** The kernel does not know groups of persistence; docs/decisions/313 says what they are. */
const usesGroup = ({ steps }: Stream): boolean =>
  steps.some(
    (step) =>
      step.kind === "apply" &&
      step.operation.kind === "add-service" &&
      step.operation.service.persistenceGroup !== undefined,
  );
const particular = particularStreams().filter((stream) => !usesGroup(stream));
const streams =
  only === undefined
    ? [...particular, ...recorded.filter((_stream, i) => i % STRIDE === 0)]
    : [...particular, ...recorded].filter(({ name }) => name.includes(only));
/** Streams that are played in one network namespace. */
const BATCH = 12;
const because = whyNoGuest();

describe("the kernel's IPVS and the model", because === undefined ? {} : { skip: because }, () => {
  let guest: Guest;

  before(async () => {
    guest = await Guest.boot();
    // One limit of ICMP errors is the whole machine's.
    await guest.output(
      "sysctl -qw net.ipv4.icmp_msgs_per_sec=1000000 net.ipv4.icmp_msgs_burst=100000",
    );
  });

  after(() => guest.close());

  for (let from = 0; from < streams.length; from += BATCH)
    judge(() => guest, streams.slice(from, from + BATCH));
});

/** The tests of streams that are played together: one each, and one for the counters. */
function judge(guest: () => Guest, batch: readonly Stream[]): void {
  let played: Played | undefined;
  let nowMs = 0;
  const model = modelUnderTest({}, () => nowMs);
  const inTime = new Set<string>();

  for (const [i, stream] of batch.entries()) {
    test(stream.name, async (t) => {
      played ??= await playInGuest(guest(), batch);
      const kernel = present(played.streams[i], "every stream was played");
      const { steps, listedAtMs } = kernel;
      const [expected, got] = [[] as string[], [] as string[]];
      for (const [at, step] of stream.steps.entries()) {
        const did = present(steps[at], "every step was played");
        nowMs = did.atMs;
        if (step.kind === "apply") await model.apply(step.operation);
        if (step.kind !== "frame") continue;
        got.push(describeKernel(step.frame, did));
        expected.push(describeOutcome(step.frame, await model.handle(step.frame)));
      }
      // Connections end late in the kernel, by up to an eighth of their time.
      const tookMs = listedAtMs - (steps[0]?.atMs ?? 0);
      if (tookMs >= shortestLifeMs(stream)) {
        t.skip(`the guest took ${Math.round(tookMs)} ms: connections have ended meanwhile`);
        return;
      }
      inTime.add(stream.virtual);
      assert.deepEqual(got, expected);
      nowMs = listedAtMs;
      model.wait(0);
      const connections = (await model.connections()).filter((line) => isAt(line, stream.virtual));
      const text = (line: object): string => Object.values(line).join(" ");
      assert.deepEqual(kernel.connections.map(text).sort(), connections.map(text).sort());
    });
  }

  test(`counters of ${batch.length} streams`, async () => {
    const { statistics } = present(played, "the streams were played").counters;
    const linesOf = (all: readonly ServiceStatistics[]): readonly string[] =>
      countersOf(all.filter(({ key }) => key.kind === "address" && inTime.has(key.address)));
    assert.deepEqual(linesOf(statistics), linesOf(await model.statistics()));
  });
}

interface Played {
  readonly streams: readonly PlayedStream[];
  readonly counters: PlayedCounters;
}

async function playInGuest(guest: Guest, batch: readonly Stream[]): Promise<Played> {
  const written = batch.map(({ virtual, steps }) => ({ virtual, steps: steps.map(writeStep) }));
  writeFileSync(join(guest.folder, "streams.json"), JSON.stringify(written));
  const played = join(guest.folder, "played.json");
  rmSync(played, { force: true });
  await guest.output(
    "unshare -n node dist/test/guest/ipvs-player.js /mnt/streams.json /mnt/played.json",
  );
  const lines = readFileSync(played, "utf8").trim().split("\n");
  const told = lines.map((line) => JSON.parse(line) as unknown);
  const counters = told.pop() as PlayedCounters;
  return { streams: told as readonly PlayedStream[], counters };
}

/** How long the shortest state lasts that connections of a stream may stay in. */
function shortestLifeMs({ name }: Stream): number {
  return name.includes("SCTP") ? 4000 : 10_000;
}

function writeStep(step: Stream["steps"][number]): WrittenStep {
  if (step.kind === "apply") return { operation: step.operation };
  if (step.kind === "frame") return { frame: toHex(step.frame) };
  throw new Error("no stream waits for the kernel");
}

function describeKernel(frame: Uint8Array, { outcome, nextHop = "" }: PlayedStep): string {
  const { kind = "drop", frame: out = "" } = outcome ?? {};
  if (kind !== "forward") return describeOutcome(frame, { kind, frame });
  return describeOutcome(frame, { kind, frame: fromHex(out), nextHop });
}

function countersOf(statistics: readonly ServiceStatistics[]): readonly string[] {
  return statistics
    .map(({ destinations, ...service }) =>
      describeCounters({
        ...service,
        // Loads have changed since, and states have told of them.
        destinations: destinations
          .map((entry) => ({ ...entry, activeConnections: 0, inactiveConnections: 0 }))
          .toSorted((a, b) => (a.address < b.address ? -1 : 1)),
      }).join("\n"),
    )
    .toSorted();
}
