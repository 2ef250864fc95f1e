// Packets and bytes, counted at a connection's destination and its service. A removed destination
// counts nothing, as in IPVS.

import type { Connection } from "./connection.ts";

/** A packet from the client; `bytes` is the length of the IP packet as it arrived. */
export function countIn({ destination }: Connection, bytes: number): void {
  if (!destination.available) return;
  for (const counters of [destination.counters, destination.service.counters]) {
    counters.inPackets++;
    counters.inBytes += bytes;
  }
}

/** A packet from the real server. */
export function countOut({ destination }: Connection, bytes: number): void {
  if (!destination.available) return;
  for (const counters of [destination.counters, destination.service.counters]) {
    counters.outPackets++;
    counters.outBytes += bytes;
  }
}
