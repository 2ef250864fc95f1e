// The stream of requests that a client sends, and what can be said about a stretch of it.

import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { present } from "../base/assert.ts";
import type { Host } from "./host.ts";
import type { LabProcess } from "./lab-process.ts";
import { monotonicMs, waitFor } from "./waiting.ts";

const clientProgram = fileURLToPath(new URL("./traffic-client.js", import.meta.url));

/** One request; times in monotonic milliseconds. */
export interface RequestRecord {
  readonly sentMs: number;
  readonly endMs: number;
  /** `ok`, `timeout`, or the name of the error: `ECONNREFUSED`. */
  readonly outcome: string;
  readonly source: string;
  /** First line of the page; empty when there was none. */
  readonly answer: string;
}

/** What happened to the requests sent in a stretch of time. */
export interface TrafficSummary {
  readonly sent: number;
  readonly answered: number;
  readonly lost: number;
  /** The longest time between two answers, or from the edge of the stretch to an answer. */
  readonly outageMs: number;
  /** Answers by page, in order of page. */
  readonly byAnswer: ReadonlyMap<string, number>;
  /** Lost requests by reason. */
  readonly byLoss: ReadonlyMap<string, number>;
  /** The share of answered requests (0..1) in equal parts of the stretch; undefined: none sent. */
  readonly timeline: readonly (number | undefined)[];
}

const timelineParts = 60;

function timelineOf(
  stretch: readonly RequestRecord[],
  fromMs: number,
  toMs: number,
): (number | undefined)[] {
  const sent = new Array<number>(timelineParts).fill(0);
  const answered = new Array<number>(timelineParts).fill(0);
  for (const record of stretch) {
    const part = Math.floor(((record.sentMs - fromMs) / (toMs - fromMs)) * timelineParts);
    sent[part] = (sent[part] ?? 0) + 1;
    if (record.outcome === "ok") answered[part] = (answered[part] ?? 0) + 1;
  }
  return sent.map((count, part) => (count === 0 ? undefined : (answered[part] ?? 0) / count));
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of [...values].sort()) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Longest stretch between neighbouring times, the edges included. */
export function longestGapMs(times: readonly number[], fromMs: number, toMs: number): number {
  const edges = [
    fromMs,
    ...times.filter((t) => t > fromMs && t < toMs).sort((a, b) => a - b),
    toMs,
  ];
  return edges.reduce((longest, t, index) => Math.max(longest, t - (edges[index - 1] ?? t)), 0);
}

/** Sums up the requests sent from `fromMs` to `toMs`. */
export function summarizeTraffic(
  records: readonly RequestRecord[],
  fromMs: number,
  toMs: number,
): TrafficSummary {
  const stretch = records.filter((record) => record.sentMs >= fromMs && record.sentMs < toMs);
  const answered = stretch.filter((record) => record.outcome === "ok");
  const answerTimes = records.filter((record) => record.outcome === "ok").map((r) => r.endMs);
  return {
    sent: stretch.length,
    answered: answered.length,
    lost: stretch.length - answered.length,
    outageMs: longestGapMs(answerTimes, fromMs, toMs),
    byAnswer: countBy(answered.map((record) => record.answer)),
    byLoss: countBy(stretch.filter((r) => r.outcome !== "ok").map((r) => r.outcome)),
    timeline: timelineOf(stretch, fromMs, toMs),
  };
}

export interface TrafficOptions {
  readonly target: string;
  readonly port?: number;
  readonly intervalMs?: number;
  readonly limitMs?: number;
  /** Addresses of the client to send from in turn; the kernel's choice when absent. */
  readonly sources?: readonly string[];
}

export class Traffic {
  readonly records: RequestRecord[] = [];
  readonly #client: LabProcess;
  readonly #limitMs: number;

  private constructor(client: LabProcess, limitMs: number) {
    this.#client = client;
    this.#limitMs = limitMs;
    const lines = createInterface({ input: present(client.stdout, "its output is a pipe") });
    lines.on("line", (line) => {
      const [sent, end, outcome = "", source = "", ...answer] = line.split(" ");
      const times = { sentMs: Number(sent), endMs: Number(end) };
      this.records.push({ ...times, outcome, source, answer: answer.join(" ") });
    });
  }

  /** Starts a client on `host`: every 20 ms a request, given up after 1 s, by default. */
  static async start(host: Host, options: TrafficOptions): Promise<Traffic> {
    const limitMs = options.limitMs ?? 1000;
    const numbers = [options.port ?? 80, options.intervalMs ?? 20, limitMs].map(String);
    const argv = [process.execPath, clientProgram, options.target, ...numbers];
    const client = await host.start([...argv, ...(options.sources ?? [])], { input: "pipe" });
    return new Traffic(client, limitMs);
  }

  /** When the most recent answer came; undefined before the first. */
  get lastAnswer(): RequestRecord | undefined {
    return this.records.findLast((record) => record.outcome === "ok");
  }

  /** Sums up what was sent from `fromMs` to `toMs`, once the fate of all of it is known. */
  async summarize(fromMs: number, toMs: number = monotonicMs()): Promise<TrafficSummary> {
    const decidedMs = toMs + this.#limitMs + 50;
    await waitFor(() => monotonicMs() > decidedMs || undefined, {
      timeoutMs: this.#limitMs * 2 + 1000,
      everyMs: 20,
    });
    return summarizeTraffic(this.records, fromMs, toMs);
  }

  async stop(): Promise<void> {
    await this.#client.stop(1000);
  }
}
