// What the main process and the VRRP process say to each other: one JSON object a line over a
// UNIX socket. Types only.

import type { Cause, VrrpInstanceStatus, VrrpState } from "../model/status.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import type { LogEvent } from "../world/log.ts";

export type ToVrrp =
  /** The whole wish; the process plans the difference to what it runs. Idempotent. */
  | {
      readonly kind: "configure";
      readonly requestId: number;
      readonly instances: readonly VrrpInstance[];
    }
  /** The result of a tracking script: up, down, or not known yet (null). */
  | {
      readonly kind: "tracker";
      readonly name: string;
      readonly weight: number;
      readonly up: boolean | null;
      readonly text: string;
    }
  | { readonly kind: "report"; readonly requestId: number }
  /** Hand over, withdraw addresses, exit. */
  | { readonly kind: "stop" };

export type FromVrrp =
  | { readonly kind: "hello"; readonly pid: number; readonly protocol: number }
  | {
      readonly kind: "configured";
      readonly requestId: number;
      /** Descriptions of operations and changes that the configuration caused; empty: nothing. */
      readonly changes: readonly string[];
    }
  | {
      readonly kind: "transition";
      readonly instance: string;
      readonly from: VrrpState;
      readonly to: VrrpState;
      readonly cause: Cause;
      readonly atMs: number;
    }
  | {
      readonly kind: "repair";
      readonly found: string;
      readonly done: string;
      readonly ok: boolean;
      readonly atMs: number;
    }
  | {
      readonly kind: "report";
      readonly requestId: number;
      readonly instances: readonly VrrpInstanceStatus[];
      readonly netlinkOperations: number;
    }
  | { readonly kind: "log"; readonly event: LogEvent }
  | { readonly kind: "stopped" };
