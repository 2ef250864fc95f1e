// A story in steps. Every step says what happens, shows what came of it and why, and checks that
// it came as it should; the end sums up.

import type { Terminal } from "./terminal.ts";
import { wrapText } from "./terminal.ts";
import type { TrafficSummary } from "./traffic.ts";
import { monotonicMs, waitFor } from "./waiting.ts";

/** Ends a story in which what follows would make no sense. */
export class StoryEnd extends Error {}

interface StepRecord {
  readonly title: string;
  readonly traffic: TrafficSummary[];
  failures: number;
}

/** `1.5 s`, `340 ms`. */
export function printDuration(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${Math.round(ms)} ms`;
}

/** Reasons of a lost request, as the operating system names them, in words. */
const lossWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EHOSTUNREACH: "host unreachable",
  "no-answer": "closed without an answer",
  timeout: "not answered within 1 s",
};

function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? "" : "s"}`;
}

function renderCells(traffic: readonly TrafficSummary[]): string {
  const sum = (pick: (summary: TrafficSummary) => number): number =>
    traffic.reduce((total, summary) => total + pick(summary), 0);
  const worstMs = Math.max(...traffic.map((summary) => summary.outageMs));
  return [
    String(sum((summary) => summary.sent)).padStart(6),
    String(sum((summary) => summary.answered)).padStart(9),
    String(sum((summary) => summary.lost)).padStart(5),
    String(Math.round(worstMs)).padStart(11),
  ].join(" ");
}

export class Story {
  readonly #terminal: Terminal;
  readonly #steps: StepRecord[] = [];
  readonly #startedAtMs = monotonicMs();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get terminal(): Terminal {
    return this.#terminal;
  }

  /** Whether every check so far went well. */
  get wentWell(): boolean {
    return this.#steps.every((step) => step.failures === 0);
  }

  /** Begins a step. */
  step(title: string): void {
    this.#steps.push({ title, traffic: [], failures: 0 });
    const elapsed = `${((monotonicMs() - this.#startedAtMs) / 1000).toFixed(0)} s`;
    this.#terminal.line();
    this.#terminal.spread(`  ${this.#steps.length}  ${title}`, elapsed, {
      left: "bold",
      right: "dim",
    });
  }

  /** Something that the story does. */
  act(text: string): void {
    this.#terminal.line(`     ${this.#terminal.paint("cyan", "▸")} ${text}`);
  }

  /** A fact, in two columns. */
  fact(name: string, text: string): void {
    this.#terminal.line(`       ${name.padEnd(6)} ${text}`);
  }

  /** The reason for the fact before it. */
  why(text: string): void {
    for (const [index, line] of wrapText(text, 68).entries())
      this.#terminal.line(
        this.#terminal.paint("dim", `              ${index === 0 ? "why: " : "     "}${line}`),
      );
  }

  /** What should be so. */
  check(holds: boolean, text: string): void {
    const step = this.#steps.at(-1);
    if (!holds && step !== undefined) step.failures++;
    const mark = holds ? this.#terminal.paint("green", "✓") : this.#terminal.paint("red", "✗");
    this.#terminal.line(`     ${mark} ${holds ? text : this.#terminal.paint("red", text)}`);
  }

  /** What must be so for the rest to make sense. */
  require(holds: boolean, text: string): void {
    this.check(holds, text);
    if (!holds) throw new StoryEnd(text);
  }

  /** Waits for a condition and shows that it is waiting; undefined when the time is over. */
  async waitFor<Value>(
    text: string,
    timeoutMs: number,
    look: () => Value | undefined | Promise<Value | undefined>,
  ): Promise<Value | undefined> {
    const show = (waitedMs: number): void =>
      this.#terminal.live(`${text}: ${(waitedMs / 1000).toFixed(0)} s`);
    const startedAtMs = monotonicMs();
    const timer = setInterval(() => show(monotonicMs() - startedAtMs), 100);
    try {
      return await waitFor(look, { timeoutMs, everyMs: 250 });
    } finally {
      clearInterval(timer);
    }
  }

  /** Shows what became of the requests of this step; `label` tells several streams apart. */
  traffic(summary: TrafficSummary, label?: string): void {
    this.#steps.at(-1)?.traffic.push(summary);
    const lost = `${summary.lost} lost`;
    const painted = summary.lost === 0 ? lost : this.#terminal.paint("yellow", lost);
    const to = label === undefined ? "" : ` to ${label}`;
    const outage = `outage ${printDuration(summary.outageMs)}`;
    this.#terminal.line(`       ${this.#renderTimeline(summary)}`);
    this.#terminal.line(
      `       ${count(summary.sent, "request")}${to}: ${summary.answered} answered, ${painted}; ${outage}`,
    );
    const pages = [...summary.byAnswer].map(([page, n]) => `${page} ${n}`);
    const losses = [...summary.byLoss].map(([reason, n]) => `${n} ${lossWords[reason] ?? reason}`);
    const details = [
      ...(pages.length > 0 ? [`answered by ${pages.join(", ")}`] : []),
      ...(losses.length > 0 ? [`lost: ${losses.join(", ")}`] : []),
    ].join("; ");
    if (details !== "") this.#terminal.line(this.#terminal.paint("dim", `       ${details}`));
  }

  #renderTimeline(summary: TrafficSummary): string {
    return summary.timeline
      .map((share) => {
        if (share === undefined) return " ";
        if (share === 0) return this.#terminal.paint("red", "·");
        return share === 1
          ? this.#terminal.paint("green", "▇")
          : this.#terminal.paint("yellow", "▃");
      })
      .join("");
  }

  #renderRow(step: StepRecord, index: number): void {
    const mark =
      step.failures === 0 ? this.#terminal.paint("green", "✓") : this.#terminal.paint("red", "✗");
    const cells = step.traffic.length === 0 ? "" : renderCells(step.traffic);
    this.#terminal.line(
      `  ${mark} ${String(index + 1).padStart(2)}  ${step.title.padEnd(46)} ${cells}`,
    );
  }

  /** The table of all steps and the line that sums up. Returns whether all went well. */
  end(): boolean {
    const all = this.#steps;
    this.#terminal.line();
    this.#terminal.rule();
    const heads = "  sent  answered  lost   outage ms";
    this.#terminal.line(this.#terminal.paint("dim", `        ${"".padEnd(46)}${heads}`));
    for (const [index, step] of all.entries()) this.#renderRow(step, index);
    const sum = (pick: (summary: TrafficSummary) => number): number =>
      all.flatMap((step) => step.traffic).reduce((total, summary) => total + pick(summary), 0);
    const good = all.filter((step) => step.failures === 0).length;
    const seconds = ((monotonicMs() - this.#startedAtMs) / 1000).toFixed(0);
    const verdict = this.wentWell ? "as it should be" : "NOT as it should be";
    const text = `${good} of ${all.length} steps ${verdict}: ${sum((s) => s.sent)} requests, ${sum((s) => s.answered)} answered, ${sum((s) => s.lost)} lost, ${seconds} s`;
    this.#terminal.line();
    this.#terminal.line(`  ${this.#terminal.paint(this.wentWell ? "green" : "red", text)}`);
    return this.wentWell;
  }
}
