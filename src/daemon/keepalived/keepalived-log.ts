// The log under keepalived's name: syslog, and the console or a file where the command line asks for it.

import { closeSync, constants, openSync } from "node:fs";
import type { Syscalls } from "../../linux/ffi/syscalls.ts";
import { Syslog } from "../../linux/syslog.ts";
import type { LogEvent, LogLevel } from "../../world/log.ts";
import { type DirectorLog, LogSink } from "../log-sink.ts";
import { printableLine, syslogPriorities } from "../render-log-line.ts";
import type { LogOptions } from "./daemon-options.ts";
import { inKeepalivedsWords, programOf } from "./keepalived-words.ts";
import { printSyslogTime } from "./printed-time.ts";

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
const standardError = 2;
const ownerOnly = 0o600;

/** Where lines may go. */
export interface LogPlaces {
  readonly syscalls: Syscalls;
  readonly options: LogOptions;
  /** In the background there is no console. */
  readonly background: boolean;
  /** Of tests; the usual one when absent. */
  readonly syslogPath?: string;
}

/** A log in keepalived's places. */
export class KeepalivedLog implements DirectorLog {
  readonly isTerminal = false;
  readonly isColoured = false;
  readonly #options: LogOptions;
  readonly #syslog: Syslog | undefined;
  readonly #console: LogSink | undefined;
  /** Stands in for a log daemon that is not there. */
  readonly #fallback: LogSink | undefined;
  readonly #listeners = new Set<(event: LogEvent, atMs: number) => void>();
  #file: { readonly fd: number; readonly sink: LogSink } | undefined;
  /** Behind the names of programs: the instance or the namespace. */
  #suffix = "";

  constructor({ syscalls, options, background, syslogPath }: LogPlaces) {
    this.#options = options;
    this.#syslog = options.syslog ? new Syslog(syscalls, syslogPath) : undefined;
    const sink = new LogSink(standardError, "keepalived", false, options.detail);
    this.#console = options.console && !background ? sink : undefined;
    this.#fallback = background ? undefined : sink;
    this.#openFile();
  }

  /** What stands behind the names of programs from now on. */
  tag(name: string): void {
    this.#suffix = `_${name}`;
  }

  write(event: LogEvent): void {
    const atMs = Date.now();
    for (const listener of this.#listeners) listener(event, atMs);
    if (event.level === "debug" && !this.#options.detail) return;
    const said = inKeepalivedsWords(event);
    this.#console?.write(said);
    this.#file?.sink.write(said);
    if (this.#syslog !== undefined && !this.#sendToSyslog(this.#syslog, said, atMs))
      if (this.#console === undefined) this.#fallback?.write(said);
  }

  writeBlock(level: LogLevel, kind: string, text: string): void {
    for (const line of text.split("\n")) this.write({ level, kind, text: line });
  }

  listen(listener: (event: LogEvent, atMs: number) => void): void {
    this.#listeners.add(listener);
  }

  /** Opens the file again: somebody may have moved it away. */
  reopen(): void {
    const before = this.#file;
    this.#file = undefined;
    this.#openFile();
    if (before !== undefined) void before.sink.flush().then(() => closeSync(before.fd));
  }

  async flush(): Promise<void> {
    this.#syslog?.flush();
    await Promise.all([this.#console?.flush(), this.#fallback?.flush(), this.#file?.sink.flush()]);
  }

  #sendToSyslog(syslog: Syslog, event: LogEvent, atMs: number): boolean {
    const header = (kind: string, level: LogLevel): string => {
      const priority = this.#options.facility * 8 + syslogPriorities[level];
      const name = `${programOf(kind)}${this.#suffix}`;
      return `<${priority}>${printSyslogTime(atMs)} ${name}[${process.pid}]: `;
    };
    const dropped = syslog.takeDropped();
    if (dropped > 0)
      syslog.send(`${header("log", "warning")}${dropped} log lines dropped, nobody read them`);
    return syslog.send(`${header(event.kind, event.level)}${printableLine(event.text)}`);
  }

  #openFile(): void {
    const { file, detail } = this.#options;
    if (file === undefined) return;
    try {
      const fd = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, ownerOnly);
      this.#file = { fd, sink: new LogSink(fd, "keepalived", false, detail) };
    } catch (error) {
      const text = `no log file: ${error instanceof Error ? error.message : String(error)}`;
      this.write({ level: "error", kind: "log", text });
    }
  }
}
