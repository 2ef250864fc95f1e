// L32: with NAT answers must pass through the director that rewrote the request.

import type { IpAddress } from "../../base/address.ts";
import { knownDirectors } from "./director-addresses.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import type { Topology } from "./topology.ts";
import { heldAddresses } from "./vrrp-addresses.ts";
import {
  nameSpan,
  type WrittenRealServer,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

const hint = (gateway: string): string => `# topology
directors:
  lb1: { eth0: 192.0.2.1/24, eth1: 198.51.100.254/24 }
realServers:
  web1: { address: 198.51.100.1/24, gateway: ${gateway} }
`;

export const natAnswersElsewhere: Rule = {
  id: "L32",
  name: "nat-answers-elsewhere",
  severity: "error",
  scope: "topo",
  check,
  title: "with NAT, the default route of a real server leads past the director",
  explanation: [
    "NAT rewrites the destination of a request; the answer has to come back through the same director, which puts the",
    "virtual address in its place. A real server whose default route points to another router answers with its own",
    "address: the client does not know that address and drops the packet. On the real server connections stay in",
    "SYN_RECV, on the client they time out.",
    "",
    "Point the default route of the real server to an address that the MASTER holds, mostly a virtual one on the inner",
    "interface, or use DR or TUN. The finding needs a topology hint that says where the routes point.",
  ].join("\n"),
  bad: [[virtualServerWith(""), hint("198.51.100.253")]],
  good: [[virtualServerWith(""), hint("198.51.100.254")]],
  sources: [
    "https://github.com/acassen/keepalived/issues/2243",
    "https://keepalived.readthedocs.io/en/latest/load_balancing_techniques.html",
  ],
};

function check(nodes: readonly Configuration[], topology: Topology, report: Report): void {
  if (topology.realServers.length === 0) return;
  const directors = knownDirectors(nodes, topology);
  const shared = new Set<IpAddress>();
  for (const node of nodes)
    for (const { kind, address } of heldAddresses(node)) if (kind !== "static") shared.add(address);
  const several = Math.max(directors.length, nodes.length) > 1;
  const judge = (real: WrittenRealServer): void => {
    const host = topology.realServers.find(({ addresses }) =>
      addresses.some(({ address }) => address === real.address),
    );
    const gateway = host?.gateways.find((one) => one.includes(":") === real.address.includes(":"));
    if (host === undefined || gateway === undefined || shared.has(gateway)) return;
    const director = directors.find(({ addresses }) => addresses.has(gateway));
    if (director === undefined)
      report(nameSpan(real), {
        message: `answers of ${host.name} go to ${gateway}, which is no director`,
        effect: "clients get answers from an address that they did not ask: they time out",
        fix: "point its default route to an address that the MASTER holds, or use DR or TUN",
      });
    else if (several)
      report(nameSpan(real), {
        severity: "warning",
        message: `answers of ${host.name} go to ${gateway}, which is always ${director.name}`,
        effect: "while another director is MASTER, clients of this server time out",
        fix: "point its default route to a virtual address that moves with the MASTER",
      });
  };
  for (const node of nodes)
    for (const server of writtenVirtualServers(node))
      for (const real of server.realServers) if (real.forwarding === "NAT") judge(real);
}
