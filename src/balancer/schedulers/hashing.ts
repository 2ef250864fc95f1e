// dh and sh: a table of 256 places, chosen by a hash of an address. No state but the table.

import { type DestinationEntry, isUsable } from "../destination.ts";
import { foldAddress, hash32, type Scheduler } from "../scheduler.ts";

const TABLE_BITS = 8;
const TABLE_SIZE = 1 << TABLE_BITS;

/** dh: by the packet's destination; every real server gets equal parts of the table. */
export function destinationHashing(): Scheduler {
  return hashing(
    (input) => foldAddress(input.destination),
    () => 1,
    false,
  );
}

/** sh: by the client's address; parts of the table by weight. A full or drained choice refuses. */
export function sourceHashing(): Scheduler {
  return hashing(
    (input) => foldAddress(input.source),
    (entry) => entry.weight,
    true,
  );
}

function hashing(
  addressOf: (input: Parameters<Scheduler["choose"]>[1]) => number,
  places: (entry: DestinationEntry) => number,
  rebuildOnEdit: boolean,
): Scheduler {
  let table: readonly DestinationEntry[] = [];
  return {
    choose(_destinations, input) {
      const entry = table[hash32(addressOf(input), TABLE_BITS)];
      return entry?.available && isUsable(entry) ? entry : undefined;
    },
    listChanged(destinations, change) {
      if (change !== "changed" || rebuildOnEdit) table = fillTable(destinations, places);
    },
  };
}

/** Runs of each destination's length in list order, round and round; at least one place each. */
function fillTable(
  destinations: readonly DestinationEntry[],
  places: (entry: DestinationEntry) => number,
): readonly DestinationEntry[] {
  const table: DestinationEntry[] = [];
  while (destinations.length > 0 && table.length < TABLE_SIZE) {
    for (const entry of destinations) {
      for (let place = 0; place < Math.max(1, places(entry)); place++) table.push(entry);
    }
  }
  return table.slice(0, TABLE_SIZE);
}
