// What the records of services say in numbers, in the table's words.

import type { IpAddress } from "../../base/address.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import type { ForwardingMethod, SchedulerName } from "../../model/virtual-server.ts";
import {
  methodNumbers,
  type ServiceRecord,
  schedulerNumbers,
  zeroCounters,
} from "../../wire/maps/service-record.ts";
import type { EngineFault } from "../../world/engine.ts";

/** A service's record before anything is said of it. */
export function emptyService(scheduler: number): ServiceRecord {
  return {
    scheduler,
    flags: 0,
    persistenceSeconds: 0,
    persistencePrefix: 32,
    cursorPlace: 0,
    cursorWeight: 0,
    weightMax: 0,
    weightStep: 1,
    table: 0,
    persistenceGroup: 0,
    retired: zeroCounters,
    candidates: [],
  };
}

/** Where a real server stands among the candidates; -1: nowhere. */
export function placeOf(
  record: ServiceRecord,
  at: { readonly address: IpAddress; readonly port: number },
): number {
  return record.candidates.findIndex(
    ({ address, port }) => address === at.address && port === at.port,
  );
}

/** The forwarding method of a number in the maps. */
export function forwardingOf(method: number): ForwardingMethod {
  const found = Object.entries(methodNumbers).find(([, number]) => number === method);
  return (found?.[0] ?? "DR") as ForwardingMethod;
}

/** The scheduler of a number in the maps. */
export function schedulerName(scheduler: number): SchedulerName {
  const found = Object.entries(schedulerNumbers).find(([, number]) => number === scheduler);
  return (found?.[0] ?? "rr") as SchedulerName;
}

/** The number of a scheduler in the maps. */
export function numberOfScheduler(name: SchedulerName): Result<number, EngineFault> {
  const found = Object.entries(schedulerNumbers).find(([known]) => known === name);
  if (found !== undefined) return ok(found[1]);
  const text = `scheduler ${name} is not supported by the xdp engine`;
  return fail({ kind: "not-supported", text });
}
