// What the main process and the VRRP process say to each other: one JSON object a line over a
// UNIX socket. Types only.

import type { VrrpInstanceStatus } from "../model/status.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import type { EngineOutput } from "../vrrp/engine/output.ts";

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
      readonly kind: "report";
      readonly requestId: number;
      readonly instances: readonly VrrpInstanceStatus[];
      readonly netlinkOperations: number;
    }
  /** Transitions, repairs, log events and the end, as the engine tells them. */
  | EngineOutput;
