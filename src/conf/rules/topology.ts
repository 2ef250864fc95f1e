// What surrounds the directors, as far as an operator has written it down. Rules of scope `topo` judge by it; a lab can
// be laid out from it. Its text form is in docs/topology.md.

import type { IpAddress, IpPrefix } from "../../base/address.ts";

/** Subnets that share one Ethernet segment: hosts in them reach each other without a router. */
export interface TopologySegment {
  readonly name: string;
  readonly subnets: readonly IpPrefix[];
}

/** One address of a host, with the prefix length that its interface has. */
export interface TopologyAddress extends IpPrefix {
  /** Absent where the hint names none, as for most real servers. */
  readonly interface?: string;
}

/** A machine that runs the balancer. */
export interface TopologyDirector {
  readonly name: string;
  readonly addresses: readonly TopologyAddress[];
}

/** A machine that serves. */
export interface TopologyRealServer {
  readonly name: string;
  readonly addresses: readonly TopologyAddress[];
  /** Where its default routes point; none when the hint does not say. */
  readonly gateways: readonly IpAddress[];
}

/** What is known of the network around the directors. */
export interface Topology {
  readonly segments: readonly TopologySegment[];
  readonly directors: readonly TopologyDirector[];
  readonly realServers: readonly TopologyRealServer[];
  /** Where clients are. */
  readonly clients: readonly IpPrefix[];
}

/** Nothing is known. */
export const emptyTopology: Topology = {
  segments: [],
  directors: [],
  realServers: [],
  clients: [],
};
