// Counters of destinations, summed over CPUs, and of services, summed over destinations.

import { ByteReader } from "../../base/bytes.ts";
import type { TrafficCounters } from "../../model/balancer-table.ts";
import { encodeIndex } from "../../wire/maps/fields.ts";
import { mapShapes } from "../../wire/maps/schema.ts";
import { type CounterRecord, readCounters, zeroCounters } from "../../wire/maps/service-record.ts";
import { type EventName, eventNames } from "../../wire/maps/small-records.ts";
import type { BalancerMaps } from "./programs.ts";

export function addCounters(a: CounterRecord, b: CounterRecord): CounterRecord {
  return {
    connections: a.connections + b.connections,
    inPackets: a.inPackets + b.inPackets,
    inBytes: a.inBytes + b.inBytes,
    outPackets: a.outPackets + b.outPackets,
    outBytes: a.outBytes + b.outBytes,
  };
}

/** The counters of one destination's slot. */
export function readCountersOf(maps: BalancerMaps, slot: number): CounterRecord {
  const bytes = maps.counters.lookup(encodeIndex(slot));
  let sum = zeroCounters;
  if (bytes === undefined) return sum;
  for (let at = 0; at < bytes.length; at += mapShapes.counters.valueLength)
    sum = addCounters(sum, readCounters(new ByteReader(bytes.subarray(at), "host")));
  return sum;
}

/** As numbers: exact up to 2^53, which is 9 petabytes. */
export function trafficCounters(record: CounterRecord): TrafficCounters {
  return {
    connections: Number(record.connections),
    inPackets: Number(record.inPackets),
    outPackets: Number(record.outPackets),
    inBytes: Number(record.inBytes),
    outBytes: Number(record.outBytes),
  };
}

/** How often each event has happened. */
export function readEvents(maps: BalancerMaps): Readonly<Record<EventName, number>> {
  const bytes = maps.events.lookup(encodeIndex(0)) ?? new Uint8Array(0);
  const counts: Partial<Record<EventName, number>> = {};
  for (const name of eventNames) counts[name] = 0;
  for (let at = 0; at < bytes.length; at += mapShapes.events.valueLength) {
    const reader = new ByteReader(bytes.subarray(at), "host");
    for (const name of eventNames) counts[name] = (counts[name] ?? 0) + Number(reader.u64());
  }
  return counts as Record<EventName, number>;
}
