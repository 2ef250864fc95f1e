// Connections and templates of the maps as the datagrams of synchronisation tell of them.

import {
  familyOf,
  type IpAddress,
  ipAddressBytes,
  ipAddressFromBytes,
  ipv4Number,
} from "../../base/address.ts";
import { type SyncConnection, syncFlags } from "../../wire/ipvs-sync/sync-connection.ts";
import {
  type ConnectionRecord,
  decodeConnectionRecord,
  decodeTemplateKey,
} from "../../wire/maps/connection-record.ts";
import type { CopyNote } from "../../wire/maps/copy-records.ts";
import type { DestinationRecord } from "../../wire/maps/destination-record.ts";
import { encodeIndex } from "../../wire/maps/fields.ts";
import { methodNumbers } from "../../wire/maps/service-record.ts";
import type { SettingsRecord } from "../../wire/maps/settings-record.ts";
import { decodeTemplateRecord } from "../../wire/maps/template-record.ts";
import type { BalancerMaps } from "./programs.ts";

const tcp = 6;
const sctp = 132;
const established = { [tcp]: 1, [sctp]: 8 } as const;
/** States of which other directors hear: ESTABLISHED and what follows it. */
const toldStates: Readonly<Record<number, readonly number[]>> = {
  [tcp]: [1, 4, 5, 6, 7],
  [sctp]: [8, 9, 10, 11, 13],
};
/** In seconds by state, as IPVS has them. */
const sctpTimeoutsS: readonly number[] = [2, 4, 61, 61, 61, 61, 61, 61, 900, 61, 61, 61, 4, 61];
/** Methods that the format can tell: NAT, local, tunnel, direct routing, bypass. */
const methodMax = 4;

type Destinations = ReadonlyMap<number, DestinationRecord>;

/** The mark by which a destination's service knows its packets; 0: by address. */
function markOf(destination: DestinationRecord): number {
  return destination.protocol === 0 ? ipv4Number(destination.virtualAddress) : 0;
}

/** A mark stands in the first four bytes of an address of the client's family. */
function inFamilyOf(client: IpAddress, address: IpAddress): IpAddress {
  if (familyOf(client) === familyOf(address)) return address;
  const bytes = new Uint8Array(16);
  bytes.set(ipAddressBytes(address));
  return ipAddressFromBytes(bytes);
}

function timeoutOf(
  { key, state }: ConnectionRecord,
  settings: SettingsRecord,
  unitS: number,
): number {
  if (key.protocol === sctp) return sctpTimeoutsS[state] ?? 61;
  const units = key.protocol === tcp ? settings.tcpTimeouts[state] : settings.udpTimeout;
  return Math.max(1, Math.round((units ?? 0) * unitS));
}

/** Undefined for what is not told of: a state too early or too late, a method that only we know. */
export function syncOfConnection(
  record: ConnectionRecord,
  destinations: Destinations,
  settings: SettingsRecord,
  unitS: number,
): SyncConnection | undefined {
  const { key, method, state } = record;
  const destination = destinations.get(record.destination);
  if (destination === undefined || destination.generation !== record.generation) return undefined;
  if (method > methodMax || toldStates[key.protocol]?.includes(state) === false) return undefined;
  const realAddress = familyOf(key.client) === 6 ? destination.address : record.realAddress;
  if (familyOf(realAddress) !== familyOf(key.client)) return undefined;
  return {
    protocol: key.protocol,
    flags:
      method |
      (method === methodNumbers.NAT ? 0 : syncFlags.noOutput) |
      (record.active ? 0 : syncFlags.inactive) |
      (record.synced ? syncFlags.sync : 0),
    state: key.protocol === tcp || key.protocol === sctp ? state : 0,
    client: key.client,
    clientPort: key.clientPort,
    virtual: key.virtualAddress,
    virtualPort: key.virtualPort,
    destination: realAddress,
    destinationPort: record.realPort,
    fwmark: markOf(destination),
    timeoutS: timeoutOf(record, settings, unitS),
  };
}

/** A template, of which the first argument is the map's key. Undefined when its destination is gone. */
export function syncOfTemplate(
  keyBytes: Uint8Array,
  value: Uint8Array,
  destinations: Destinations,
  unitS: number,
): SyncConnection | undefined {
  const key = decodeTemplateKey(keyBytes);
  const template = decodeTemplateRecord(value);
  const destination = destinations.get(template.destination);
  if (destination === undefined || destination.generation !== template.generation) return undefined;
  if (destination.method > methodMax) return undefined;
  if (familyOf(destination.address) !== familyOf(key.client)) return undefined;
  return {
    protocol: key.protocol,
    flags: destination.method | syncFlags.template | syncFlags.inactive,
    state: template.assured ? 1 : 0,
    client: key.client,
    clientPort: 0,
    virtual: inFamilyOf(key.client, key.virtualAddress),
    virtualPort: key.virtualPort,
    destination: destination.address,
    destinationPort: key.virtualPort === 0 ? 0 : destination.port,
    fwmark: markOf(destination),
    timeoutS: Math.max(1, Math.round(template.timeout * unitS)),
  };
}

/** Whether a connection is one that a director which came late should still hear of. */
export function isSettled({ key, state }: ConnectionRecord): boolean {
  if (key.protocol === tcp) return state === established[tcp];
  return key.protocol !== sctp || state === established[sctp];
}

/** What notes are about, as it is now: each connection and each template once. */
export function syncOfNotes(
  notes: readonly CopyNote[],
  maps: BalancerMaps,
  destinations: Destinations,
  settings: SettingsRecord,
  unitS: number,
): readonly SyncConnection[] {
  const told: SyncConnection[] = [];
  const places = new Set<number>();
  const templates = new Map<string, Uint8Array>();
  for (const { place, template } of notes) {
    if (place !== undefined) places.add(place);
    if (template !== undefined) templates.set(template.join("."), template);
  }
  // Templates first: a connection that follows its template finds it.
  for (const key of templates.values()) {
    const value = maps.templates.lookup(key);
    const template = value && syncOfTemplate(key, value, destinations, unitS);
    if (template !== undefined) told.push(template);
  }
  for (const place of places) {
    const bytes = maps.connections.lookup(encodeIndex(place));
    const ends = maps.addresses6.lookup(encodeIndex(place)) ?? new Uint8Array(32);
    const record = bytes && decodeConnectionRecord(bytes, ends);
    const connection = record && syncOfConnection(record, destinations, settings, unitS);
    if (connection !== undefined) told.push(connection);
  }
  return told;
}
