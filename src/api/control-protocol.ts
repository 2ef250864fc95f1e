// What is said over the control socket: a request is one JSON object on one line, and so is its
// answer. Requests on one connection are answered in their order. `events` turns the connection
// into a stream.

import { fail, ok, type Result } from "../base/result.ts";
import type { DirectorStatus } from "../model/status.ts";
import type { EngineFault } from "../world/engine.ts";
import type { LogEvent } from "../world/log.ts";
import { type PlaneAnswer, type PlaneRequest, parsePlaneRequest } from "./plane-protocol.ts";

/** Longest request that a director reads. */
export const requestBytesMax = 4096;
/** Longest line that a client reads; a status of thousands of real servers stays far below. */
export const answerBytesMax = 67_108_864;

export type ControlRequest =
  | { readonly command: "status" }
  /** Reads the configuration again, and takes it when it is good. */
  | { readonly command: "reload" }
  /**
   * Takes the configuration of a file; with `confirmWithinMs`, the one before comes back after that
   * time unless `confirm` arrives.
   */
  | { readonly command: "apply"; readonly path: string; readonly confirmWithinMs?: number }
  | { readonly command: "confirm" }
  /** Brings the configuration before the trial back at once. */
  | { readonly command: "rollback" }
  /**
   * Hands the addresses over, empties the data plane and ends. With `keep`, only the main process
   * ends: the VRRP process and the data plane go on and are adopted by the next start.
   */
  | { readonly command: "stop"; readonly keep: boolean }
  /** Gives up the addresses of a VRRP instance or sync group politely. */
  | { readonly command: "failover"; readonly name: string }
  /** Takes a real server out: it gets no new connections; with `withinMs` what is left then is cut off. */
  | {
      readonly command: "drain";
      readonly server: string;
      readonly virtualServer?: string;
      readonly withinMs?: number;
    }
  /** Lets it have connections again. */
  | { readonly command: "undrain"; readonly server: string; readonly virtualServer?: string }
  /** Something about the data plane. */
  | { readonly command: "plane"; readonly request: PlaneRequest }
  /** The log from here on, as lines of `{ "event": ... }` after the answer. */
  | { readonly command: "events" };

export type ControlAnswer =
  | { readonly ok: true; readonly status: DirectorStatus }
  | { readonly ok: true; readonly text: string }
  | { readonly ok: true; readonly plane: PlaneAnswer }
  /** `fault`: what kind of fault of the data plane it was. */
  | {
      readonly ok: false;
      readonly error: string;
      readonly fault?: EngineFault["kind"];
      /** The kernel's name for it. */
      readonly code?: string;
    };

/** One line of the stream that `events` asks for. */
export interface ControlEvent {
  readonly event: LogEvent & { readonly atMs: number };
}

/** What is wrong with a request. */
export interface RequestFault {
  readonly kind: "not-json" | "not-an-object" | "unknown-command" | "bad-argument";
  readonly text: string;
}

const commands = [
  "status",
  "reload",
  "apply",
  "confirm",
  "rollback",
  "stop",
  "failover",
  "drain",
  "undrain",
  "plane",
  "events",
] as const;

/** A day. */
const confirmWithinMsMax = 86_400_000;

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
    case "confirm":
    case "rollback":
    case "events":
      return ok({ command });
    case "apply":
      return parseApply(value);
    case "stop":
      return ok({ command, keep: keep === true });
    case "failover":
      return parseFailover(value);
    case "drain":
    case "undrain":
      return parseDrain(command, value);
    case "plane": {
      const parsed = parsePlaneRequest((value as { readonly request?: unknown }).request);
      return parsed.ok
        ? ok({ command, request: parsed.value })
        : fail({ kind: "bad-argument", text: parsed.fault });
    }
    default:
      return fail({
        kind: "unknown-command",
        text: `unknown command ${JSON.stringify(command) ?? "(none)"}; known: ${commands.join(", ")}`,
      });
  }
}

function parseFailover({
  name,
}: {
  readonly name?: unknown;
}): Result<ControlRequest, RequestFault> {
  if (typeof name === "string" && name !== "") return ok({ command: "failover", name });
  return fail({ kind: "bad-argument", text: "`name` is a VRRP instance or sync group" });
}

function parseDrain(
  command: "drain" | "undrain",
  value: {
    readonly server?: unknown;
    readonly virtualServer?: unknown;
    readonly withinMs?: unknown;
  },
): Result<ControlRequest, RequestFault> {
  const { server, virtualServer, withinMs } = value;
  const bad = (text: string): Result<ControlRequest, RequestFault> =>
    fail({ kind: "bad-argument", text });
  if (typeof server !== "string" || server === "")
    return bad("`server` is an address, perhaps with a port");
  if (virtualServer !== undefined && typeof virtualServer !== "string")
    return bad("`virtualServer` is a name as the status shows it");
  const target = { server, ...(virtualServer === undefined ? {} : { virtualServer }) };
  if (command === "undrain" || withinMs === undefined) return ok({ command, ...target });
  const isTime = typeof withinMs === "number" && Number.isInteger(withinMs);
  if (!isTime || withinMs < 0 || withinMs > confirmWithinMsMax)
    return bad("`withinMs` is 0 to 86400000");
  return ok({ command, ...target, withinMs });
}

function parseApply(value: {
  readonly path?: unknown;
  readonly confirmWithinMs?: unknown;
}): Result<ControlRequest, RequestFault> {
  const { path, confirmWithinMs } = value;
  const bad = (text: string): Result<ControlRequest, RequestFault> =>
    fail({ kind: "bad-argument", text });
  if (typeof path !== "string" || !path.startsWith("/"))
    return bad("`path` is the absolute path of a file");
  if (confirmWithinMs === undefined) return ok({ command: "apply", path });
  const isTime = typeof confirmWithinMs === "number" && Number.isInteger(confirmWithinMs);
  if (!isTime || confirmWithinMs < 1000 || confirmWithinMs > confirmWithinMsMax)
    return bad("`confirmWithinMs` is 1000 to 86400000");
  return ok({ command: "apply", path, confirmWithinMs });
}
