// How a MASTER gives up its addresses by request. Nobody should be without them in the meantime, so
// they stay until a successor announces them or none can come any more. Another Keelson router is
// asked to take over at once, which spares the skew time that follows on priority 0; any other router
// is left to the way of RFC 9568 section 6.4.3.

import type { VrrpInstance } from "../model/vrrp-instance.ts";
import { backupUnder, becomeMaster, enterFault, stay, transition } from "./moves.ts";
import type { HeardAdvert, Leaving, Master, VrrpDeed, VrrpEvent, VrrpStep } from "./state.ts";
import { handoverMs } from "./timers.ts";

/** How long other routers have to answer an offer: half an interval, within these. */
const OFFER_MIN_MS = 20;
const OFFER_MAX_MS = 200;
/** How long the one that was told to take over has until its first advert. */
const GRANT_MS = 100;
/** How long the addresses stay after the successor's first advert, for its ARP to arrive. */
const SUCCESSOR_GRACE_MS = 50;

const STOPPED_BY_REQUEST = { kind: "stopped", text: "stopped by request" };

/** Begins to leave; `offers`: other Keelson routers can be asked. */
export function leave(
  config: VrrpInstance,
  state: Master,
  outcome: Leaving["outcome"],
  offers: boolean,
  nowMs: number,
): VrrpStep {
  const leaving: Leaving = {
    role: "LEAVING",
    phase: "offering",
    ready: state.ready,
    outcome,
    successor: undefined,
    endsAtMs: nowMs + offerMs(config),
  };
  const first: VrrpStep = offers
    ? { state: leaving, deeds: [{ kind: "offer-handover" }] }
    : giveUp(config, leaving, nowMs);
  if (outcome === "backup") return first;
  const record = transition(state, leaving, STOPPED_BY_REQUEST);
  return { state: first.state, deeds: [...first.deeds, record] };
}

function offerMs({ advertIntervalCs }: VrrpInstance): number {
  return Math.min(OFFER_MAX_MS, Math.max(OFFER_MIN_MS, advertIntervalCs * 5));
}

/** The RFC's way: priority 0, and whoever is there waits its skew time. */
function giveUp(config: VrrpInstance, state: Leaving, nowMs: number): VrrpStep {
  const endsAtMs = nowMs + handoverMs(config.version, config.advertIntervalCs * 10);
  return {
    state: { ...state, phase: "announced", endsAtMs },
    deeds: [{ kind: "send-advert", priority: 0 }],
  };
}

/** One event while leaving. */
export function stepLeaving(
  config: VrrpInstance,
  state: Leaving,
  event: VrrpEvent,
  nowMs: number,
): VrrpStep {
  switch (event.kind) {
    case "successor-found":
      if (state.phase !== "offering") return stay(state);
      return {
        state: { ...state, phase: "granted", endsAtMs: nowMs + GRANT_MS },
        deeds: [{ kind: "grant-handover", to: event.address }],
      };
    case "advert-received":
      return hearSuccessor(state, event.advert);
    case "clock-reached":
      if (nowMs < state.endsAtMs) return stay(state);
      return state.phase === "announced" ? end(config, state, nowMs) : giveUp(config, state, nowMs);
    case "stop":
      if (state.outcome === "stopped") return stay(state);
      return endAs(state, { ...state, outcome: "stopped" });
    case "condition-changed":
      if (event.condition.kind === "ready") return stay({ ...state, ready: event.condition });
      if (event.condition.kind === "waiting") return stay(state);
      if (state.outcome === "stopped") return finish();
      return enterFault(state, { role: "FAULT", cause: event.condition.cause });
    case "machine-resumed":
      return end(config, state, nowMs);
    case "started":
    case "failover":
    case "handed-over":
    case "master-answers":
    case "group-takes-over":
    case "group-yields":
    case "config-changed":
      return stay(state);
  }
}

function endAs(from: Leaving, to: Leaving): VrrpStep {
  return { state: to, deeds: [transition(from, to, STOPPED_BY_REQUEST)] };
}

function hearSuccessor(state: Leaving, advert: HeardAdvert): VrrpStep {
  if (advert.priority === 0) return stay(state);
  const graceAtMs = advert.atMs + SUCCESSOR_GRACE_MS;
  const endsAtMs = state.phase === "announced" ? Math.min(state.endsAtMs, graceAtMs) : graceAtMs;
  return stay({ ...state, phase: "announced", successor: advert, endsAtMs });
}

function end(config: VrrpInstance, state: Leaving, nowMs: number): VrrpStep {
  if (state.outcome === "stopped") return finish();
  const { successor, ready } = state;
  if (successor === undefined) {
    const cause = { kind: "nobody-took-over", text: "no other router took over" };
    return becomeMaster(config, "MASTER", ready, cause, nowMs);
  }
  const backup = { ...backupUnder(config, ready, successor), standsAside: true };
  const text = `gave up the addresses by request; ${successor.source} (priority ${successor.priority}) took over`;
  const deeds: readonly VrrpDeed[] = [
    { kind: "settle-addresses" },
    transition(state, backup, { kind: "failover", text }),
  ];
  return { state: backup, deeds };
}

function finish(): VrrpStep {
  return {
    state: { role: "STOPPED" },
    deeds: [{ kind: "settle-addresses" }, { kind: "finish" }],
  };
}
