// One connection as a director tells it to another: IPVS's connection synchronisation.

import type { IpAddress } from "../../base/address.ts";

/** Bits of `flags`: IP_VS_CONN_F_ of the kernel's ip_vs.h, as far as they travel. */
export const syncFlags = {
  /** Three bits: the forwarding method, 0 NAT, 1 local node, 2 tunnel, 3 direct routing, 4 bypass. */
  methodMask: 7,
  /** It came from another director. */
  sync: 0x20,
  /** Only the client's packets are seen. */
  noOutput: 0x80,
  /** Counted as inactive. */
  inactive: 0x100,
  outSequence: 0x200,
  inSequence: 0x400,
  /** The client's port is not known yet. */
  noClientPort: 0x800,
  template: 0x1000,
  onePacket: 0x2000,
} as const;

/** What an application helper has added to sequence numbers in one direction. */
export interface SequenceShift {
  /** Where the shift begins, 0..2^32-1. */
  readonly initial: number;
  /** From there on; 32 bits as they stand on the wire. */
  readonly delta: number;
  /** Before it. */
  readonly previousDelta: number;
}

/** A connection or a persistence template. */
export interface SyncConnection {
  /** Of IP; 0 for the template of a firewall mark. */
  readonly protocol: number;
  /** Bits of `syncFlags`. */
  readonly flags: number;
  /** By its protocol: for TCP 0 NONE, 1 ESTABLISHED ... as ip_vs.h numbers them; of a template 1 is ASSURED. */
  readonly state: number;
  readonly client: IpAddress;
  readonly clientPort: number;
  readonly virtual: IpAddress;
  readonly virtualPort: number;
  readonly destination: IpAddress;
  readonly destinationPort: number;
  readonly fwmark: number;
  /** The whole timeout of its state in seconds, not what is left; 0 in version 0, which does not tell. */
  readonly timeoutS: number;
  readonly sequences?: { readonly in: SequenceShift; readonly out: SequenceShift };
  readonly persistenceEngine?: { readonly name: string; readonly data: Uint8Array };
}
