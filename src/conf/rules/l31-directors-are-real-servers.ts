// L31: two directors that are each other's real servers.

import { knownDirectors } from "./director-addresses.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import type { Topology } from "./topology.ts";
import {
  nameSpan,
  type WrittenRealServer,
  writtenName,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

const twoDirectors = virtualServerWith("")
  .replace("lb_kind NAT", "lb_kind DR")
  .replace(
    "    priority 100\n",
    "    priority 100\n    unicast_src_ip 192.0.2.1\n    unicast_peer {\n        192.0.2.2\n    }\n",
  );

const secondServer = `    real_server 192.0.2.2 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`;

export const directorsAreRealServers: Rule = {
  id: "L31",
  name: "directors-are-real-servers",
  severity: "warning",
  scope: "topo",
  check,
  title: "with DR or TUN, two directors are each other's real servers",
  explanation: [
    "With DR and TUN a packet arrives at the real server with the virtual address as its destination. When the real",
    "server is a director that has the same virtual server in its table, it balances the packet once more, and may send it",
    "back: packets go to and fro between the two until their time to live is over.",
    "",
    "Let only the MASTER have the virtual servers, mark the packets that come from clients by the routers' MAC",
    "addresses and balance the mark, or run the service on other machines. Directors with NAT are not concerned, nor is",
    "one director among the real servers.",
  ].join("\n"),
  bad: [
    [
      twoDirectors
        .replace("real_server 198.51.100.1", "real_server 192.0.2.1")
        .replace(/\}\n$/, secondServer),
    ],
  ],
  good: [[twoDirectors.replace(/\}\n$/, secondServer)]],
  sources: ["https://github.com/acassen/keepalived/issues/2450"],
};

function check(nodes: readonly Configuration[], topology: Topology, report: Report): void {
  const directors = knownDirectors(nodes, topology);
  if (directors.length < 2) return;
  for (const node of nodes)
    for (const server of writtenVirtualServers(node)) {
      const found = new Map<string, WrittenRealServer>();
      for (const real of server.realServers) {
        if (real.forwarding !== "DR" && real.forwarding !== "TUN") continue;
        const director = directors.find(({ addresses }) => addresses.has(real.address));
        if (director !== undefined && !found.has(director.name)) found.set(director.name, real);
      }
      const [first, second] = [...found.values()];
      if (first === undefined || second === undefined) continue;
      report(nameSpan(second), {
        message: `${first.address} and ${second.address} are directors and real servers of ${writtenName(server)}`,
        related: [{ span: nameSpan(first), label: "a director as well" }],
        effect: "a director balances what the other one has balanced: packets go to and fro",
        fix: "run the service on other machines, or keep the table of the BACKUP empty",
      });
    }
}
