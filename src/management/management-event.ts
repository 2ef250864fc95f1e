// What happens in a director, for those who are told.

import type { VrrpState } from "../model/status.ts";

/** The states of which clients are told; the last two end an instance. */
export type ToldState = VrrpState | "STOP" | "DELETED";

export type ManagementEvent =
  | {
      readonly kind: "transition";
      readonly instance: string;
      readonly to: ToldState;
      /** Kind of the cause, such as `master-down`. */
      readonly cause: string;
      /** Wall clock. */
      readonly atMs: number;
    }
  | { readonly kind: "group-transition"; readonly group: string; readonly to: ToldState }
  /** A configuration has been taken; also one that changes nothing. */
  | { readonly kind: "reloaded" }
  /** By `virtualServerIdentity` and `realServerIdentity`. */
  | {
      readonly kind: "real-server";
      readonly virtualServer: string;
      readonly realServer: string;
      readonly up: boolean;
    }
  | { readonly kind: "quorum"; readonly virtualServer: string; readonly up: boolean };
