// One log event as one line of text.

import type { LogEvent, LogLevel } from "../world/log.ts";
import { printLogTime } from "./keepalived/printed-time.ts";

/** Priorities of syslog, as sd-daemon(3) reads them from the beginning of a line. */
export const syslogPriorities: Readonly<Record<LogLevel, number>> = {
  error: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
};

const colours: Readonly<Record<LogLevel, string>> = {
  error: "1;31",
  warning: "33",
  notice: "1",
  info: "",
  debug: "2",
};

/** `journal`: with systemd's prefix. `terminal`: with colours. `keepalived`: as `keepalived -n -l` has it. */
export type LogStyle = "journal" | "terminal" | "plain" | "keepalived";

/**
 * `2026-11-21 09:14:16.123 notice  VI_1: BACKUP -> MASTER: ...`. The journal keeps time and level
 * itself. Control characters of the outside world never reach a terminal.
 */
export function renderLogLine(event: LogEvent, atMs: number, style: LogStyle): string {
  const text = printableLine(event.text);
  if (style === "journal") return `<${syslogPriorities[event.level]}>${text}`;
  if (style === "keepalived") return `${printLogTime(atMs)}: ${text}`;
  const level = event.level.padEnd(7);
  if (style === "plain") return `${printTime(atMs)} ${level} ${text}`;
  const colour = colours[event.level];
  const painted = colour === "" ? text : `\u001b[${colour}m${text}\u001b[0m`;
  return `\u001b[2m${printTime(atMs)} ${level}\u001b[0m ${painted}`;
}

/** One line, whatever the text holds. */
export function printableLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go.
  return text.replace(/[\u0000-\u001f\u007f]+/g, " ");
}

function printTime(atMs: number): string {
  const date = new Date(atMs);
  const digits = (value: number, count: number): string => String(value).padStart(count, "0");
  const day = `${date.getFullYear()}-${digits(date.getMonth() + 1, 2)}-${digits(date.getDate(), 2)}`;
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return `${day} ${clock.map((part) => digits(part, 2)).join(":")}.${digits(date.getMilliseconds(), 3)}`;
}
