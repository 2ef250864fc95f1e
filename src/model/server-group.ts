// Addresses and marks that share virtual servers.

import type { IpAddress } from "../base/address.ts";
import type { VirtualServer } from "./virtual-server.ts";

/** One entry of a group: an address, a range of addresses, or a mark. */
export type ServerGroupEntry =
  | {
      readonly kind: "addresses";
      readonly first: IpAddress;
      /** The last one of a range; the same as `first` for a single address. */
      readonly last: IpAddress;
      /** 0: all ports. */
      readonly port: number;
    }
  | { readonly kind: "fwmark"; readonly fwmark: number; readonly family?: 4 | 6 };

/** One group [virtual_server_group]. */
export interface ServerGroup {
  readonly name: string;
  readonly entries: readonly ServerGroupEntry[];
}

/** One entry of a group as the virtual server that stands for it; nothing serves it yet [virtual_server group]. */
export interface GroupServer {
  readonly group: string;
  readonly entry: ServerGroupEntry;
  /** Its key has the first address of a range. */
  readonly server: VirtualServer;
}
