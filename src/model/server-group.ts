// Addresses and marks that share virtual servers.

import type { IpAddress } from "../base/address.ts";
import type { Model } from "./model.ts";
import { type VirtualServer, type VirtualServerKey, virtualServerName } from "./virtual-server.ts";

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

/** One entry of a group as the virtual server that stands for it [virtual_server group]. */
export interface GroupServer {
  readonly group: string;
  readonly entry: ServerGroupEntry;
  /** Its key has the first address of a range. */
  readonly server: VirtualServer;
  /** The key of the first entry: the whole group is checked once, and its health is known under this key. */
  readonly leader: VirtualServerKey;
}

/**
 * The virtual servers whose real servers are checked: those that stand alone, and of each `virtual_server group` the
 * one of its first entry, because all entries have the same real servers.
 */
export function checkedServers(
  model: Pick<Model, "virtualServers" | "groupServers">,
): readonly VirtualServer[] {
  const { virtualServers, groupServers = [] } = model;
  if (groupServers.length === 0) return virtualServers;
  const leaders = groupServers.filter(({ server, leader }) => server.key === leader);
  return [...virtualServers, ...leaders.map(({ server }) => server)];
}

/** Text for people: `TCP 10.0.0.1:80`, `FWM 10`; of a group's leader `group web (TCP)`. */
export function checkedServerName({ key, options }: VirtualServer): string {
  const group = options?.group;
  if (group === undefined) return virtualServerName(key);
  return key.kind === "fwmark" ? `group ${group}` : `group ${group} (${key.protocol})`;
}
