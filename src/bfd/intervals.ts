// The arithmetic of BFD's timers (RFC 5880 sections 6.8.2 to 6.8.4 and 6.8.7).

import type { BfdSession } from "../model/bfd-session.ts";
import type { BfdMachineState } from "./state.ts";

/** Until a session is up it speaks at most once a second (section 6.8.3). */
const SLOW_US = 1_000_000;
const FIELD_MAX_US = 4_294_967_295;

/** Microseconds for a field of a packet. */
function micros(milliseconds: number): number {
  return Math.min(FIELD_MAX_US, Math.max(1, Math.round(milliseconds * 1000)));
}

/** The Desired Min TX Interval of a session that is up, or not. */
export function desiredTransmitUs(config: BfdSession, up: boolean): number {
  return up ? micros(config.minTransmitMs) : Math.max(SLOW_US, micros(config.idleTransmitMs));
}

/** The Required Min RX Interval. */
export function requiredReceiveUs(config: BfdSession): number {
  return micros(config.minReceiveMs);
}

/** The distance of periodic packets before jitter; 0: none may be sent (section 6.8.7). */
export function transmitIntervalUs(config: BfdSession, state: BfdMachineState): number {
  const { remote } = state;
  if (config.passive && state.remoteDiscriminator === 0) return 0;
  if (remote?.requiredReceiveUs === 0) return 0;
  const quiet = remote?.demand === true && state.role === "Up" && remote.state === "Up";
  if (quiet && state.poll === "none") return 0;
  return Math.max(state.actingTransmitUs, remote?.requiredReceiveUs ?? 1);
}

/** When the next periodic packet follows one: 75..100 % of the interval, at most 90 % with multiplier 1. */
export function jittered(config: BfdSession, intervalUs: number, random: number): number {
  const span = config.multiplier === 1 ? 0.15 : 0.25;
  return (intervalUs / 1000) * (0.75 + span * random);
}

/** How long the neighbour may be silent; undefined: nothing has been heard (section 6.8.4). */
export function detectionMs(state: BfdMachineState): number | undefined {
  const { remote } = state;
  if (remote === undefined) return undefined;
  return (remote.multiplier * Math.max(state.actingReceiveUs, remote.desiredTransmitUs)) / 1000;
}

/** How long the neighbour waits for this side before it gives up. */
export function remoteDetectionMs(config: BfdSession, state: BfdMachineState): number {
  const intervalUs = Math.max(state.desiredTransmitUs, state.remote?.requiredReceiveUs ?? 1);
  return (config.multiplier * intervalUs) / 1000;
}
