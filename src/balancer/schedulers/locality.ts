// lblc and lblcr: what is asked for at one address goes to one server, or to one set of servers, as
// long as they can bear it; so that the caches of cache servers do not all hold the same.

import { connectionOverhead, type DestinationEntry, isUsable } from "../destination.ts";
import type { Scheduler } from "../scheduler.ts";
import { leastLoaded } from "./least-connection.ts";
import { LocalityTable } from "./locality-table.ts";

/** lblc: one server an address; another by wlc when it is gone, drained or has too much to do. */
export function localityLeastConnection(): Scheduler {
  const table = new LocalityTable<{ usedAtMs: number; destination: DestinationEntry }>();
  return {
    choose(destinations, { destination: address, nowMs, lblcExpirationS }) {
      const known = table.use(address, nowMs, lblcExpirationS * 1000)?.destination;
      // A server at its upper threshold keeps its addresses: only the wlc choice asks for that.
      const standing = known?.available && known.weight > 0 && !isBurdened(known, destinations);
      if (standing) return known;
      const destination = wlcChoice(destinations);
      if (destination !== undefined) table.put(address, { usedAtMs: nowMs, destination });
      return destination;
    },
  };
}

/** A set of servers for one address, the last added first. */
interface Replicas {
  usedAtMs: number;
  changedAtMs: number;
  members: DestinationEntry[];
}

/** lblcr: a set of servers an address, which grows under load and shrinks when it rests. */
export function localityLeastConnectionWithReplication(): Scheduler {
  const table = new LocalityTable<Replicas>();
  return {
    choose(destinations, { destination: address, nowMs, lblcrExpirationS }) {
      const expirationMs = lblcrExpirationS * 1000;
      const replicas = table.use(address, nowMs, expirationMs);
      if (replicas === undefined) {
        const destination = wlcChoice(destinations);
        if (destination !== undefined)
          table.put(address, { usedAtMs: nowMs, changedAtMs: nowMs, members: [destination] });
        return destination;
      }
      const least = leastOfSet(replicas.members);
      if (replicas.members.length > 1 && nowMs - replicas.changedAtMs > expirationMs)
        dropMost(replicas, nowMs);
      if (least !== undefined && !isBurdened(least, destinations)) return least;
      const destination = wlcChoice(destinations);
      if (destination !== undefined && !replicas.members.includes(destination)) {
        replicas.members.unshift(destination);
        replicas.changedAtMs = nowMs;
      }
      return destination;
    },
  };
}

function wlcChoice(destinations: readonly DestinationEntry[]): DestinationEntry | undefined {
  return leastLoaded(destinations, connectionOverhead, ({ weight }) => weight);
}

/** More active connections than weight, while somebody has fewer than half of its own. */
function isBurdened(entry: DestinationEntry, destinations: readonly DestinationEntry[]): boolean {
  if (entry.activeConnections <= entry.weight) return false;
  return destinations.some((other) => other.activeConnections * 2 < other.weight);
}

function leastOfSet(members: readonly DestinationEntry[]): DestinationEntry | undefined {
  return wlcChoice(members.filter((entry) => entry.available && isUsable(entry)));
}

/** Takes out the member with the most to do for its weight; drained ones stay where they are. */
function dropMost(replicas: Replicas, nowMs: number): void {
  let most: DestinationEntry | undefined;
  for (const entry of replicas.members) {
    if (entry.weight <= 0) continue;
    const isMore =
      most === undefined ||
      connectionOverhead(most) * entry.weight < connectionOverhead(entry) * most.weight;
    if (isMore) most = entry;
  }
  if (most === undefined) return;
  replicas.members = replicas.members.filter((entry) => entry !== most);
  replicas.changedAtMs = nowMs;
}
