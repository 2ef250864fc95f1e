// Where log events become text: standard error, written in the background. A reader that does not
// read costs lines, never time: what does not fit is dropped and counted.

import { fstatSync, write } from "node:fs";
import type { Log, LogEvent, LogLevel } from "../world/log.ts";
import { type LogStyle, renderLogLine } from "./render-log-line.ts";

/** Lines that wait for a slow reader. */
const waitingMax = 2000;
const retryMs = 20;
/** How long the end of the process waits for the last lines. */
const flushMs = 1000;

/** The log of a director. */
export interface DirectorLog extends Log {
  /** True when a person reads. */
  readonly isTerminal: boolean;
  /** True when that person's terminal gets colours. */
  readonly isColoured: boolean;
  /** Writes text of several lines as it is, for instance diagnostics with their carets. */
  writeBlock(level: LogLevel, kind: string, text: string): void;
  /** Calls `listener` for every event, the ones that are not printed included. */
  listen(listener: (event: LogEvent, atMs: number) => void): void;
  /** Waits until everything is written, or the reader has had its time. */
  flush(): Promise<void>;
}

/** A log that writes to a descriptor, and to whoever listens. */
export class LogSink implements DirectorLog {
  /** True when a person reads. */
  readonly isTerminal: boolean;
  readonly #fd: number;
  readonly #style: LogStyle;
  readonly #listeners = new Set<(event: LogEvent, atMs: number) => void>();
  #waiting: string[] = [];
  #dropped = 0;
  #writing = false;
  #idle: (() => void)[] = [];

  readonly #detail: boolean;

  /** `detail`: debug messages are printed as well. */
  constructor(fd: number, style: LogStyle, isTerminal = false, detail = false) {
    this.#fd = fd;
    this.#style = style;
    this.#detail = detail;
    this.isTerminal = isTerminal;
  }

  /** True when that person's terminal gets colours. */
  get isColoured(): boolean {
    return this.#style === "terminal";
  }

  write(event: LogEvent): void {
    const atMs = Date.now();
    for (const listener of this.#listeners) listener(event, atMs);
    if (event.level === "debug" && !this.#detail) return;
    this.#line(renderLogLine(event, atMs, this.#style));
  }

  /** Writes text of several lines as it is, for instance diagnostics with their carets. */
  writeBlock(level: LogLevel, kind: string, text: string): void {
    for (const line of text.split("\n")) {
      if (this.#style === "journal") this.write({ level, kind, text: line });
      else this.#line(line);
    }
  }

  /** Calls `listener` for every event, the ones that are not printed included. */
  listen(listener: (event: LogEvent, atMs: number) => void): void {
    this.#listeners.add(listener);
  }

  /** Waits until everything is written, or the reader has had its time. */
  async flush(): Promise<void> {
    if (!this.#writing) return;
    let patience: NodeJS.Timeout | undefined;
    await Promise.race([
      new Promise<void>((resolve) => this.#idle.push(resolve)),
      new Promise<void>((resolve) => {
        patience = setTimeout(resolve, flushMs);
      }),
    ]);
    clearTimeout(patience);
  }

  #line(line: string): void {
    if (this.#waiting.length >= waitingMax) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(`${line}\n`);
    if (!this.#writing) {
      this.#writing = true;
      this.#writeNext();
    }
  }

  #writeNext(): void {
    if (this.#waiting.length === 0) {
      this.#writing = false;
      for (const done of this.#idle) done();
      this.#idle = [];
      return;
    }
    if (this.#dropped > 0) {
      this.#waiting.push(`keelson: ${this.#dropped} log lines dropped, nobody read them\n`);
      this.#dropped = 0;
    }
    const batch = Buffer.from(this.#waiting.join(""));
    this.#waiting = [];
    this.#writeAll(batch);
  }

  #writeAll(bytes: Uint8Array): void {
    write(this.#fd, bytes, (error, written) => {
      if (error !== null) {
        const full = error.code === "EAGAIN" || error.code === "EINTR";
        // A closed reader (EPIPE) is nobody's to tell: the line is given up.
        if (full) setTimeout(() => this.#writeAll(bytes), retryMs);
        else this.#writeNext();
      } else if (written < bytes.length) {
        this.#writeAll(bytes.subarray(written));
      } else {
        this.#writeNext();
      }
    });
  }
}

/** The sink on standard error, in the style of what is at its other end. */
export function openLogSink(environment: NodeJS.ProcessEnv): LogSink {
  const fd = 2;
  if (isJournal(fd, environment["JOURNAL_STREAM"])) return new LogSink(fd, "journal");
  const noColor = environment["NO_COLOR"] ?? "";
  const isTerminal = process.stderr.isTTY === true;
  return new LogSink(fd, isTerminal && noColor === "" ? "terminal" : "plain", isTerminal);
}

/** systemd names the device and inode of its stream, so that an inherited variable misleads nobody. */
function isJournal(fd: number, stream: string | undefined): boolean {
  if (stream === undefined) return false;
  const { dev, ino } = fstatSync(fd);
  return stream === `${dev}:${ino}`;
}
