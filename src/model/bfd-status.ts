// What a BFD session says of itself.

import type { IpAddress } from "../base/address.ts";

/** One session at this moment. */
export interface BfdSessionStatus {
  readonly name: string;
  readonly neighbor: IpAddress;
  /** RFC 5880's words. */
  readonly state: "AdminDown" | "Down" | "Init" | "Up";
  /** What those who follow it count with; null: nothing is known yet. */
  readonly up: boolean | null;
  /** The state in words, with its reason. */
  readonly text: string;
  /** Wall-clock milliseconds of the last change of state. */
  readonly sinceMs: number;
  /** Why it went down last, as RFC 5880 section 4.1 numbers it. */
  readonly diagnostic: number;
  /** Before jitter; 0: nothing is sent. */
  readonly transmitIntervalMs: number;
  /** The shortest distance of packets that this side takes. */
  readonly receiveIntervalMs: number;
  readonly multiplier: number;
  /** How long the neighbour may be silent; absent: it has not been heard. */
  readonly detectionMs?: number;
  readonly remoteState?: "AdminDown" | "Down" | "Init" | "Up";
  readonly remoteDiagnostic?: number;
  readonly counters: {
    readonly sent: number;
    readonly received: number;
    readonly wentUp: number;
    readonly wentDown: number;
    /** Refused packets by kind, for instance `ttl-wrong`, `session-unknown`. */
    readonly rejected: Readonly<Record<string, number>>;
  };
}
