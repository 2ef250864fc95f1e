// L08: one real server counts once in a virtual server.

import type { Report, Rule } from "./rule.ts";
import { stockRealServer, stockVirtualServer } from "./stock-names.ts";
import {
  nameSpan,
  realServerName,
  type WrittenRealServer,
  type WrittenVirtualServer,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

/** Up to here comparing all pairs is cheaper than an index. */
const fewServers = 24;

export const realServerRepeated: Rule = {
  id: "L08",
  name: "real-server-repeated",
  scope: "file",
  severity: "error",
  title: "the second real server with the same address and port is ignored",
  explanation: `Within a virtual server a real server is known by its address and port. A second block for the same one is
ignored with all that it says, its weight and checks among it. It is mostly a copy in which the address was to be changed,
so that one server of the cluster is missing.

Give the second block its own address, or remove it. To give a server a larger share, raise its \`weight\`.`,
  bad: [
    `virtual_server 192.0.2.10 80 {
    lb_algo rr
    lb_kind NAT
    protocol TCP
    real_server 10.0.0.21 80 {
        TCP_CHECK {
        }
    }
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
    real_server 10.0.0.21 8080 {
        TCP_CHECK {
        }
    }
}
`,
  ],
  sources: ["https://github.com/acassen/keepalived/issues/765"],
  check: (configuration, report) => {
    for (const server of writtenVirtualServers(configuration)) {
      if (server.realServers.length <= fewServers) comparePairs(server, report);
      else compareByIndex(server, report);
    }
  },
};

function comparePairs(server: WrittenVirtualServer, report: Report): void {
  const { realServers } = server;
  for (let i = 1; i < realServers.length; i++) {
    const real = realServers[i];
    for (let j = 0; real !== undefined && j < i; j++) {
      const before = realServers[j];
      if (before?.address !== real.address || before.port !== real.port) continue;
      reportSecond(real, before, server, report);
      break;
    }
  }
}

function compareByIndex(server: WrittenVirtualServer, report: Report): void {
  const seen = new Map<string, WrittenRealServer>();
  for (const real of server.realServers) {
    const name = `${real.address} ${real.port}`;
    const before = seen.get(name);
    if (before === undefined) seen.set(name, real);
    else reportSecond(real, before, server, report);
  }
}

function reportSecond(
  real: WrittenRealServer,
  before: WrittenRealServer,
  server: WrittenVirtualServer,
  report: Report,
): void {
  report(nameSpan(real), {
    message: `the real server ${realServerName(real)} is listed twice`,
    related: [{ span: nameSpan(before), label: "first here" }],
    effect: "the second one is ignored",
    fix: "give it the address that was meant, or remove it",
    stock: `VS ${stockVirtualServer(server)}: real server ${stockRealServer(real, server)} is duplicated - removing second rs`,
  });
}
