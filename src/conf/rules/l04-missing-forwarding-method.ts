// L04: without lb_kind packets are rewritten (NAT), and answers must come back through the director.

import type { Rule } from "./rule.ts";
import { stockVirtualServer } from "./stock-names.ts";
import { nameSpan, writtenVirtualServers } from "./written-virtual-servers.ts";

export const missingForwardingMethod: Rule = {
  id: "L04",
  name: "missing-forwarding-method",
  scope: "file",
  severity: "error",
  title: "a virtual server without `lb_kind` uses NAT",
  explanation: `How packets reach the real servers decides how the network around them must be laid out: with \`NAT\` their default
route points to the director, with \`DR\` they hold the virtual address on \`lo\` and share a segment with the director, with
\`TUN\` they take IP in IP. keepalived takes NAT when \`lb_kind\` (or \`lvs_method\`) is missing. In a network that was made for DR no
answer then reaches a client.

Write the method down. A \`lvs_method\` in each \`real_server\` does as well.`,
  bad: [
    `virtual_server 192.0.2.10 80 {
    lb_algo rr
    protocol TCP
    real_server 10.0.0.21 80 {
        TCP_CHECK {
        }
    }
}
`,
  ],
  good: [
    `virtual_server 192.0.2.10 80 {
    lb_algo rr
    protocol TCP
    real_server 10.0.0.21 80 {
        lvs_method DR
        TCP_CHECK {
        }
    }
}
`,
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
  check: (configuration, report) => {
    for (const server of writtenVirtualServers(configuration)) {
      if (server.settings.has("lvs_method")) continue;
      // A real server without a method of its own takes the default of the virtual server.
      const needed = server.realServers.some(
        ({ section }) =>
          !section.settings.some(
            ({ spec }) => spec.name === "lvs_method" || spec.name === "lb_kind",
          ),
      );
      if (!needed) continue;
      report(nameSpan(server), {
        message: "this virtual server has no `lb_kind`",
        effect: "NAT counts, as with keepalived: answers must come back through the director",
        fix: "add `lb_kind NAT`, `DR` or `TUN`, as your network is laid out",
        stock: `Virtual server ${stockVirtualServer(server)}: no forwarding method set, setting default NAT`,
      });
    }
  },
};
