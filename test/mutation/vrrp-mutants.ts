// Machines with one mistake each. A test that notices none of them would not notice it in ours.

import { type IpAddress, ipv4Number } from "../../src/base/address.ts";
import { ok } from "../../src/base/result.ts";
import type { HeardAdvert, VrrpDeed, VrrpMachineState } from "../../src/vrrp/state.ts";
import type { Machine, StepArguments, StepResult } from "../simulation/scene/watched-step.ts";
import type { Validation } from "../simulation/scene/watched-validation.ts";

/** One mistake, and which tests must notice it. */
export interface VrrpMutant {
  readonly name: string;
  /** The file of test/conformance and the number of a test in it that must fail. */
  readonly killedBy: readonly [file: string, id: string];
  /** False: no invariant of the simulation speaks of it. */
  readonly killedBySeeds: boolean;
  readonly machine?: (machine: Machine) => Machine;
  readonly validation?: (validation: Validation) => Validation;
}

type Change = (call: StepArguments, result: StepResult) => StepResult;
type State<Role> = Extract<VrrpMachineState, { readonly role: Role }>;

/** Changes what comes out of a step. */
function after(change: Change): (machine: Machine) => Machine {
  return (machine) =>
    (...call) =>
      change(call, machine(...call));
}

/** Changes the adverts that the machine hears; `own` is the state that hears them. */
function hearing(
  change: (advert: HeardAdvert, state: VrrpMachineState, call: StepArguments) => HeardAdvert,
): (machine: Machine) => Machine {
  return (machine) =>
    (...call) => {
      const [config, state, event, nowMs] = call;
      if (event.kind !== "advert-received") return machine(...call);
      return machine(config, state, { ...event, advert: change(event.advert, state, call) }, nowMs);
    };
}

function heardBy<Role extends "BACKUP" | "MASTER">(
  role: Role,
  [, state, event]: StepArguments,
): { readonly state: State<Role>; readonly advert: HeardAdvert } | undefined {
  if (state.role !== role || event.kind !== "advert-received") return undefined;
  return { state: state as State<Role>, advert: event.advert };
}

function without(deeds: readonly VrrpDeed[], kind: VrrpDeed["kind"]): readonly VrrpDeed[] {
  return deeds.filter((deed) => deed.kind !== kind);
}

function downMs(call: StepArguments, priority: number): number {
  const [config] = call;
  const intervalMs = config.advertIntervalCs * 10;
  return 3 * intervalMs + ((256 - priority) * (config.version === 2 ? 1000 : intervalMs)) / 256;
}

function isLower({ state, advert }: { state: State<"MASTER">; advert: HeardAdvert }): boolean {
  return advert.priority > 0 && advert.priority < state.ready.priority;
}

/** Makes an advert of the own priority come from a greater or a lesser address. */
function fromAddress(advert: HeardAdvert, greater: boolean): HeardAdvert {
  return { ...advert, source: (greater ? "255.255.255.254" : "0.0.0.1") as IpAddress };
}

function isEqual(advert: HeardAdvert, state: VrrpMachineState): state is State<"MASTER"> {
  return state.role === "MASTER" && advert.priority === state.ready.priority;
}

export const VRRP_MUTANTS: readonly VrrpMutant[] = [
  {
    name: "no interval is learned",
    killedBy: ["timers", "T5"],
    killedBySeeds: true,
    machine: hearing((advert, _state, [config]) => ({
      ...advert,
      intervalMs: config.advertIntervalCs * 10,
    })),
  },
  {
    name: "a stop says no priority 0",
    killedBy: ["transitions", "A-1"],
    killedBySeeds: true,
    machine: after((_call, result) => ({
      ...result,
      deeds: result.deeds.filter((deed) => deed.kind !== "send-advert" || deed.priority > 0),
    })),
  },
  {
    name: "priority 0 starts the whole Down timer",
    killedBy: ["transitions", "B-4"],
    killedBySeeds: true,
    machine: after((call, result) => {
      const heard = heardBy("BACKUP", call);
      if (heard?.advert.priority !== 0 || result.state.role !== "BACKUP") return result;
      const masterDownAtMs = heard.advert.atMs + downMs(call, heard.state.ready.priority);
      return { ...result, state: { ...result.state, masterDownAtMs } };
    }),
  },
  {
    name: "a lower advert starts the Down timer anew",
    killedBy: ["transitions", "B-8"],
    killedBySeeds: true,
    machine: (machine) => (config, state, event, nowMs) =>
      machine(
        state.role === "BACKUP" && event.kind === "advert-received"
          ? { ...config, preempt: false }
          : config,
        state,
        event,
        nowMs,
      ),
  },
  {
    name: "any packet starts the Adver timer anew",
    killedBy: ["transitions", "A-11"],
    killedBySeeds: true,
    validation: (validation) => (packet, link, instances, wallMs) => {
      const verdict = validation(packet, link, instances, wallMs);
      if (verdict.ok || verdict.fault.vrid === undefined) return verdict;
      const expectation = instances.get(verdict.fault.vrid)?.[0];
      if (expectation === undefined) return verdict;
      return ok({
        vrid: verdict.fault.vrid,
        priority: -1,
        source: "10.99.99.99" as IpAddress,
        intervalMs: 1000,
        notes: [],
        lesson: { checksum: "message" as const },
        expectation,
      });
    },
    machine: (machine) => (config, state, event, nowMs) => {
      if (event.kind !== "advert-received" || event.advert.priority >= 0)
        return machine(config, state, event, nowMs);
      if (state.role !== "MASTER") return { state, deeds: [] };
      return { state: { ...state, advertAtMs: nowMs + config.advertIntervalCs * 10 }, deeds: [] };
    },
  },
  {
    name: "addresses are compared with a sign",
    killedBy: ["transitions", "A-6"],
    killedBySeeds: true,
    machine: hearing((advert, state) => {
      if (!isEqual(advert, state)) return advert;
      const signed = (address: IpAddress): number => ipv4Number(address) | 0;
      return fromAddress(advert, signed(advert.source) > signed(state.ready.source));
    }),
  },
  {
    name: "between equals everybody yields",
    killedBy: ["transitions", "A-6"],
    killedBySeeds: true,
    machine: hearing((advert, state) =>
      isEqual(advert, state) ? fromAddress(advert, true) : advert,
    ),
  },
  {
    name: "between equals nobody yields",
    killedBy: ["transitions", "A-6"],
    killedBySeeds: true,
    machine: hearing((advert, state) =>
      isEqual(advert, state) ? fromAddress(advert, false) : advert,
    ),
  },
  {
    name: "a lower advert is not answered",
    killedBy: ["transitions", "A-9"],
    killedBySeeds: false,
    machine: after((call, result) => {
      const heard = heardBy("MASTER", call);
      if (heard === undefined || !isLower(heard)) return result;
      return { state: heard.state, deeds: without(result.deeds, "send-advert") };
    }),
  },
  {
    name: "priority 0 is not answered",
    killedBy: ["transitions", "A-3"],
    killedBySeeds: false,
    machine: after((call, result) => {
      const heard = heardBy("MASTER", call);
      return heard?.advert.priority === 0 ? { state: heard.state, deeds: [] } : result;
    }),
  },
  {
    name: "an Active without preemption does not yield to a higher one",
    killedBy: ["timers", "T7"],
    killedBySeeds: true,
    machine: after((call, result) => {
      const heard = heardBy("MASTER", call);
      return heard !== undefined && !call[0].preempt ? { state: heard.state, deeds: [] } : result;
    }),
  },
  {
    name: "the owner waits like anybody else",
    killedBy: ["transitions", "I-1"],
    killedBySeeds: false,
    machine: (machine) => (config, state, event, nowMs) => {
      if (event.kind !== "started" || event.condition.kind !== "ready")
        return machine(config, state, event, nowMs);
      const condition = { ...event.condition, priority: Math.min(254, event.condition.priority) };
      return machine(config, state, { ...event, condition }, nowMs);
    },
  },
  {
    name: "answers to lower adverts have no bound",
    killedBy: ["engine-rules", "E-2"],
    killedBySeeds: false,
    machine: after((call, result) => {
      const heard = heardBy("MASTER", call);
      if (heard === undefined || !isLower(heard)) return result;
      const { priority } = heard.state.ready;
      const others = without(result.deeds, "send-advert");
      return { ...result, deeds: [{ kind: "send-advert", priority }, ...others] };
    }),
  },
  {
    name: "nothing is announced against a lower advert",
    killedBy: ["engine-rules", "1.7.2"],
    killedBySeeds: false,
    machine: after((call, result) => {
      const heard = heardBy("MASTER", call);
      if (heard === undefined || result.state.role !== "MASTER") return result;
      const state = { ...result.state, assertionAtMs: Number.POSITIVE_INFINITY };
      return { state, deeds: without(result.deeds, "announce") };
    }),
  },
  {
    name: "who yields keeps its addresses",
    killedBy: ["transitions", "A-4"],
    killedBySeeds: true,
    machine: after((call, result) => {
      const heard = heardBy("MASTER", call);
      if (heard === undefined || result.state.role !== "BACKUP") return result;
      return { ...result, deeds: without(result.deeds, "settle-addresses") };
    }),
  },
  {
    name: "the skew of version 2 grows with the interval",
    killedBy: ["timers", "T3"],
    killedBySeeds: false,
    machine: after((call, result) => {
      const [config] = call;
      const heard = heardBy("BACKUP", call);
      if (config.version !== 2 || heard?.advert.priority !== 0) return result;
      if (result.state.role !== "BACKUP") return result;
      const skew = ((256 - heard.state.ready.priority) * config.advertIntervalCs * 10) / 256;
      return { ...result, state: { ...result.state, masterDownAtMs: heard.advert.atMs + skew } };
    }),
  },
  {
    name: "timers lose fractions of a centisecond",
    killedBy: ["timers", "T1"],
    killedBySeeds: false,
    machine: after((call, result) => {
      const heard = heardBy("BACKUP", call);
      if (heard === undefined || result.state.role !== "BACKUP") return result;
      const { atMs } = heard.advert;
      const waitMs = Math.floor((result.state.masterDownAtMs - atMs) / 10) * 10;
      return { ...result, state: { ...result.state, masterDownAtMs: atMs + waitMs } };
    }),
  },
  {
    name: "the Down timer counts from when the advert is read",
    killedBy: ["engine-rules", "E-3"],
    killedBySeeds: false,
    machine: hearing((advert, _state, [, , , nowMs]) => ({ ...advert, atMs: nowMs })),
  },
  {
    name: "an equal advert does not count for a Backup",
    killedBy: ["transitions", "B-9"],
    killedBySeeds: true,
    machine: hearing((advert, state) =>
      state.role === "BACKUP" && advert.priority === state.ready.priority
        ? { ...advert, priority: Math.max(1, advert.priority - 1) }
        : advert,
    ),
  },
];
