// The values of the machine: states, events, deeds. Timers are facts inside the states.

import type { IpAddress } from "../base/address.ts";
import type { Cause, VrrpState } from "../model/status.ts";
import type { Condition } from "./condition.ts";

/** A point in time that never comes. */
export const NEVER: number = Number.POSITIVE_INFINITY;

/** What an instance needs to take part. */
export type Ready = Extract<Condition, { readonly kind: "ready" }>;

/** An accepted advert, as far as the election goes. */
export interface HeardAdvert {
  /** 0..255. */
  readonly priority: number;
  readonly source: IpAddress;
  readonly intervalMs: number;
  /** When the kernel received it, monotonic. */
  readonly atMs: number;
}

/** Not taking part: not started, or something is not known yet. */
export interface Init {
  readonly role: "INIT";
  readonly cause: Cause;
}

/** Something that the instance needs is broken. */
export interface FaultState {
  readonly role: "FAULT";
  readonly cause: Cause;
}

/** Listening to a MASTER, or waiting whether there is one. */
export interface Backup {
  readonly role: "BACKUP";
  readonly ready: Ready;
  /** True until another MASTER is heard: addresses found on the interface stay there. */
  readonly undecided: boolean;
  /** The MASTER's interval where version 3 has learned it, else the own one. */
  readonly masterIntervalMs: number;
  /** From when the silence counts: the start, or the last advert that proved a MASTER. */
  readonly silentSinceMs: number;
  /** When the silence has lasted too long. */
  readonly masterDownAtMs: number;
  /** The last advert, whatever its priority. */
  readonly heard: HeardAdvert | undefined;
  /** When a lower MASTER may be preempted; NEVER while none is heard or no delay is configured. */
  readonly preemptAtMs: number;
  /** The silence has lasted too long, and the other members of the sync group are waited for. */
  readonly asksGroup: boolean;
  /** It asks because this MASTER has handed over. */
  readonly handedOverBy?: IpAddress | undefined;
  /** When the MASTER is asked whether it lives, because its adverts are missing. */
  readonly queryAtMs: number;
  /** It has given up the addresses on request, so that whoever holds them is left alone. */
  readonly standsAside: boolean;
}

/** Holding the addresses and saying so. */
export interface Master {
  readonly role: "MASTER";
  readonly ready: Ready;
  readonly advertAtMs: number;
  readonly advertSentAtMs: number;
  readonly announcedAtMs: number;
  /** When the second burst of announcements is due. */
  readonly secondBurstAtMs: number;
  /** How often that burst announces each address; `garp_master_repeat` when absent. */
  readonly secondBurstRepeat?: number;
  /** When the addresses are announced again because another router claimed them. */
  readonly assertionAtMs: number;
  readonly refreshAtMs: number;
  /** Whose silence made this router MASTER: it is asked, too, in case its adverts are filtered. */
  readonly formerMaster: IpAddress | undefined;
  readonly queryAtMs: number;
  /** The distance of the questions. */
  readonly queryGapMs: number;
}

/**
 * On the way out of MASTER by request: silent, and holding the addresses until a successor has them.
 * `offering`: other Keelson routers are asked who would take over. `granted`: one has been told to.
 * `announced`: priority 0 has been sent, or a successor has been heard.
 */
export interface Leaving {
  readonly role: "LEAVING";
  readonly phase: "offering" | "granted" | "announced";
  readonly ready: Ready;
  /** What becomes of the instance. */
  readonly outcome: "stopped" | "backup";
  /** The advert of the successor. */
  readonly successor: HeardAdvert | undefined;
  readonly endsAtMs: number;
}

/** Stopped; nothing happens any more. */
export interface Stopped {
  readonly role: "STOPPED";
}

export type VrrpMachineState = Init | FaultState | Backup | Master | Leaving | Stopped;

export type VrrpEvent =
  /** `resumes`: the kernel proves that this router was MASTER until a moment ago. */
  | { readonly kind: "started"; readonly condition: Condition; readonly resumes?: Cause }
  /** `offers`: other Keelson routers can be asked to take over. */
  | { readonly kind: "stop"; readonly offers: boolean }
  /** Give up the addresses, and leave them to whoever takes over. */
  | { readonly kind: "failover"; readonly offers: boolean }
  /** A router has agreed to take over. */
  | { readonly kind: "successor-found"; readonly address: IpAddress }
  /** The MASTER has asked this router to take over now. */
  | { readonly kind: "handed-over"; readonly by: IpAddress }
  /** A MASTER that was asked has answered that it is one. */
  | {
      readonly kind: "master-answers";
      readonly source: IpAddress;
      readonly priority: number;
      readonly atMs: number;
    }
  /** The sync group has decided. */
  | { readonly kind: "group-takes-over"; readonly cause: Cause }
  | { readonly kind: "group-yields"; readonly cause: Cause }
  /** The machine slept: what was known of others is worth nothing. */
  | { readonly kind: "machine-resumed"; readonly sleptMs: number }
  | { readonly kind: "clock-reached" }
  | { readonly kind: "advert-received"; readonly advert: HeardAdvert }
  | {
      readonly kind: "condition-changed";
      readonly condition: Condition;
      readonly resumes?: Cause;
    }
  | { readonly kind: "config-changed"; readonly addressesChanged: boolean };

export type VrrpDeed =
  | { readonly kind: "send-advert"; readonly priority: number }
  /** Bring the instance's addresses where the new state wants them, before the next deed. */
  | { readonly kind: "settle-addresses" }
  /** Gratuitous ARP for every address, `repeat` rounds. */
  | { readonly kind: "announce"; readonly repeat: number }
  | {
      readonly kind: "record-transition";
      readonly from: VrrpState;
      readonly to: VrrpState;
      readonly cause: Cause;
    }
  /** Ask a router whether it is MASTER. */
  | { readonly kind: "query-master"; readonly address: IpAddress }
  /** Ask the sync group whether every member would be MASTER. */
  | { readonly kind: "ask-group" }
  /** Ask other Keelson routers who would take over. */
  | { readonly kind: "offer-handover" }
  /** Tell one of them to. */
  | { readonly kind: "grant-handover"; readonly to: IpAddress }
  /** A stopped instance has given back everything. */
  | { readonly kind: "finish" };

/** The outcome of one event. */
export interface VrrpStep {
  readonly state: VrrpMachineState;
  readonly deeds: readonly VrrpDeed[];
}

/** The state before the first event. */
export const NOT_STARTED: Init = {
  role: "INIT",
  cause: { kind: "not-started", text: "not started" },
};

/** The state as users know it. */
export function vrrpStateName(state: VrrpMachineState): VrrpState {
  if (state.role === "LEAVING") return state.outcome === "backup" ? "MASTER" : "INIT";
  return state.role === "STOPPED" ? "INIT" : state.role;
}

/** When the machine wants to be woken with `clock-reached`; undefined: never. */
export function vrrpWakeAtMs(state: VrrpMachineState): number | undefined {
  switch (state.role) {
    case "BACKUP":
      return state.asksGroup ? undefined : Math.min(state.masterDownAtMs, state.queryAtMs);
    case "MASTER":
      return Math.min(
        state.advertAtMs,
        state.secondBurstAtMs,
        state.assertionAtMs,
        state.refreshAtMs,
        state.queryAtMs,
      );
    case "LEAVING":
      return state.endsAtMs;
    case "INIT":
    case "FAULT":
    case "STOPPED":
      return undefined;
  }
}

/**
 * What should be true of the instance's addresses. `undecided`: they stay as they are found, so
 * that a restarted MASTER disturbs nobody before it knows whether it still is one.
 */
export type AddressWish = "held" | "absent" | "undecided";

/** The wish that follows from a state. */
export function addressWish(state: VrrpMachineState): AddressWish {
  switch (state.role) {
    case "MASTER":
    case "LEAVING":
      return "held";
    case "BACKUP":
      return state.undecided ? "undecided" : "absent";
    case "INIT":
      return "undecided";
    case "FAULT":
    case "STOPPED":
      return "absent";
  }
}
