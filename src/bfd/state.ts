// The values of the machine of one session: state, events, deeds. Timers are facts in the state.

import type { BfdPacket, BfdState } from "../wire/bfd-packet.ts";

/** A point in time that never comes. */
export const NEVER: number = Number.POSITIVE_INFINITY;

/** What the last accepted packet said of the neighbour. */
export interface RemoteView {
  readonly state: BfdState;
  readonly diagnostic: number;
  readonly multiplier: number;
  readonly desiredTransmitUs: number;
  /** 0: it wants no periodic packets. */
  readonly requiredReceiveUs: number;
  readonly demand: boolean;
}

/** One session (RFC 5880 section 6.8.1). */
export interface BfdMachineState {
  readonly role: BfdState;
  readonly diagnostic: number;
  /** Its own discriminator, not 0, constant for its life. */
  readonly discriminator: number;
  /** 0 until the neighbour is heard, and again when it falls silent. */
  readonly remoteDiscriminator: number;
  /** Undefined until the neighbour is heard, and again when it falls silent. */
  readonly remote: RemoteView | undefined;
  /** What packets say; the neighbour may still count with older values while a poll is under way. */
  readonly desiredTransmitUs: number;
  readonly requiredReceiveUs: number;
  /** What counts in the meantime (section 6.8.3). */
  readonly actingTransmitUs: number;
  readonly actingReceiveUs: number;
  readonly poll: "none" | "active" | "active-and-again";
  readonly sentAtMs: number;
  readonly transmitAtMs: number;
  /** The distance of packets from which `transmitAtMs` was made; 0: there are none. */
  readonly intervalUs: number;
  readonly detectAtMs: number;
}

export type BfdEvent =
  | { readonly kind: "started" }
  | { readonly kind: "clock-reached" }
  /** A packet that is for this session; `atMs` is when the kernel received it. */
  | { readonly kind: "packet-received"; readonly packet: BfdPacket; readonly atMs: number }
  /** The settings have changed; those of the step count from here on. */
  | { readonly kind: "config-changed" }
  /** The session is taken down on purpose. */
  | { readonly kind: "disabled" };

export type BfdDeed =
  | { readonly kind: "send"; readonly packet: BfdPacket }
  | { readonly kind: "record-transition"; readonly from: BfdState; readonly to: BfdState };

/** The outcome of one event. */
export interface BfdStep {
  readonly state: BfdMachineState;
  readonly deeds: readonly BfdDeed[];
}

/** When the machine wants to be woken with `clock-reached`; undefined: never. */
export function bfdWakeAtMs(state: BfdMachineState): number | undefined {
  const atMs = Math.min(state.transmitAtMs, state.detectAtMs);
  return atMs === NEVER ? undefined : atMs;
}
