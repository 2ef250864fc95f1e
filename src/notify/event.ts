// What can be told of instances, sync groups, virtual servers and real servers.

import type { IpAddress } from "../base/address.ts";
import type { Cause, VrrpState } from "../model/status.ts";
import type { VirtualServerKey } from "../model/virtual-server.ts";

/** What changes its state. */
export interface Subject {
  readonly type: "INSTANCE" | "GROUP";
  readonly name: string;
}

/** keepalived's words for what is told. */
export type ToldState = "MASTER" | "BACKUP" | "FAULT" | "STOP" | "DELETED";

/** One thing to tell; times are wall-clock milliseconds. */
export type NotifyEvent =
  | {
      readonly kind: "state";
      readonly subject: Subject;
      readonly state: ToldState;
      /** Absent: not known, and not of interest. */
      readonly from?: VrrpState;
      /** The effective priority; 0 for a group. */
      readonly priority: number;
      readonly cause: Cause;
      readonly atMs: number;
    }
  /** A MASTER has heard another of lower priority. */
  | {
      readonly kind: "lower-priority-heard";
      readonly instance: string;
      /** The instance's own. */
      readonly priority: number;
      readonly atMs: number;
    }
  | {
      readonly kind: "priority-changed";
      readonly instance: string;
      readonly priority: number;
      readonly atMs: number;
    }
  /** Something that a person should look at began or ended. */
  | {
      readonly kind: "alarm";
      readonly instance: string;
      /** Kebab-case, stable. */
      readonly alarm: string;
      readonly active: boolean;
      readonly text: string;
      readonly atMs: number;
    }
  | {
      readonly kind: "virtual-server";
      readonly key: VirtualServerKey;
      readonly up: boolean;
      readonly cause: Cause;
      readonly atMs: number;
    }
  | {
      readonly kind: "real-server";
      readonly key: VirtualServerKey;
      readonly address: IpAddress;
      readonly port: number;
      readonly up: boolean;
      readonly cause: Cause;
      readonly atMs: number;
    };

/** `INSTANCE VI_1`: how a subject is found again. */
export function subjectKey(subject: Subject): string {
  return `${subject.type} ${subject.name}`;
}
