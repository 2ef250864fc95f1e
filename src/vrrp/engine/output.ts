// What the engine needs and what it tells.

import type { Cause, VrrpState } from "../../model/status.ts";
import type { Clock } from "../../world/clock.ts";
import type { HostKernel } from "../../world/host-kernel.ts";
import type { AddressKernel } from "../../world/kernel.ts";
import type { LogEvent } from "../../world/log.ts";
import type { PeerNetwork } from "../../world/peer-network.ts";
import type { Alarm, VrrpNetwork } from "../../world/vrrp-network.ts";

/** The outside, real or simulated. */
export interface EngineWorld {
  readonly clock: Clock;
  readonly network: VrrpNetwork;
  readonly kernel: AddressKernel;
  readonly host: HostKernel;
  /** Absent: other Keelson routers are not spoken with. */
  readonly peers?: PeerNetwork;
  openAlarm(onAlarm: () => void): Alarm;
  /** Takes a message; must neither block nor call back. */
  tell(output: EngineOutput): void;
}

/** News of the engine; times are wall-clock milliseconds. */
export type EngineOutput =
  | {
      readonly kind: "transition";
      readonly instance: string;
      readonly from: VrrpState;
      readonly to: VrrpState;
      readonly cause: Cause;
      /** The effective priority; absent: as it was told last. */
      readonly priority?: number;
      readonly atMs: number;
    }
  /** A sync group has moved as a whole. */
  | {
      readonly kind: "group-transition";
      readonly group: string;
      readonly from: VrrpState;
      readonly to: VrrpState;
      readonly cause: Cause;
      readonly atMs: number;
    }
  /** The effective priority of an instance has changed. */
  | {
      readonly kind: "priority-changed";
      readonly instance: string;
      readonly from: number;
      readonly to: number;
      readonly atMs: number;
    }
  /** A MASTER has heard an advert of a lower priority. */
  | {
      readonly kind: "lower-priority-heard";
      readonly instance: string;
      readonly priority: number;
      readonly atMs: number;
    }
  /** A BFD session has changed its state. */
  | {
      readonly kind: "bfd-session";
      readonly session: string;
      readonly up: boolean;
      readonly text: string;
      readonly atMs: number;
    }
  /** Something that a person should look at began or ended: two routers hold the addresses, adverts do not arrive ... */
  | {
      readonly kind: "alarm";
      readonly instance: string;
      /** Kebab-case, stable. */
      readonly alarm: string;
      readonly active: boolean;
      readonly text: string;
      readonly atMs: number;
    }
  /** A virtual address was not as it should be, and not by our doing. */
  | {
      readonly kind: "repair";
      readonly found: string;
      readonly done: string;
      readonly ok: boolean;
      readonly atMs: number;
    }
  | { readonly kind: "log"; readonly event: LogEvent }
  /** Every instance has been stopped and has given back its addresses. */
  | { readonly kind: "stopped" };

/** Lets one message of a kind through in a while, so that hostile packets cannot flood a log. */
export class LogLimiter {
  readonly #nextAtMs = new Map<string, number>();
  readonly #gapMs: number;

  constructor(gapMs: number) {
    this.#gapMs = gapMs;
  }

  /** True when a message about `topic` may be written at this time. */
  allows(topic: string, nowMs: number): boolean {
    if (nowMs < (this.#nextAtMs.get(topic) ?? 0)) return false;
    this.#nextAtMs.set(topic, nowMs + this.#gapMs);
    return true;
  }
}
