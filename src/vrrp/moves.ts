// The moves of the machine: each makes one step out of a state and a reason.

import type { IpAddress } from "../base/address.ts";
import type { Cause, VrrpState } from "../model/status.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import {
  type Backup,
  type FaultState,
  type HeardAdvert,
  type Init,
  type Master,
  NEVER,
  type Ready,
  type VrrpDeed,
  type VrrpMachineState,
  type VrrpStep,
  vrrpStateName,
} from "./state.ts";
import { patienceMs, queryLeadMs } from "./timers.ts";

/** Two announcements that other routers provoke are at least this far apart. */
const ASSERTION_GAP_MS = 250;
/** Two adverts that other routers provoke are at least this far apart, or a quarter interval. */
const ADVERT_GAP_MS = 10;

/** A former MASTER is asked this often at first, and ever more rarely up to the maximum. */
const QUERY_GAP_MIN_MS = 1000;
export const QUERY_GAP_MAX_MS = 60_000;

/** The state, and nothing to do. */
export function stay(state: VrrpMachineState): VrrpStep {
  return { state, deeds: NOTHING };
}

const NOTHING: readonly VrrpDeed[] = [];

/** Takes the addresses: first the advert, so that others stand back, then addresses, then ARP. */
export function becomeMaster(
  config: VrrpInstance,
  from: VrrpState,
  ready: Ready,
  cause: Cause,
  nowMs: number,
): VrrpStep {
  const { delayMs, repeat, refreshMs } = config.garp;
  const state: Master = {
    role: "MASTER",
    ready,
    advertAtMs: nowMs + config.advertIntervalCs * 10,
    advertSentAtMs: nowMs,
    announcedAtMs: nowMs,
    secondBurstAtMs: delayMs > 0 ? nowMs + delayMs : NEVER,
    assertionAtMs: NEVER,
    refreshAtMs: refreshMs > 0 ? nowMs + refreshMs : NEVER,
    formerMaster: undefined,
    queryAtMs: NEVER,
    queryGapMs: Math.max(QUERY_GAP_MIN_MS, config.advertIntervalCs * 10),
  };
  const deeds: readonly VrrpDeed[] = [
    { kind: "send-advert", priority: ready.priority },
    { kind: "settle-addresses" },
    { kind: "announce", repeat },
  ];
  const record: VrrpDeed = { kind: "record-transition", from, to: "MASTER", cause };
  return { state, deeds: from === "MASTER" ? deeds : [...deeds, record] };
}

/** Becomes MASTER because the Down timer ran out, and says which of the reasons it was. */
export function resumeAfterSilence(config: VrrpInstance, state: Backup, nowMs: number): VrrpStep {
  const cause = causeOfSilence(config, state, nowMs);
  const taken = becomeMaster(config, "BACKUP", state.ready, cause, nowMs);
  const { heard } = state;
  if (cause.kind !== "master-down" || heard === undefined || taken.state.role !== "MASTER")
    return taken;
  const queryAtMs = nowMs + taken.state.queryGapMs;
  return { ...taken, state: { ...taken.state, formerMaster: heard.source, queryAtMs } };
}

/** Why a router takes over that was told to. */
export function handedOver(by: IpAddress): Cause {
  return { kind: "handed-over", text: `${by} handed the addresses over` };
}

function causeOfSilence(config: VrrpInstance, state: Backup, nowMs: number): Cause {
  if (state.asksGroup && state.handedOverBy !== undefined) return handedOver(state.handedOverBy);
  const { heard, ready } = state;
  if (heard === undefined) {
    const waitedMs = Math.round(nowMs - state.silentSinceMs);
    return { kind: "no-master", text: `no advert from any router for ${waitedMs} ms` };
  }
  const who = heard.source;
  if (heard.priority === 0) return { kind: "priority-zero", text: `${who} gave up (priority 0)` };
  const silenceMs = nowMs - heard.atMs;
  if (heard.priority < ready.priority && silenceMs < 2 * state.masterIntervalMs && config.preempt) {
    const text = `${who} has the lower priority ${heard.priority}, this router ${ready.priority}`;
    return { kind: "preempting", text };
  }
  const text = `no advert from ${who} (priority ${heard.priority}) for ${Math.round(silenceMs)} ms`;
  return { kind: "master-down", text };
}

/** Starts to listen, with a whole Down interval of patience. */
export function enterBackup(
  config: VrrpInstance,
  from: Init | FaultState,
  ready: Ready,
  nowMs: number,
): VrrpStep {
  const intervalMs = config.advertIntervalCs * 10;
  const state: Backup = {
    role: "BACKUP",
    ready,
    undecided: from.role === "INIT",
    masterIntervalMs: intervalMs,
    silentSinceMs: nowMs,
    masterDownAtMs: nowMs + patienceMs(config, ready.priority, intervalMs),
    heard: undefined,
    preemptAtMs: NEVER,
    asksGroup: false,
    queryAtMs: NEVER,
    standsAside: false,
  };
  const cause: Cause =
    from.role === "INIT"
      ? { kind: "started", text: "started" }
      : { kind: "recovered", text: `the fault is over (${from.cause.text})` };
  return { state, deeds: [transition(from, state, cause), { kind: "settle-addresses" }] };
}

/** Takes no part: something is broken (FAULT) or not known yet (INIT). */
export function enterFault(from: VrrpMachineState, to: FaultState | Init): VrrpStep {
  const deeds: VrrpDeed[] = [];
  const speaks = from.role === "MASTER" || (from.role === "LEAVING" && from.phase !== "announced");
  if (speaks) deeds.push({ kind: "send-advert", priority: 0 });
  if (from.role !== to.role) deeds.push(transition(from, to, to.cause));
  deeds.push({ kind: "settle-addresses" });
  return { state: to, deeds };
}

/**
 * Gives way to another MASTER. A last advert goes first: it makes the other one announce the
 * addresses again, so that no host keeps this router's hardware address.
 */
export function yieldTo(
  config: VrrpInstance,
  state: Master,
  advert: HeardAdvert,
  reason: "higher" | "stalled",
): VrrpStep {
  const { ready } = state;
  const backup = backupUnder(config, ready, advert);
  const intervalMs = backup.masterIntervalMs;
  const deeds: VrrpDeed[] = [];
  // A third router learns its patience from whom it heard last. With a shorter interval than the
  // new MASTER's, the goodbye would teach it too little, and it would take over again and again.
  const sameRhythm = intervalMs === config.advertIntervalCs * 10;
  const { strict = false, higherPrioritySendAdvert = sameRhythm && !strict } = config.options ?? {};
  if (reason === "higher" && higherPrioritySendAdvert)
    deeds.push({ kind: "send-advert", priority: ready.priority });
  deeds.push({ kind: "settle-addresses" });
  deeds.push(transition(state, backup, causeOfYielding(state, advert, reason)));
  return { state: backup, deeds };
}

function causeOfYielding(state: Master, advert: HeardAdvert, reason: "higher" | "stalled"): Cause {
  const who = advert.source;
  const own = state.ready.priority;
  if (reason === "stalled") {
    const silenceMs = Math.round(advert.atMs - state.advertSentAtMs);
    const text = `${who} (priority ${advert.priority}) took over after ${silenceMs} ms without own adverts`;
    return { kind: "stalled", text };
  }
  if (advert.priority > own) {
    const text = `${who} has the higher priority ${advert.priority}, this router ${own}`;
    return { kind: "higher-priority-advert", text };
  }
  const owners = own === 255 ? "; two routers claim to own the addresses" : "";
  const text = `${who} has the same priority ${own} and the higher address${owners}`;
  return { kind: "equal-priority-higher-address", text };
}

/** The regular advert; the next one keeps the rhythm unless this one is late by an interval. */
export function sendAdvert(config: VrrpInstance, state: Master, nowMs: number): VrrpStep {
  const intervalMs = config.advertIntervalCs * 10;
  const onTimeMs = state.advertAtMs + intervalMs;
  const advertAtMs = onTimeMs > nowMs ? onTimeMs : nowMs + intervalMs;
  return {
    state: { ...state, advertAtMs, advertSentAtMs: nowMs },
    deeds: [{ kind: "send-advert", priority: state.ready.priority }],
  };
}

/**
 * Answers a router that claims the addresses without right (RFC 9568 section 6.4.3 (725)), at a
 * bounded rate: without a bound two routers that cannot agree would answer each other for ever.
 */
export function assertMastership(
  config: VrrpInstance,
  state: Master,
  options: { readonly announce: boolean },
  nowMs: number,
): VrrpStep {
  const intervalMs = config.advertIntervalCs * 10;
  const allowedAtMs = state.advertSentAtMs + Math.max(intervalMs / 4, ADVERT_GAP_MS);
  const deeds: VrrpDeed[] = [];
  let next = state;
  const { strict = false, lowerPriorityNoAdvert = strict } = config.options ?? {};
  if (options.announce && lowerPriorityNoAdvert) {
    // The lower router hears the next regular advert.
  } else if (nowMs >= allowedAtMs) {
    deeds.push({ kind: "send-advert", priority: state.ready.priority });
    next = { ...next, advertAtMs: nowMs + intervalMs, advertSentAtMs: nowMs };
  } else {
    next = { ...next, advertAtMs: Math.min(next.advertAtMs, allowedAtMs) };
  }
  const repeat = config.options?.garpLowerPriorityRepeat ?? config.garp.repeat;
  if (!options.announce || repeat === 0) return { state: next, deeds };
  const delayMs = config.options?.garpLowerPriorityDelayMs ?? 0;
  if (delayMs > 0 && nowMs + delayMs < next.secondBurstAtMs)
    next = { ...next, secondBurstAtMs: nowMs + delayMs, secondBurstRepeat: repeat };
  if (nowMs >= state.announcedAtMs + ASSERTION_GAP_MS) {
    const announced = announceAgain(next, repeat, nowMs);
    return { state: announced.state, deeds: [...deeds, ...announced.deeds] };
  }
  const assertionAtMs = Math.min(next.assertionAtMs, state.announcedAtMs + ASSERTION_GAP_MS);
  return { state: { ...next, assertionAtMs }, deeds };
}

/** Announces the addresses once more. */
export function announceAgain(state: Master, repeat: number, nowMs: number): VrrpStep {
  return {
    state: { ...state, announcedAtMs: nowMs, assertionAtMs: NEVER },
    deeds: [{ kind: "announce", repeat }],
  };
}

/** A BACKUP that has just heard its MASTER. */
export function backupUnder(config: VrrpInstance, ready: Ready, advert: HeardAdvert): Backup {
  const intervalMs = config.version === 3 ? advert.intervalMs : config.advertIntervalCs * 10;
  const masterDownAtMs = advert.atMs + patienceMs(config, ready.priority, intervalMs);
  return {
    role: "BACKUP",
    ready,
    undecided: false,
    masterIntervalMs: intervalMs,
    silentSinceMs: advert.atMs,
    masterDownAtMs,
    heard: advert,
    preemptAtMs: NEVER,
    asksGroup: false,
    queryAtMs: masterDownAtMs - queryLeadMs(intervalMs),
    standsAside: false,
  };
}

/** Becomes BACKUP for a reason other than an advert, with a whole Down interval of patience. */
export function stepBack(
  config: VrrpInstance,
  state: Master,
  cause: Cause,
  nowMs: number,
): VrrpStep {
  const intervalMs = config.advertIntervalCs * 10;
  const backup: Backup = {
    role: "BACKUP",
    ready: state.ready,
    undecided: false,
    masterIntervalMs: intervalMs,
    silentSinceMs: nowMs,
    masterDownAtMs: nowMs + patienceMs(config, state.ready.priority, intervalMs),
    heard: undefined,
    preemptAtMs: NEVER,
    asksGroup: false,
    queryAtMs: NEVER,
    standsAside: false,
  };
  return {
    state: backup,
    deeds: [{ kind: "settle-addresses" }, transition(state, backup, cause)],
  };
}

/** The record of a change of state. */
export function transition(from: VrrpMachineState, to: VrrpMachineState, cause: Cause): VrrpDeed {
  return {
    kind: "record-transition",
    from: vrrpStateName(from),
    to: vrrpStateName(to),
    cause,
  };
}
