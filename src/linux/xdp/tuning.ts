// The numbers that are compiled into the program when it is loaded: the coarse clock and the table's size.

import type { TuningRecord } from "../../wire/maps/small-records.ts";

/** A template that is over while connections hold it lives on in steps of this. */
const templateRearmS = 60;
/** IPVS's SCTP timeouts in seconds, by state: NONE, INIT1, INIT ... ESTABLISHED ... CLOSED. */
const sctpTimeoutsS = [2, 4, 61, 61, 61, 61, 61, 61, 900, 61, 61, 61, 4, 61];
/** How long after a flood a first packet need not be a SYN; a handshake takes no longer. */
const statelessGraceS = 60;

/** Slots of the table for so many connections: at most half of them are taken. */
export function slotsFor(connectionsMax: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(connectionsMax, 16) * 2));
}

/** Seconds on the coarse clock, at least one unit. */
export function unitsOf(seconds: number, unitS: number): number {
  return Math.max(1, Math.round(seconds / unitS));
}

/** Units of the coarse clock are between a quarter and half a second. */
export function tuningFor(
  jiffiesPerSecond: number,
  slots: number,
  seed: readonly [bigint, bigint],
): TuningRecord {
  const clockShift = Math.floor(Math.log2(jiffiesPerSecond / 2));
  const units = (seconds: number): number => unitsOf(seconds, 2 ** clockShift / jiffiesPerSecond);
  return {
    clockShift,
    jiffiesPerSecond,
    halfOpenMax: Math.max(1, Math.floor(slots / 4)),
    connectionsMax: slots / 2,
    templateRearm: units(templateRearmS),
    statelessGrace: units(statelessGraceS),
    slotMask: slots - 1,
    sctpTimeouts: sctpTimeoutsS.map(units),
    seed,
  };
}
