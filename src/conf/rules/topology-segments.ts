// Who shares an Ethernet segment with whom.

import type { IpAddress, IpPrefix } from "../../base/address.ts";
import { prefixContains } from "./director-addresses.ts";
import type { Topology, TopologySegment } from "./topology.ts";

/** The segments of a hint; where it names none, the network of every address with a prefix length is one. */
export function segmentsOf(topology: Topology): readonly TopologySegment[] {
  if (topology.segments.length > 0) return topology.segments;
  const hosts = [...topology.directors, ...topology.realServers];
  return hosts
    .flatMap(({ addresses }) => addresses)
    .filter((prefix) => !isHostPrefix(prefix))
    .map((prefix) => ({ name: `the network of ${prefix.address}`, subnets: [prefix] }));
}

function isHostPrefix({ address, prefixLength }: IpPrefix): boolean {
  return prefixLength === (address.includes(":") ? 128 : 32);
}

/** Names of the segments that an address belongs to. */
export function segmentNames(
  address: IpAddress,
  segments: readonly TopologySegment[],
): ReadonlySet<string> {
  return new Set(
    segments
      .filter(({ subnets }) => subnets.some((subnet) => prefixContains(subnet, address)))
      .map(({ name }) => name),
  );
}
