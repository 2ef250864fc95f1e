// L01: with DR and TUN the packet reaches the real server unchanged, port and all.

import { spanAt } from "../keepalived/reading.ts";
import type { Report, Rule } from "./rule.ts";
import { stockRealServer, stockVirtualServer } from "./stock-names.ts";
import { type WrittenVirtualServer, writtenVirtualServers } from "./written-virtual-servers.ts";

export const portThatForwardingCannotChange: Rule = {
  id: "L01",
  name: "port-that-forwarding-cannot-change",
  scope: "file",
  severity: "warning",
  title: "DR and TUN cannot change the port",
  explanation: `With \`lb_kind DR\` and \`lb_kind TUN\` the director passes packets on as they came: only the MAC address
changes, or a header is put in front. The port in \`real_server\` then has no effect on the traffic, which arrives at the
port of the virtual server. The checks of the real server do use the port that is written, so that they can succeed at a
port where no client ever arrives.

Write the virtual server's port, and let the program listen there; name another port for the check with \`connect_port\`
in the check itself. Where the port must change, \`lb_kind NAT\` can do it.`,
  bad: [
    `virtual_server 192.0.2.10 80 {
    lb_algo rr
    lb_kind DR
    protocol TCP
    real_server 10.0.0.21 8080 {
        TCP_CHECK {
        }
    }
}
`,
  ],
  good: [
    `virtual_server 192.0.2.10 80 {
    lb_algo rr
    lb_kind DR
    protocol TCP
    real_server 10.0.0.21 80 {
        TCP_CHECK {
            connect_port 8080
        }
    }
}
`,
    `virtual_server 192.0.2.10 80 {
    lb_algo rr
    lb_kind NAT
    protocol TCP
    real_server 10.0.0.21 8080 {
        TCP_CHECK {
        }
    }
}
`,
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/643",
    "https://github.com/qmsk/clusterf/issues/10",
  ],
  check: (configuration, report) => {
    for (const server of writtenVirtualServers(configuration)) {
      judgeGroup(server, report);
      if (server.key.kind !== "address") continue;
      const { port } = server.key;
      for (const real of server.realServers) {
        if (real.port === 0 || real.port === port) continue;
        if (real.forwarding !== "DR" && real.forwarding !== "TUN") continue;
        report(spanAt(real.setting.line, 2), {
          message: `${real.forwarding} cannot change the port: packets arrive at ${port === 0 ? "the port that clients use" : port}, not ${real.port}`,
          related: [{ span: spanAt(server.setting.line, 2), label: "where clients connect" }],
          effect: "the checks still connect to the port that is written",
          fix: port === 0 ? "leave the port out, or use NAT" : `write port ${port}, or use NAT`,
          stock: `WARNING - virtual server ${stockVirtualServer(server)} and real server ${stockRealServer(real, server)} ports don't match - resetting`,
        });
      }
    }
  },
};

/** A group has a port in each of its lines. */
function judgeGroup(server: WrittenVirtualServer, report: Report): void {
  if (server.groupLines.length === 0) return;
  for (const real of server.realServers) {
    if (real.port === 0 || (real.forwarding !== "DR" && real.forwarding !== "TUN")) continue;
    const other = server.groupLines.find(({ port }) => port !== real.port);
    if (other === undefined) continue;
    const { address, port } = other;
    report(spanAt(real.setting.line, 2), {
      message: `${real.forwarding} cannot change the port: packets to ${address} arrive at ${port === 0 ? "the port that clients use" : port}, not ${real.port}`,
      related: [{ span: spanAt(other.entry.line, 1), label: "where clients connect" }],
      effect: "the checks still connect to the port that is written",
      fix: "leave the port out, or use NAT",
      stock: `virtual server ${stockVirtualServer(server)}:[${address},${port}] and real server ${stockRealServer(real, server)} ports don't match`,
    });
  }
}
