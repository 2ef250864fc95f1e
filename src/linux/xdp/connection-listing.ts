// Connections and templates as ipvsadm lists them, read from the maps while somebody walks over them:
// there may be millions, and packets go on changing them.

import { familyOf, type IpAddress, ipv4FromNumber } from "../../base/address.ts";
import type { ConnectionEntry } from "../../model/connection-entry.ts";
import {
  type ConnectionRecord,
  decodeConnectionRecord,
  decodeTemplateKey,
  sctpStateNames,
  tcpStateNames,
} from "../../wire/maps/connection-record.ts";
import { type DestinationRecord, destinationFlags } from "../../wire/maps/destination-record.ts";
import { encodeIndex } from "../../wire/maps/fields.ts";
import { decodePressure } from "../../wire/maps/small-records.ts";
import { decodeTemplateRecord } from "../../wire/maps/template-record.ts";
import type { BalancerMaps } from "./programs.ts";

/** The coarse clock at one moment. */
export interface CoarseTime {
  /** 32 bits, in units. */
  readonly now: number;
  /** Seconds a unit. */
  readonly unitS: number;
}

type Destinations = ReadonlyMap<number, DestinationRecord>;

const protocolNames: Readonly<Record<number, ConnectionEntry["protocol"]>> = {
  0: "IP",
  6: "TCP",
  17: "UDP",
  132: "SCTP",
};

function protocolName(protocol: number): ConnectionEntry["protocol"] {
  return protocolNames[protocol] ?? "IP";
}

function stateName({ key, state }: ConnectionRecord): string {
  if (key.protocol === 6) return tcpStateNames[state] ?? "ERR!";
  if (key.protocol === 132) return sctpStateNames[state] ?? "ERR!";
  return protocolName(key.protocol);
}

/** Whole seconds until then; the clock's 32 bits wrap. Negative when it is over. */
function secondsUntil(expires: number, { now, unitS }: CoarseTime): number {
  return Math.floor(((expires - now) | 0) * unitS);
}

/** Connections in the table, in no order, those included that are over and wait for the sweep. */
export function* eachConnection(
  maps: BalancerMaps,
  destinations: Destinations,
): Generator<ConnectionRecord, void> {
  const state = maps.pressure.lookup(encodeIndex(0));
  const count = state === undefined ? 0 : decodePressure(state).begun;
  const ends = maps.addresses6.eachValue(count);
  for (const bytes of maps.connections.eachValue(count)) {
    const beside = ends.next();
    const record = decodeConnectionRecord(bytes, beside.value ?? new Uint8Array(32));
    if (record === undefined) continue;
    const destination = destinations.get(record.destination);
    // Of IPv6 it stands at the destination.
    const isIpv6 = familyOf(record.key.client) === 6 && destination !== undefined;
    yield isIpv6 ? { ...record, realAddress: destination.address } : record;
  }
}

function* connectionEntries(
  maps: BalancerMaps,
  destinations: Destinations,
  time: CoarseTime,
): Generator<ConnectionEntry, void> {
  for (const record of eachConnection(maps, destinations)) {
    const expiresInS = secondsUntil(record.expires, time);
    if (expiresInS < 0) continue;
    const { key } = record;
    yield {
      protocol: protocolName(key.protocol),
      client: { address: key.client, port: key.clientPort },
      virtual: { address: key.virtualAddress, port: key.virtualPort },
      destination: { address: record.realAddress, port: record.realPort },
      state: stateName(record),
      expiresInS,
      template: false,
      ...(record.synced && { synced: true }),
    };
  }
}

function* templateEntries(
  maps: BalancerMaps,
  destinations: Destinations,
  time: CoarseTime,
): Generator<ConnectionEntry, void> {
  for (const { key: keyBytes, value } of maps.templates.eachEntry()) {
    const key = decodeTemplateKey(keyBytes);
    const template = decodeTemplateRecord(value);
    const destination = destinations.get(template.destination);
    const expiresInS = secondsUntil(template.expires, time);
    if (destination === undefined || (expiresInS < 0 && template.controlled === 0)) continue;
    const none: IpAddress = ipv4FromNumber(0);
    const isHere =
      destination.generation === template.generation &&
      (destination.flags & destinationFlags.used) !== 0;
    yield {
      protocol: protocolName(key.protocol),
      client: { address: key.client, port: 0 },
      virtual: { address: key.virtualAddress, port: key.virtualPort },
      // A template of a service of any port leads to any port of its real server.
      destination: {
        address: isHere ? destination.address : none,
        port: key.virtualPort === 0 ? 0 : destination.port,
      },
      state: template.assured ? "ASSURED" : "NONE",
      expiresInS: Math.max(0, expiresInS),
      template: true,
    };
  }
}

/** What ipvsadm -Lc shows, lazily: each walk reads the maps anew. */
export function connectionListing(
  maps: BalancerMaps,
  destinations: Destinations,
  time: () => CoarseTime,
): Iterable<ConnectionEntry> {
  return {
    *[Symbol.iterator]() {
      const at = time();
      yield* templateEntries(maps, destinations, at);
      yield* connectionEntries(maps, destinations, at);
    },
  };
}
