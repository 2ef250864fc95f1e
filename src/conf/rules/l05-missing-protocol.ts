// L05: without `protocol` a virtual server takes UDP.

import { insertLines, type WithEdits } from "./propose-edits.ts";
import type { Configuration, Rule } from "./rule.ts";
import { stockVirtualServer } from "./stock-names.ts";
import {
  nameSpan,
  type WrittenVirtualServer,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

/** Checks of programs that speak TCP. */
const streamChecks: ReadonlySet<string> = new Set([
  "TCP_CHECK",
  "HTTP_GET",
  "SSL_GET",
  "SMTP_CHECK",
]);

export const missingProtocol: Rule = {
  id: "L05",
  name: "missing-protocol",
  scope: "file",
  severity: "error",
  title: "a virtual server without `protocol` takes UDP",
  explanation: `The default of \`protocol\` is UDP, whatever the port is. A web server behind such a virtual server gets no connection:
TCP packets to the address go to the director itself, which refuses them. The checks succeed all the same.

Write \`protocol TCP\`, \`UDP\` or \`SCTP\`. A virtual server of a firewall mark needs none: the mark decides. \`check --fix\` adds
\`protocol TCP\` where every real server is checked over TCP.`,
  bad: [
    `virtual_server 192.0.2.10 80 {
    lb_algo rr
    lb_kind NAT
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
    lb_kind NAT
    protocol TCP
    real_server 10.0.0.21 80 {
        TCP_CHECK {
        }
    }
}
`,
    `virtual_server fwmark 7 {
    lb_algo rr
    lb_kind NAT
    real_server 10.0.0.21 80 {
        TCP_CHECK {
        }
    }
}
`,
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
  check: (configuration, report) => {
    for (const server of writtenVirtualServers(configuration)) {
      if (server.settings.has("protocol") || server.key.kind === "fwmark") continue;
      if (server.key.kind === "group" && server.groupLines.length === 0) continue;
      report(nameSpan(server), {
        message: "this virtual server has no `protocol`",
        effect: "UDP counts, as with keepalived: TCP connections are not taken",
        fix: "add `protocol TCP`",
        ...editsFor(configuration, server),
        stock: `Virtual server ${stockVirtualServer(server)}: no protocol set - defaulting to UDP`,
      });
    }
  },
};

function editsFor(configuration: Configuration, server: WrittenVirtualServer): WithEdits {
  const overTcp = server.realServers.every(
    ({ checks }) => checks.length > 0 && checks.every(({ spec }) => streamChecks.has(spec.name)),
  );
  return overTcp && server.realServers.length > 0
    ? insertLines(configuration, server.setting, ["protocol TCP"])
    : {};
}
