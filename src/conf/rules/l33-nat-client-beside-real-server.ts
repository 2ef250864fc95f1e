// L33: with NAT, clients in the network of the real servers get answers from the wrong address.

import type { IpPrefix } from "../../base/address.ts";
import { networkText, prefixContains } from "./director-addresses.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import type { Topology } from "./topology.ts";
import { heldAddresses } from "./vrrp-addresses.ts";
import {
  nameSpan,
  type WrittenRealServer,
  type WrittenVirtualServer,
  writtenName,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

export const natClientBesideRealServer: Rule = {
  id: "L33",
  name: "nat-client-beside-real-server",
  severity: "error",
  scope: "topo",
  check,
  title: "with NAT, clients in the network of the real servers get no usable answer",
  explanation: [
    "A real server answers a client of its own network directly, without the default route that leads to the director.",
    "The answer carries the real server's address instead of the virtual one, and the client drops it. Clients elsewhere",
    "are served, so that everything seems to work until somebody tries it from the next machine.",
    "",
    "Use DR, or keep clients and real servers in different networks. With a topology hint that lists the networks of the",
    "clients the finding is an error. Without, the file shows it when a virtual address with its prefix length lies in",
    "the network of its real servers: that is advice, since there may be no clients in that network.",
  ].join("\n"),
  bad: [
    [virtualServerWith("").replace("real_server 198.51.100.1", "real_server 192.0.2.101")],
    [virtualServerWith(""), "# topology\nclients: [198.51.100.0/24]\n"],
  ],
  good: [
    [virtualServerWith("")],
    [virtualServerWith(""), "# topology\nclients: [203.0.113.0/24]\n"],
  ],
  sources: [
    "https://github.com/kubernetes/kubernetes/issues/17470",
    "https://github.com/qmsk/clusterf/issues/10",
    "https://github.com/containernetworking/plugins/issues/139",
  ],
};

function check(nodes: readonly Configuration[], topology: Topology, report: Report): void {
  for (const node of nodes) {
    const servers = writtenVirtualServers(node);
    if (servers.length === 0) continue;
    const networks = topology.clients.length > 0 ? topology.clients : virtualNetworks(node);
    const sure = topology.clients.length > 0;
    // Clients from everywhere are behind a router; what they share with real servers says nothing.
    const judged = networks.filter(({ prefixLength }) => prefixLength >= 8);
    if (judged.length === 0) continue;
    for (const server of servers) judgeServer(server, judged, sure, report);
  }
}

function virtualNetworks(node: Configuration): readonly IpPrefix[] {
  const found = new Map<string, IpPrefix>();
  for (const { address, prefixLength } of heldAddresses(node)) {
    if (prefixLength === undefined || prefixLength >= (address.includes(":") ? 128 : 32)) continue;
    const prefix = { address, prefixLength };
    found.set(networkText(prefix), prefix);
  }
  return [...found.values()];
}

/** One finding a virtual server, at the first real server that is concerned. */
function judgeServer(
  server: WrittenVirtualServer,
  networks: readonly IpPrefix[],
  sure: boolean,
  report: Report,
): void {
  const { key } = server;
  for (const network of networks) {
    // Without a hint, only the network of the virtual address itself is known to have clients near.
    if (!sure && (key.kind !== "address" || !prefixContains(network, key.address))) continue;
    const inside = server.realServers.filter(
      (real: WrittenRealServer) =>
        real.forwarding === "NAT" && prefixContains(network, real.address),
    );
    const [first] = inside;
    if (first === undefined) continue;
    const which = inside.length === 1 ? "a real server" : `${inside.length} real servers`;
    report(nameSpan(first), {
      ...(sure ? {} : { severity: "advice" }),
      message: `${which} of ${writtenName(server)} ${inside.length === 1 ? "is" : "are"} in ${networkText(network)}, ${sure ? "where clients are" : "as the virtual address is"}`,
      related: [{ span: nameSpan(server), label: "NAT" }],
      effect: "clients in that network are answered past the director, and drop the answer",
      fix: "use DR, or keep clients out of the network of the real servers",
    });
    return;
  }
}
