// L06: nobody notices when a real server without a check dies.

import { insertLines } from "./propose-edits.ts";
import type { Rule } from "./rule.ts";
import {
  nameSpan,
  realServerName,
  type WrittenRealServer,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

export const realServerWithoutCheck: Rule = {
  id: "L06",
  name: "real-server-without-check",
  scope: "file",
  severity: "warning",
  title: "a real server that is not checked stays in rotation when it is dead",
  explanation: `A \`real_server\` without a check is in the table as long as the director runs. When it dies, its share of the clients
waits for a timeout, and the sorry server never comes in, because such a server counts as alive.

Add a check: \`HTTP_GET\` for what speaks HTTP, \`TCP_CHECK\` for any other TCP service, \`DNS_CHECK\`, \`UDP_CHECK\` or \`MISC_CHECK\` for what
does not. \`check --fix\` adds a \`TCP_CHECK\` with three seconds to connect to the servers of TCP services.`,
  bad: [
    `virtual_server 192.0.2.10 80 {
    lb_algo rr
    lb_kind NAT
    protocol TCP
    real_server 10.0.0.21 80 {
        weight 1
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
        weight 1
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  ],
  sources: ["https://github.com/acassen/keepalived/issues/643"],
  check: (configuration, report) => {
    for (const server of writtenVirtualServers(configuration)) {
      for (const real of server.realServers) {
        if (real.checks.length > 0 || hasMisspeltCheck(real)) continue;
        const overTcp =
          server.protocol === "TCP" &&
          (real.port > 0 || (server.key.kind === "address" && server.key.port > 0));
        report(nameSpan(real), {
          message: `${realServerName(real)} is not checked`,
          effect: "it gets connections even when it is dead",
          fix: overTcp
            ? "add a TCP_CHECK, or an HTTP_GET if it speaks HTTP"
            : "add a check that fits the service",
          ...(overTcp
            ? insertLines(configuration, real.setting, ["TCP_CHECK {", "\tconnect_timeout 3", "}"])
            : {}),
        });
      }
    }
  },
};

/** A check whose name is misspelt has been told of; it was meant to be one. */
function hasMisspeltCheck(real: WrittenRealServer): boolean {
  return (
    real.setting.line.block?.some(({ words }) => /_(CHE|GET)/i.test(words[0]?.text ?? "")) === true
  );
}
