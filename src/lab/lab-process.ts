// A program that runs in a host: its output, its end, and ways to end it.

import type { ChildProcess } from "node:child_process";
import { childOf, familyOf, isRunning, signalProcess } from "./processes.ts";
import { waitFor } from "./waiting.ts";

const outputKeptMax = 200_000;

/** How a program ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class LabProcess {
  /** Process id of the program itself, as the lab sees it. */
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  #end: ProcessEnd | undefined;
  #output = "";
  readonly #entrance: ChildProcess;

  /** `entrance` is the process that entered the host and waits there for the program. */
  constructor(entrance: ChildProcess, pid: number) {
    this.#entrance = entrance;
    this.pid = pid;
    this.ended = new Promise((resolve) => {
      const settle = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.#end = { code, signal };
        resolve(this.#end);
      };
      if (entrance.exitCode !== null || entrance.signalCode !== null)
        settle(entrance.exitCode, entrance.signalCode);
      else entrance.once("exit", settle);
    });
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString("utf8")).slice(-outputKeptMax);
    };
    entrance.stdout?.on("data", keep);
    entrance.stderr?.on("data", keep);
  }

  /** What it wrote to standard output and standard error, the last 200,000 characters. */
  get output(): string {
    return this.#output;
  }

  /** Undefined while it runs. */
  get end(): ProcessEnd | undefined {
    return this.#end;
  }

  get stdout(): NodeJS.ReadableStream | null {
    return this.#entrance.stdout;
  }

  get stdin(): NodeJS.WritableStream | null {
    return this.#entrance.stdin;
  }

  /** Process ids of the program and everything that it started. */
  family(): number[] {
    return familyOf(this.pid);
  }

  /** A signal to the program alone. */
  signal(signal: NodeJS.Signals): void {
    signalProcess(this.pid, signal);
  }

  /** SIGKILL to the program and everything that it started; resolves when all are gone. */
  async killFamily(): Promise<void> {
    const pids = this.family();
    for (const pid of pids) signalProcess(pid, "SIGKILL");
    // nsenter stops itself along with a program that was stopped, and would never see its end.
    if (this.#entrance.pid !== undefined) signalProcess(this.#entrance.pid, "SIGCONT");
    await waitFor(() => (pids.some(isRunning) ? undefined : true), {
      timeoutMs: 10_000,
      everyMs: 5,
    });
    await this.ended;
  }

  /** SIGTERM, and SIGKILL for what is left after `graceMs`. */
  async stop(graceMs = 5000): Promise<ProcessEnd> {
    this.signal("SIGTERM");
    const ended = await waitFor(() => this.#end, { timeoutMs: graceMs, everyMs: 10 });
    if (ended === undefined) await this.killFamily();
    return this.ended;
  }
}

/** Waits for the program behind an entrance; fails when the entrance ended without one. */
export async function enteredProcess(entrance: ChildProcess): Promise<LabProcess> {
  const entrancePid = entrance.pid;
  if (entrancePid === undefined) throw new Error("cannot start nsenter");
  const pid = await waitFor(
    () => childOf(entrancePid) ?? (entrance.exitCode === null ? undefined : entrancePid),
    { timeoutMs: 10_000, everyMs: 1 },
  );
  if (pid === undefined) throw new Error("the program did not start");
  return new LabProcess(entrance, pid);
}
