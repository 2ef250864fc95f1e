// L07: a virtual server without real servers is left out.

import { settingsOf } from "../keepalived/section.ts";
import type { Rule } from "./rule.ts";
import { stockVirtualServer } from "./stock-names.ts";
import { nameSpan, writtenName, writtenVirtualServers } from "./written-virtual-servers.ts";

export const noRealServer: Rule = {
  id: "L07",
  name: "no-real-server",
  scope: "file",
  severity: "error",
  title: "a virtual server without real servers is left out",
  explanation: `keepalived and Keelson leave out a \`virtual_server\` in which no \`real_server\` can be used, its sorry server
with it. Connections to the address are refused.

Add a \`real_server\`. For a page that only says sorry, make its server the \`real_server\`.`,
  bad: [
    `virtual_server 192.0.2.10 80 {
    lb_algo rr
    lb_kind NAT
    protocol TCP
    sorry_server 10.0.0.9 80
}
`,
  ],
  good: [
    `virtual_server 192.0.2.10 80 {
    lb_algo rr
    lb_kind NAT
    protocol TCP
    real_server 10.0.0.9 80 {
        TCP_CHECK {
        }
    }
}
`,
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
  check: (configuration, report) => {
    for (const server of writtenVirtualServers(configuration)) {
      if (server.realServers.length > 0) continue;
      // Those that cannot be read have findings of their own.
      if (settingsOf(server.section, "real_server").length > 0) continue;
      report(nameSpan(server), {
        message: `${writtenName(server)} has no real server`,
        effect: "it is left out, as with keepalived",
        fix: "add a `real_server`, or remove the virtual server",
        stock: `Virtual server ${stockVirtualServer(server)} has no real servers - ignoring`,
      });
    }
  },
};
