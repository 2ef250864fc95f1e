// What dh, sh, mh, lblc and lblcr keep beside the record of their service. A lookup table that changes
// is written under a new number before the service that names it, and the old one goes only when no
// packet can be reading it any more.

import { maglevPlaces, runsInTurn } from "../../balancer/schedulers/places.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { encodeIndex } from "../../wire/maps/fields.ts";
import { placesMax } from "../../wire/maps/schema.ts";
import { type ServiceRecord, schedulerNumbers } from "../../wire/maps/service-record.ts";
import type { EngineFault } from "../../world/engine.ts";
import type { BalancerMaps } from "./programs.ts";

/** A packet that has begun is over by then. */
const graceMs = 1000;

const remembering: readonly number[] = [schedulerNumbers.lblc, schedulerNumbers.lblcr];

/** The table that a service's scheduler looks into; undefined when it has none. */
function placesFor({ scheduler, candidates }: ServiceRecord): Uint16Array | undefined {
  if (scheduler === schedulerNumbers.dh) return runsInTurn(candidates.map(() => 1));
  if (scheduler === schedulerNumbers.sh) return runsInTurn(candidates.map(({ weight }) => weight));
  return scheduler === schedulerNumbers.mh ? maglevPlaces(candidates) : undefined;
}

export class ScheduleTables {
  readonly #maps: Pick<BalancerMaps, "schedule_tables" | "localities">;
  readonly #nowMs: () => number;
  readonly #discarded: { readonly table: number; readonly atMs: number }[] = [];
  #last: number;

  /** `inUse` are the numbers that services name; tables of others are forgotten. */
  constructor(
    maps: Pick<BalancerMaps, "schedule_tables" | "localities">,
    inUse: readonly number[],
    nowMs: () => number,
  ) {
    this.#maps = maps;
    this.#nowMs = nowMs;
    const found = [...maps.schedule_tables.keys(), ...maps.localities.keys()].map(tableOf);
    this.#last = Math.max(0, ...inUse, ...found);
    for (const table of new Set(found)) if (!inUse.includes(table)) this.discard(table);
  }

  /** The record with the number of its table, which stands; `old` is the service as it was. */
  prepare(
    record: ServiceRecord,
    old: ServiceRecord | undefined,
  ): Result<ServiceRecord, EngineFault> {
    const same = old !== undefined && old.scheduler === record.scheduler ? old.table : 0;
    if (remembering.includes(record.scheduler))
      return ok({ ...record, table: same === 0 ? this.#next() : same });
    const places = placesFor(record);
    if (places === undefined || places.length === 0) return ok({ ...record, table: 0 });
    const value = new Uint8Array(placesMax);
    value.set(places);
    const standing = same === 0 ? undefined : this.#maps.schedule_tables.lookup(encodeIndex(same));
    if (standing !== undefined && Buffer.compare(standing, value) === 0)
      return ok({ ...record, table: same });
    const table = this.#next();
    if (this.#maps.schedule_tables.update(encodeIndex(table), value) >= 0)
      return ok({ ...record, table });
    return fail({ kind: "unavailable", text: "no room for another lookup table of dh, sh or mh" });
  }

  /** Forgets a table that no service names any more, a little later; 0 is none. */
  discard(table: number): void {
    if (table !== 0) this.#discarded.push({ table, atMs: this.#nowMs() });
  }

  /** Takes away what was discarded long enough ago. */
  collect(): void {
    const dueMs = this.#nowMs() - graceMs;
    const due = this.#discarded.filter(({ atMs }) => atMs <= dueMs).map(({ table }) => table);
    if (due.length === 0) return;
    this.#discarded.splice(0, due.length);
    for (const table of due) this.#maps.schedule_tables.remove(encodeIndex(table));
    for (const key of this.#maps.localities.keys())
      if (due.includes(tableOf(key))) this.#maps.localities.remove(key);
  }

  #next(): number {
    this.#last = (this.#last + 1) >>> 0 || 1;
    return this.#last;
  }
}

/** The number that a key of either map begins with. */
function tableOf(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset).getUint32(0, true);
}
