// What a plan consists of: small changes to standing facts, as data, each with one line of text.

import type { IpAddress } from "../base/address.ts";
import type { Destination, Service } from "../model/balancer-table.ts";
import type { VirtualServerKey } from "../model/virtual-server.ts";

/** An address on an interface, as the kernel has it or should have it. */
export interface AddressFact {
  readonly address: IpAddress;
  readonly prefixLength: number;
  readonly interface: string;
  readonly label?: string;
  readonly broadcast?: IpAddress;
  readonly scope?: number;
  /** The other end of a point-to-point link. */
  readonly peer?: IpAddress;
  /** IFA_F_* as wished; facts of the kernel have none. */
  readonly flags?: number;
  /** How long it is preferred as a source, as wished; absent: as long as it is there. */
  readonly preferredLifetimeS?: number;
  /** False: it is not put back when somebody removes it, as wished. */
  readonly tracked?: boolean;
  /** How long it lives when nobody renews it, as wished; absent: for ever. */
  readonly lifetimeS?: number;
  /** Of the kernel: its whole lifetime since it was renewed last; absent where it stays for ever. */
  readonly leaseMs?: number;
  /** Of the kernel: when an address with a lifetime was renewed last, monotonic; never too late. */
  readonly renewedAtMs?: number;
}

export type AddressOperation =
  | { readonly kind: "add-address"; readonly fact: AddressFact }
  | { readonly kind: "remove-address"; readonly fact: AddressFact };

export type BalancerOperation =
  | { readonly kind: "add-service"; readonly service: Service }
  | { readonly kind: "change-service"; readonly service: Service }
  | { readonly kind: "remove-service"; readonly key: VirtualServerKey }
  | {
      readonly kind: "add-destination";
      readonly key: VirtualServerKey;
      readonly destination: Destination;
    }
  | {
      readonly kind: "change-destination";
      readonly key: VirtualServerKey;
      readonly destination: Destination;
    }
  | {
      readonly kind: "remove-destination";
      readonly key: VirtualServerKey;
      readonly address: IpAddress;
      readonly port: number;
    };
