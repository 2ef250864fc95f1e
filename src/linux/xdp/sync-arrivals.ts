// What another director told of connections, put into the table: the destination is looked up here, and
// what finds none waits for it, as the kernel's backup keeps connections without a destination.

import type { IpAddress } from "../../base/address.ts";
import { familyOf } from "../../base/address.ts";
import { type SyncConnection, syncFlags } from "../../wire/ipvs-sync/sync-connection.ts";
import {
  type ArrivalOutcome,
  encodeArrival,
  outcomeOfArrival,
} from "../../wire/maps/copy-records.ts";
import { type EndpointKey, endpointText, markEndpoint } from "../../wire/maps/endpoint-key.ts";
import { methodNumbers } from "../../wire/maps/service-record.ts";
import type { StoredService } from "./table.ts";
import { unitsOf } from "./tuning.ts";

/** Connections that wait for a destination, at most; the oldest go first. */
const waitingMax = 65_536;
/** The longest that anything is kept: the coarse clock must not wrap. */
const timeoutMaxS = 100 * 86_400;
/** Of version 0, which tells none. */
const templateTimeoutS = 180;
const connectionTimeoutS = 900;

const tcp = 6;
const protocols: readonly number[] = [tcp, 17, 132];

interface Place {
  readonly destination: number;
  readonly generation: number;
  readonly method: number;
}

/** What became of connections since the daemon was started. */
export interface ArrivalCounts {
  readonly made: number;
  readonly renewed: number;
  readonly ignored: number;
  /** The table was full. */
  readonly full: number;
  /** They wait for a destination of this director. */
  readonly waiting: number;
  /** They wait for nothing that this engine could do: FTP's data connections and the like. */
  readonly unfit: number;
}

function placeName(address: IpAddress, port: number): string {
  return `${address} ${port}`;
}

/** The service's destinations by address and port. */
type Index = ReadonlyMap<string, ReadonlyMap<string, Place>>;

function indexOf(services: readonly StoredService[]): Index {
  return new Map(
    services.map(({ key, record }) => [
      endpointText(key),
      new Map(
        record.candidates.map(({ address, port, destination, generation, method }) => [
          placeName(address, port),
          { destination, generation, method },
        ]),
      ),
    ]),
  );
}

/** Where the kernel looks for the service: by mark, by address and port, by address alone. */
function endpointsOf(connection: SyncConnection): readonly EndpointKey[] {
  const { fwmark, protocol, virtual, virtualPort } = connection;
  return [
    ...(fwmark > 0 ? [markEndpoint(fwmark, familyOf(connection.client))] : []),
    { address: virtual, port: virtualPort, protocol },
    { address: virtual, port: 0, protocol },
  ];
}

function find(index: Index, connection: SyncConnection): Place | undefined {
  const { destination, destinationPort, virtualPort } = connection;
  for (const endpoint of endpointsOf(connection)) {
    const places = index.get(endpointText(endpoint));
    if (places === undefined) continue;
    for (const port of [destinationPort, 0, virtualPort]) {
      const place = places.get(placeName(destination, port));
      if (place !== undefined) return place;
    }
    return undefined;
  }
  return undefined;
}

function isFit({ flags, protocol, state }: SyncConnection): boolean {
  if ((flags & (syncFlags.noClientPort | syncFlags.onePacket)) !== 0) return false;
  if ((flags & syncFlags.template) !== 0) return protocol === 0 || protocols.includes(protocol);
  return protocols.includes(protocol) && state < 16;
}

function identity(connection: SyncConnection): string {
  const { client, clientPort, virtual, virtualPort, protocol, flags } = connection;
  return `${protocol} ${client} ${clientPort} ${virtual} ${virtualPort} ${flags & syncFlags.template}`;
}

export class Arrivals {
  readonly #services: () => readonly StoredService[];
  readonly #restore: (arrival: Uint8Array) => void;
  readonly #unitS: number;
  readonly #waiting = new Map<
    string,
    { readonly connection: SyncConnection; readonly untilMs: number }
  >();
  readonly #counts: Record<ArrivalOutcome | "unfit", number> = {
    made: 0,
    renewed: 0,
    ignored: 0,
    full: 0,
    unfit: 0,
  };
  #index: Index | undefined;

  /** `restore` runs the program over an arrival, which it changes in place. */
  constructor(
    services: () => readonly StoredService[],
    restore: (arrival: Uint8Array) => void,
    unitS: number,
  ) {
    this.#services = services;
    this.#restore = restore;
    this.#unitS = unitS;
  }

  get counts(): ArrivalCounts {
    return { ...this.#counts, waiting: this.#waiting.size };
  }

  /** Takes one connection or template in. */
  take(connection: SyncConnection, nowMs: number): void {
    if (!isFit(connection)) {
      this.#counts.unfit++;
      return;
    }
    this.#index ??= indexOf(this.#services());
    const place = find(this.#index, connection);
    if (place === undefined) this.#wait(connection, nowMs);
    else this.#put(connection, place);
  }

  /** To be called when the table has changed: destinations may have come for which connections wait. */
  tableChanged(nowMs: number): void {
    this.#index = undefined;
    if (this.#waiting.size === 0) return;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { connection, untilMs } of waiting)
      if (nowMs < untilMs) this.take(connection, nowMs);
  }

  #wait(connection: SyncConnection, nowMs: number): void {
    const name = identity(connection);
    this.#waiting.delete(name);
    if (this.#waiting.size >= waitingMax)
      for (const [oldest] of this.#waiting) {
        this.#waiting.delete(oldest);
        break;
      }
    this.#waiting.set(name, { connection, untilMs: nowMs + this.#timeoutS(connection) * 1000 });
  }

  #timeoutS({ flags, timeoutS }: SyncConnection): number {
    if (timeoutS > 0) return Math.min(timeoutS, timeoutMaxS);
    return (flags & syncFlags.template) !== 0 ? templateTimeoutS : connectionTimeoutS;
  }

  #put(connection: SyncConnection, place: Place): void {
    const template = (connection.flags & syncFlags.template) !== 0;
    const bytes = encodeArrival({
      client: connection.client,
      clientPort: connection.clientPort,
      virtual: connection.virtual,
      virtualPort: connection.virtualPort,
      protocol: connection.protocol,
      ...place,
      realAddress: connection.destination,
      realPort: connection.destinationPort,
      template,
      assured: template && connection.state === 1,
      state: connection.state,
      active: (connection.flags & syncFlags.inactive) === 0,
      // The method is this director's, and so is what it can see.
      noOutput: place.method !== methodNumbers.NAT,
      timeout: unitsOf(this.#timeoutS(connection), this.#unitS),
    });
    this.#restore(bytes);
    this.#counts[outcomeOfArrival(bytes)]++;
  }
}
