// What the main process and the VRRP process say to each other: one JSON object a line over a
// UNIX socket. Types only.

import type { BfdSessionStatus } from "../model/bfd-status.ts";
import type { SyncGroupStatus, VrrpInstanceStatus } from "../model/status.ts";
import type { TrackerKind, TrackerResult, VrrpWish } from "../model/vrrp-wish.ts";
import type { EngineOutput } from "../vrrp/engine/output.ts";

export type ToVrrp =
  /** The whole wish; the process plans the difference to what it runs. Idempotent. */
  | {
      readonly kind: "configure";
      readonly requestId: number;
      readonly wish: VrrpWish;
    }
  /** The result of a tracker that the main process watches. */
  | {
      readonly kind: "tracker";
      readonly tracker: TrackerKind;
      readonly name: string;
      readonly result: TrackerResult;
    }
  /** Give up the addresses of an instance or sync group politely; they come back on request or in need. */
  | { readonly kind: "failover"; readonly requestId: number; readonly name: string }
  /** Announce the addresses of an instance that is MASTER. */
  | { readonly kind: "announce"; readonly requestId: number; readonly name: string }
  | { readonly kind: "report"; readonly requestId: number }
  /** All news up to this number have been taken and need not be kept. */
  | { readonly kind: "heard"; readonly sequence: number }
  /** Hand over, withdraw addresses, exit; or leave them and exit at once. */
  | { readonly kind: "stop"; readonly keepAddresses?: boolean };

export type FromVrrp =
  | {
      readonly kind: "hello";
      readonly pid: number;
      readonly protocol: number;
      /** Tells this process from all others: numbers of news count within it. */
      readonly epoch?: string;
    }
  | {
      readonly kind: "configured";
      readonly requestId: number;
      /** Descriptions of operations and changes that the configuration caused; empty: nothing. */
      readonly changes: readonly string[];
      /** What is known of every BFD session at this moment. */
      readonly bfdSessions?: readonly Pick<BfdSessionStatus, "name" | "up" | "text">[];
    }
  | {
      readonly kind: "failover-done" | "announced";
      readonly requestId: number;
      readonly ok: boolean;
      readonly text: string;
    }
  | {
      readonly kind: "report";
      readonly requestId: number;
      readonly instances: readonly VrrpInstanceStatus[];
      readonly syncGroups: readonly SyncGroupStatus[];
      readonly netlinkOperations: number;
      readonly bfdSessions?: readonly BfdSessionStatus[];
      /** Refused BFD packets that were for no session, by kind. */
      readonly bfdStrays?: Readonly<Record<string, number>>;
    }
  /** A signal that was sent to this process, and that only the main process can answer. */
  | { readonly kind: "signal"; readonly signal: number }
  /** Transitions, repairs, log events and the end, as the engine tells them. News have a number. */
  | (EngineOutput & { readonly sequence?: number });

/** What the engine tells and nobody may miss: kept until it has been heard. */
export type EngineNews = Exclude<EngineOutput, { readonly kind: "log" | "stopped" }>;
