// Who says on a link that an address is its own: ARP and neighbour advertisements of other machines.

import type { IpAddress } from "../base/address.ts";
import type { Result } from "../base/result.ts";
import type { KernelFault } from "./kernel.ts";

/** One machine's word that an address is its own. */
export interface AddressClaim {
  readonly address: IpAddress;
  /** 6 bytes. */
  readonly mac: Uint8Array;
}

/** Listens on one interface. */
export interface ClaimSocket {
  /**
   * Asks who has an address: ARP from nobody (RFC 5227), neighbour solicitation from this machine's
   * link-local address, so that the answer goes to nobody else. Without one, IPv6 is not asked for.
   */
  probe(address: IpAddress): void;
  /** False: its interface has gone, or another one has the name now. It hears nothing any more. */
  isAlive(): boolean;
  close(): void;
}

export interface ClaimNetwork {
  /** `onClaim` is called for claims of other machines; not for those of this interface's own MAC. */
  open(
    interfaceName: string,
    onClaim: (claim: AddressClaim) => void,
  ): Result<ClaimSocket, KernelFault>;
}
