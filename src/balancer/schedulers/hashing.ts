// dh, sh and mh: a table of places, chosen by a hash of an address. No state but the table.

import { type DestinationEntry, isUsable } from "../destination.ts";
import { foldAddress, hash32, type Scheduler, type SchedulingInput } from "../scheduler.ts";
import { hashTableBits, maglevPlace, maglevPlaces, maglevTableSize, runsInTurn } from "./places.ts";

/** dh: by the packet's destination; every real server gets equal parts of the table. */
export function destinationHashing(): Scheduler {
  let table: readonly DestinationEntry[] = [];
  return {
    choose(_destinations, input) {
      const entry = table[hash32(foldAddress(input.destination), hashTableBits)];
      return entry !== undefined && isUsable(entry) ? entry : undefined;
    },
    listChanged(destinations, change) {
      if (change !== "changed") table = entriesAt(destinations, runsInTurn(ones(destinations)));
    },
  };
}

/** sh: by the client's address; parts of the table by weight. */
export function sourceHashing(): Scheduler {
  return clientHashing(
    1 << hashTableBits,
    (value, offset) => (hash32(value, hashTableBits) + offset) % (1 << hashTableBits),
    (destinations) => runsInTurn(destinations.map(({ weight }) => weight)),
  );
}

/** mh: by the client's address; a table that changes little when a server comes or goes. */
export function maglevHashing(): Scheduler {
  return clientHashing(
    maglevTableSize,
    (value, offset) => maglevPlace(value + offset),
    maglevPlaces,
  );
}

/** `placeOf` gives the place for a hashed value, or the one to try at an offset from it. */
function clientHashing(
  size: number,
  placeOf: (value: number, offset: number) => number,
  fill: (destinations: readonly DestinationEntry[]) => Uint16Array,
): Scheduler {
  let table: readonly DestinationEntry[] = [];
  return {
    choose(_destinations, input) {
      const value = clientValue(input);
      const first = placeOf(value, 0);
      const entry = table[first];
      if (entry === undefined || isUsable(entry)) return entry;
      if (!input.flags.includes(1)) return undefined;
      for (let step = 0; step < size; step++) {
        const other = table[placeOf(value, (first + step) % size)];
        if (other !== undefined && isUsable(other)) return other;
      }
      return undefined;
    },
    listChanged(destinations) {
      table = entriesAt(destinations, fill(destinations));
    },
  };
}

/** The client's address, and its port too where the service says so. */
function clientValue({ source, sourcePort, flags }: SchedulingInput): number {
  return (foldAddress(source) + (flags.includes(2) ? sourcePort : 0)) % 2 ** 32;
}

function ones(destinations: readonly DestinationEntry[]): readonly number[] {
  return destinations.map(() => 1);
}

function entriesAt(
  destinations: readonly DestinationEntry[],
  places: Uint16Array,
): readonly DestinationEntry[] {
  return Array.from(places, (index) => destinations[index]).filter((entry) => entry !== undefined);
}
