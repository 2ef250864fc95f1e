// L02: round robin deals connections, persistence deals clients.

import type { Rule } from "./rule.ts";
import { keywordSpan, writtenVirtualServers } from "./written-virtual-servers.ts";

export const persistenceWithRoundRobin: Rule = {
  id: "L02",
  name: "persistence-with-round-robin",
  scope: "file",
  severity: "advice",
  title: "persistence and `rr` together look as if nothing were balanced",
  explanation: `With \`persistence_timeout\` only the first connection of a client is scheduled; all later ones go to the
same real server until the client has been away for that long. Whoever tests \`rr\` from one machine sees one server
only, and many clients behind one address translation all go to one server.

It is fine where clients need to stay with their server. Where they do not, leave persistence out. \`lb_algo sh\` and \`mh\`
keep clients with a server by their address and without a memory; a short timeout of some seconds limits the lopsidedness.`,
  bad: [
    `virtual_server 192.0.2.10 80 {
    lb_algo rr
    lb_kind NAT
    protocol TCP
    persistence_timeout 50
    real_server 10.0.0.21 80 {
        TCP_CHECK {
        }
    }
}
`,
  ],
  good: [
    `virtual_server 192.0.2.10 80 {
    lb_algo wlc
    lb_kind NAT
    protocol TCP
    persistence_timeout 50
    real_server 10.0.0.21 80 {
        TCP_CHECK {
        }
    }
}
`,
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/2236",
    "https://github.com/lentil1016/kubeadm-ha/issues/7",
  ],
  check: (configuration, report) => {
    for (const server of writtenVirtualServers(configuration)) {
      if (server.settings.get("lvs_sched")?.values[0] !== "rr") continue;
      const timeout = server.settings.get("persistence_timeout");
      if (timeout === undefined && !server.settings.has("persistence_granularity")) continue;
      const seconds = timeout === undefined ? 360 : (timeout.values[0] ?? 360);
      report(
        keywordSpan(
          server,
          timeout === undefined ? "persistence_granularity" : "persistence_timeout",
        ),
        {
          message: "`rr` deals out clients here, not connections",
          related: [{ span: keywordSpan(server, "lvs_sched"), label: "round robin" }],
          effect: `a client stays with one real server until it has been away for ${seconds} seconds`,
          fix: "leave persistence out if clients need no server of their own; else nothing",
        },
      );
    }
  },
};
