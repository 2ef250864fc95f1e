// What is said over the control socket: a request is one JSON object on one line, and so is its
// answer. Requests on one connection are answered in their order. `events` turns the connection
// into a stream.

import { fail, ok, type Result } from "../base/result.ts";
import type { DirectorStatus } from "../model/status.ts";
import type { LogEvent } from "../world/log.ts";

/** Longest request that a director reads. */
export const requestBytesMax = 4096;
/** Longest line that a client reads; a status of thousands of real servers stays far below. */
export const answerBytesMax = 67_108_864;

export type ControlRequest =
  | { readonly command: "status" }
  /** Reads the configuration again, and takes it when it is good. */
  | { readonly command: "reload" }
  /**
   * Hands the addresses over, empties the data plane and ends. With `keep`, only the main process
   * ends: the VRRP process and the data plane go on and are adopted by the next start.
   */
  | { readonly command: "stop"; readonly keep: boolean }
  /** The log from here on, as lines of `{ "event": ... }` after the answer. */
  | { readonly command: "events" };

export type ControlAnswer =
  | { readonly ok: true; readonly status: DirectorStatus }
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly error: string };

/** One line of the stream that `events` asks for. */
export interface ControlEvent {
  readonly event: LogEvent & { readonly atMs: number };
}

/** What is wrong with a request. */
export interface RequestFault {
  readonly kind: "not-json" | "not-an-object" | "unknown-command";
  readonly text: string;
}

const commands = ["status", "reload", "stop", "events"] as const;

/** Reads one line; unknown members are ignored, so that newer clients can ask older directors. */
export function parseControlRequest(line: string): Result<ControlRequest, RequestFault> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return fail({ kind: "not-json", text: "a request is one JSON object on one line" });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return fail({ kind: "not-an-object", text: "a request is a JSON object" });
  const { command, keep } = value as { readonly command?: unknown; readonly keep?: unknown };
  switch (command) {
    case "status":
    case "reload":
    case "events":
      return ok({ command });
    case "stop":
      return ok({ command, keep: keep === true });
    default:
      return fail({
        kind: "unknown-command",
        text: `unknown command ${JSON.stringify(command) ?? "(none)"}; known: ${commands.join(", ")}`,
      });
  }
}
