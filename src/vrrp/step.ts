// The election (RFC 3768 and RFC 9568 section 6.4) with keepalived's extensions. All control flow
// is here; RFC 9568's rule numbers of the transition table stand beside their branches.

import { compareAddresses, type IpAddress } from "../base/address.ts";
import type { Cause } from "../model/status.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import type { Condition } from "./condition.ts";
import { leave, stepLeaving } from "./leaving.ts";
import {
  announceAgain,
  assertMastership,
  becomeMaster,
  enterBackup,
  enterFault,
  handedOver,
  QUERY_GAP_MAX_MS,
  resumeAfterSilence,
  sendAdvert,
  stay,
  stepBack,
  yieldTo,
} from "./moves.ts";
import {
  type Backup,
  type HeardAdvert,
  type Master,
  NEVER,
  type VrrpEvent,
  type VrrpMachineState,
  type VrrpStep,
} from "./state.ts";
import { patienceMs, queryLeadMs, skewMs } from "./timers.ts";

/**
 * One event in, a new state and the deeds out, in the order in which they must be done.
 * `nowMs` is monotonic; early `clock-reached` events do nothing.
 */
export function stepVrrp(
  config: VrrpInstance,
  state: VrrpMachineState,
  event: VrrpEvent,
  nowMs: number,
): VrrpStep {
  switch (state.role) {
    case "INIT":
    case "FAULT":
      return stepIdle(config, state, event, nowMs);
    case "BACKUP":
      return stepBackup(config, state, event, nowMs);
    case "MASTER":
      return stepMaster(config, state, event, nowMs);
    case "LEAVING":
      return stepLeaving(config, state, event, nowMs);
    case "STOPPED":
      return stay(state);
  }
}

// RFC 9568 section 6.4.1, and keepalived's FAULT.
function stepIdle(
  config: VrrpInstance,
  state: Extract<VrrpMachineState, { readonly role: "INIT" | "FAULT" }>,
  event: VrrpEvent,
  nowMs: number,
): VrrpStep {
  switch (event.kind) {
    case "started":
    case "condition-changed":
      if (event.resumes !== undefined && event.condition.kind === "ready")
        return becomeMaster(config, state.role, event.condition, event.resumes, nowMs);
      return enterCondition(config, state, event.condition, nowMs);
    case "stop":
      return {
        state: { role: "STOPPED" },
        deeds: [{ kind: "settle-addresses" }, { kind: "finish" }],
      };
    default:
      return stay(state);
  }
}

function enterCondition(
  config: VrrpInstance,
  state: Extract<VrrpMachineState, { readonly role: "INIT" | "FAULT" }>,
  condition: Condition,
  nowMs: number,
): VrrpStep {
  switch (condition.kind) {
    case "ready": {
      if (condition.priority !== 255) return enterBackup(config, state, condition, nowMs); // I-3, I-4
      if (isAlone(config)) return becomeMaster(config, state.role, condition, OWNER, nowMs); // I-1
      const listening = enterBackup(config, state, condition, nowMs);
      if (listening.state.role !== "BACKUP") return listening;
      return { ...listening, state: { ...listening.state, masterDownAtMs: nowMs } };
    }
    case "waiting":
      return enterFault(state, { role: "INIT", cause: condition.cause });
    case "fault":
      return enterFault(state, { role: "FAULT", cause: condition.cause });
  }
}

const OWNER: Cause = { kind: "address-owner", text: "priority 255 owns the addresses" };

/** Members of a sync group become MASTER together. */
function isAlone(config: VrrpInstance): boolean {
  return config.options?.syncGroup === undefined;
}

// RFC 9568 section 6.4.2.
function stepBackup(
  config: VrrpInstance,
  state: Backup,
  event: VrrpEvent,
  nowMs: number,
): VrrpStep {
  switch (event.kind) {
    case "started":
      return stay(state);
    case "stop": // B-1
      return {
        state: { role: "STOPPED" },
        deeds: [
          {
            kind: "record-transition",
            from: "BACKUP",
            to: "INIT",
            cause: { kind: "stopped", text: "stopped by request" },
          },
          { kind: "settle-addresses" },
          { kind: "finish" },
        ],
      };
    case "clock-reached": // B-2
      if (nowMs < state.masterDownAtMs && nowMs >= state.queryAtMs) return askMaster(state);
      if (nowMs < state.masterDownAtMs || state.asksGroup) return stay(state);
      if (isAlone(config)) return resumeAfterSilence(config, state, nowMs);
      return askGroup(state, undefined);
    case "group-takes-over":
      if (state.asksGroup) return resumeAfterSilence(config, state, nowMs);
      return becomeMaster(config, "BACKUP", state.ready, event.cause, nowMs);
    case "handed-over":
      if (!isAlone(config)) return askGroup(state, event.by);
      return becomeMaster(config, "BACKUP", state.ready, handedOver(event.by), nowMs);
    case "machine-resumed":
      return stay(rearm(config, { ...state, heard: undefined, silentSinceMs: nowMs }));
    case "advert-received":
      return hearInBackup(config, state, event.advert);
    case "condition-changed":
      return changeBackup(config, state, event.condition, nowMs);
    case "config-changed": {
      const intervalMs =
        config.version === 2 || state.heard === undefined
          ? config.advertIntervalCs * 10
          : state.masterIntervalMs;
      return stay(rearm(config, { ...state, masterIntervalMs: intervalMs }));
    }
    case "master-answers":
      return hearInBackup(config, state, { ...event, intervalMs: state.masterIntervalMs });
    case "failover":
    case "successor-found":
    case "group-yields":
      return stay(state);
  }
}

/** Only once for each silence; the answer starts the Down timer anew. */
function askMaster(state: Backup): VrrpStep {
  const asked = { ...state, queryAtMs: NEVER };
  if (state.heard === undefined) return stay(asked);
  return { state: asked, deeds: [{ kind: "query-master", address: state.heard.source }] };
}

/** Members of a sync group wait for one another; `handedOverBy` is why, undefined for silence. */
function askGroup(state: Backup, handedOverBy: IpAddress | undefined): VrrpStep {
  return { state: { ...state, asksGroup: true, handedOverBy }, deeds: [{ kind: "ask-group" }] };
}

function hearInBackup(config: VrrpInstance, state: Backup, advert: HeardAdvert): VrrpStep {
  const { priority } = state.ready;
  if (advert.priority === 0) {
    const downAtMs = advert.atMs + skewMs(config.version, priority, state.masterIntervalMs);
    const silent = {
      silentSinceMs: advert.atMs,
      masterDownAtMs: downAtMs,
      asksGroup: false,
      queryAtMs: NEVER,
    };
    return stay({ ...state, heard: advert, ...silent }); // B-4
  }
  // Somebody else holds the addresses, so what was found on the interface is a left-over.
  const deeds: VrrpStep["deeds"] = state.undecided ? [{ kind: "settle-addresses" }] : [];
  const decided: Backup = { ...state, undecided: false, heard: advert };
  const preempts = (config.preempt || priority === 255) && !state.standsAside;
  if (preempts && advert.priority < priority) {
    // A lower MASTER is preempted, whatever it would answer.
    if (config.preemptDelayMs === 0) return { state: { ...decided, queryAtMs: NEVER }, deeds }; // B-8
    const preemptAtMs = Math.min(state.preemptAtMs, advert.atMs + config.preemptDelayMs);
    if (advert.atMs >= preemptAtMs)
      return { state: { ...decided, preemptAtMs, queryAtMs: NEVER }, deeds };
    return { state: proveMaster(config, { ...decided, preemptAtMs }, advert), deeds };
  }
  return { state: proveMaster(config, { ...decided, preemptAtMs: NEVER }, advert), deeds };
}

// B-5, B-6, B-7: version 3 learns the MASTER's interval, version 2 has rejected any other.
function proveMaster(config: VrrpInstance, state: Backup, advert: HeardAdvert): Backup {
  const intervalMs = config.version === 3 ? advert.intervalMs : state.masterIntervalMs;
  const masterDownAtMs = advert.atMs + patienceMs(config, state.ready.priority, intervalMs);
  return {
    ...state,
    masterIntervalMs: intervalMs,
    silentSinceMs: advert.atMs,
    masterDownAtMs,
    asksGroup: false,
    queryAtMs: masterDownAtMs - queryLeadMs(intervalMs),
  };
}

function changeBackup(
  config: VrrpInstance,
  state: Backup,
  condition: Condition,
  nowMs: number,
): VrrpStep {
  switch (condition.kind) {
    case "fault":
      return enterFault(state, { role: "FAULT", cause: condition.cause });
    case "waiting": // A tracker without a result takes nothing away from a running instance.
      return stay(state);
    case "ready": {
      if (condition.priority === 255 && state.ready.priority !== 255 && isAlone(config))
        return becomeMaster(config, "BACKUP", condition, OWNER, nowMs);
      return stay(rearm(config, { ...state, ready: condition }));
    }
  }
}

/** The Down timer of changed parameters, counted from the same moment as before. */
function rearm(config: VrrpInstance, state: Backup): Backup {
  const { priority } = state.ready;
  const waitsMs =
    state.heard?.priority === 0
      ? skewMs(config.version, priority, state.masterIntervalMs)
      : patienceMs(config, priority, state.masterIntervalMs);
  const masterDownAtMs = state.silentSinceMs + waitsMs;
  const proven = state.heard !== undefined && state.heard.priority > 0;
  const queryAtMs = proven ? masterDownAtMs - queryLeadMs(state.masterIntervalMs) : NEVER;
  return { ...state, asksGroup: false, masterDownAtMs, queryAtMs };
}

// RFC 9568 section 6.4.3.
function stepMaster(
  config: VrrpInstance,
  state: Master,
  event: VrrpEvent,
  nowMs: number,
): VrrpStep {
  switch (event.kind) {
    case "started":
      return stay(state);
    case "stop":
      return leave(config, state, "stopped", event.offers, nowMs);
    case "failover":
      return leave(config, state, "backup", event.offers, nowMs);
    case "master-answers": {
      const advert = { ...event, intervalMs: config.advertIntervalCs * 10 };
      return isHigher(advert, state) ? yieldTo(config, state, advert, "higher") : stay(state);
    }
    case "group-yields":
      return stepBack(config, state, event.cause, nowMs);
    case "machine-resumed": {
      const text = `the machine slept for ${Math.round(event.sleptMs)} ms`;
      return stepBack(config, state, { kind: "machine-resumed", text }, nowMs);
    }
    case "handed-over":
    case "successor-found":
    case "group-takes-over":
      return stay(state);
    case "clock-reached":
      return keepMaster(config, state, nowMs);
    case "advert-received":
      return hearInMaster(config, state, event.advert, nowMs);
    case "condition-changed":
      switch (event.condition.kind) {
        case "fault":
          return enterFault(state, { role: "FAULT", cause: event.condition.cause });
        case "waiting":
          return stay(state);
        case "ready":
          return stay({ ...state, ready: event.condition });
      }
      return stay(state);
    case "config-changed": {
      const intervalMs = config.advertIntervalCs * 10;
      const advertAtMs = Math.min(state.advertAtMs, nowMs + intervalMs);
      const refreshAtMs = config.garp.refreshMs > 0 ? nowMs + config.garp.refreshMs : NEVER;
      const changed: Master = { ...state, advertAtMs, refreshAtMs };
      if (!event.addressesChanged) return stay(changed);
      const announced = announceAgain(changed, config.garp.repeat, nowMs);
      return { state: announced.state, deeds: [{ kind: "settle-addresses" }, ...announced.deeds] };
    }
  }
}

function keepMaster(config: VrrpInstance, state: Master, nowMs: number): VrrpStep {
  if (nowMs >= state.advertAtMs) {
    // After a stall that lets others take over, hosts may have learned another router's address.
    const stalled = nowMs - state.advertAtMs > 3 * config.advertIntervalCs * 10;
    const sent = sendAdvert(config, state, nowMs);
    return stalled ? announceAfter(sent, state, config.garp.repeat, nowMs) : sent;
  }
  if (nowMs >= state.secondBurstAtMs) {
    const once = { ...state, secondBurstAtMs: NEVER };
    return announceAgain(once, state.secondBurstRepeat ?? config.garp.repeat, nowMs);
  }
  if (nowMs >= state.assertionAtMs) {
    const repeat = config.options?.garpLowerPriorityRepeat ?? config.garp.repeat;
    return announceAgain(state, repeat, nowMs);
  }
  if (nowMs >= state.refreshAtMs) {
    const refreshed = { ...state, refreshAtMs: nowMs + config.garp.refreshMs };
    return announceAgain(refreshed, config.garp.refreshRepeat, nowMs);
  }
  if (nowMs >= state.queryAtMs && state.formerMaster !== undefined) {
    const queryGapMs = Math.min(QUERY_GAP_MAX_MS, 2 * state.queryGapMs);
    const next = { ...state, queryGapMs, queryAtMs: nowMs + state.queryGapMs };
    return { state: next, deeds: [{ kind: "query-master", address: state.formerMaster }] };
  }
  return stay(state);
}

function announceAfter(sent: VrrpStep, was: Master, repeat: number, nowMs: number): VrrpStep {
  const state = sent.state.role === "MASTER" ? sent.state : was;
  const announced = announceAgain(state, repeat, nowMs);
  return { state: announced.state, deeds: [...sent.deeds, ...announced.deeds] };
}

function isHigher(advert: HeardAdvert, { ready }: Master): boolean {
  if (advert.priority !== ready.priority) return advert.priority > ready.priority;
  return compareAddresses(advert.source, ready.source) > 0;
}

function hearInMaster(
  config: VrrpInstance,
  state: Master,
  advert: HeardAdvert,
  nowMs: number,
): VrrpStep {
  const own = state.ready;
  if (advert.source === own.source) return stay(state); // never reaches the machine.
  if (advert.priority === 0) return assertMastership(config, state, { announce: false }, nowMs);
  if (isHigher(advert, state)) return yieldTo(config, state, advert, "higher");
  // Without preemption, whoever took over while this router was silent for too long keeps it.
  const silenceMs = advert.atMs - state.advertSentAtMs;
  const othersWaitMs = patienceMs(config, advert.priority, config.advertIntervalCs * 10);
  if (!config.preempt && own.priority !== 255 && silenceMs > othersWaitMs)
    return yieldTo(config, state, advert, "stalled");
  return assertMastership(config, state, { announce: true }, nowMs);
}
