// FULLNAT: an address and port of this host that stand for a client at one real server.

import type { IpAddress } from "../base/address.ts";
import { hashOfEnds, portsWord } from "./flow-hash.ts";

/** Ports that the kernel does not give to this host's own connections, while nobody has changed its range. */
const FIRST_PORT = 1024;
const PORTS = 32_768 - FIRST_PORT;
/** The eBPF program goes on at random behind the first tries; here all follow the flow's hash. */
const TRIES = 48;

/** An address and port of this host. */
export interface BorrowedEnd {
  readonly address: IpAddress;
  readonly port: number;
}

/** The client's side of the connection, and who may stand for it. */
export interface Borrower {
  readonly clientAddress: IpAddress;
  readonly clientPort: number;
  readonly virtualAddress: IpAddress;
  readonly virtualPort: number;
}

/** The first end that is not taken, by the flow's hash; undefined when all tries are. */
export function borrowEnd(
  borrower: Borrower,
  sources: readonly IpAddress[],
  isTaken: (end: BorrowedEnd) => boolean,
): BorrowedEnd | undefined {
  const { clientAddress, clientPort, virtualAddress, virtualPort } = borrower;
  const ports = portsWord(clientPort, virtualPort);
  const hash = hashOfEnds(clientAddress, virtualAddress, ports, true);
  for (let i = 0; i < TRIES; i++) {
    const n = (hash + i) >>> 0;
    const address = sources[n % sources.length];
    if (address === undefined) return undefined;
    const end = { address, port: FIRST_PORT + (Math.floor(n / sources.length) % PORTS) };
    if (!isTaken(end)) return end;
  }
  return undefined;
}
