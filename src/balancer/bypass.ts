// Connections that nobody balances: with `cacheBypass` a packet of a service by mark, for which there
// is no cache, goes on to where its client sent it.

import { type IpAddress, ipAddressBytes } from "../base/address.ts";
import { type Connection, newConnection } from "./connection.ts";
import { newDestination, zeroCounters } from "./destination.ts";
import type { Newcomer } from "./scheduling.ts";

/** A connection that leads to the address it was made for. No counter knows of it, as in IPVS. */
export function bypassConnection(newcomer: Newcomer): Connection {
  const nowhere = (newcomer.destination.includes(":") ? "::" : "0.0.0.0") as IpAddress;
  const wish = {
    address: nowhere,
    port: 0,
    weight: 0,
    forwarding: "DR",
    upperThreshold: 0,
    lowerThreshold: 0,
  } as const;
  const connection = newConnection(
    {
      protocol: newcomer.protocol,
      clientAddress: newcomer.source,
      clientPort: newcomer.sourcePort,
      virtualAddress: newcomer.destination,
      virtualPort: newcomer.destinationPort,
      destinationPort: 0,
    },
    {
      destination: newDestination(wish, { counters: zeroCounters() }),
      template: false,
      virtualAddressBytes: ipAddressBytes(newcomer.destination),
      control: undefined,
    },
  );
  return { ...connection, forwarding: "BYPASS" };
}
