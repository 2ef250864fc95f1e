// L34: DR addresses a real server by its MAC address, which no router passes on.

import { knownDirectors } from "./director-addresses.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import type { Topology } from "./topology.ts";
import { segmentNames, segmentsOf } from "./topology-segments.ts";
import { nameSpan, writtenVirtualServers } from "./written-virtual-servers.ts";

const directRouting = virtualServerWith("").replace("lb_kind NAT", "lb_kind DR");

const hint = (server: string): string => `# topology
segments:
  front: [192.0.2.0/24]
  back: [198.51.100.0/24]
directors:
  lb1: { eth0: 192.0.2.1/24, eth1: ${server} }
realServers:
  web1: { address: 198.51.100.1/24 }
`;

export const directRoutingToOtherSegment: Rule = {
  id: "L34",
  name: "direct-routing-to-other-segment",
  severity: "error",
  scope: "topo",
  check,
  title: "with DR, a real server is in a segment in which the director is not",
  explanation: [
    "DR leaves the packet as it is and addresses the Ethernet frame to the real server. The packet still carries the",
    "virtual address, so that a router on the way would send it back to the director. Director and real server have to",
    "share an Ethernet segment; no connection to any other server is ever answered.",
    "",
    "Give every director an interface in the segment, or use TUN, which routers pass on, or NAT. The finding needs",
    "a topology hint that tells the addresses of the directors.",
  ].join("\n"),
  bad: [[directRouting, hint("203.0.113.1/24")]],
  good: [[directRouting, hint("198.51.100.254/24")]],
  sources: ["https://keepalived.readthedocs.io/en/latest/load_balancing_techniques.html"],
};

function check(nodes: readonly Configuration[], topology: Topology, report: Report): void {
  const segments = segmentsOf(topology);
  if (segments.length === 0 || topology.directors.length === 0) return;
  const hinted = new Set(topology.directors.map(({ name }) => name));
  // Directors of which only the address for VRRP is known may have interfaces that nobody has told of.
  const directors = knownDirectors(nodes, topology)
    .filter(({ name }) => hinted.has(name))
    .map(({ name, addresses }) => ({
      name,
      segments: new Set([...addresses].flatMap((one) => [...segmentNames(one, segments)])),
    }));
  for (const node of nodes)
    for (const server of writtenVirtualServers(node))
      for (const real of server.realServers) {
        if (real.forwarding !== "DR") continue;
        const own = [...segmentNames(real.address, segments)];
        // An address in no segment is unknown, not elsewhere, unless the hint names the server.
        const named = topology.realServers.some(({ addresses }) =>
          addresses.some(({ address }) => address === real.address),
        );
        if (own.length === 0 && !named) continue;
        const far = directors.find(({ segments: near }) => !own.some((name) => near.has(name)));
        if (far === undefined) continue;
        report(nameSpan(real), {
          message: `${real.address} is in ${own[0] ?? "no known segment"}, where ${far.name} has no interface`,
          effect: "frames cannot reach it through a router: its connections are never answered",
          fix: `give ${far.name} an interface in that segment, or use TUN or NAT`,
        });
      }
}
