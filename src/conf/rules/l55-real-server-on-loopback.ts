// L55: the kernel does not rewrite packets from outside to a loopback address.

import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { nameSpan, writtenVirtualServers } from "./written-virtual-servers.ts";

export const realServerOnLoopback: Rule = {
  id: "L55",
  name: "real-server-on-loopback",
  severity: "warning",
  scope: "file",
  check,
  title: "NAT cannot reach a real server at a loopback address",
  explanation: [
    "A program on the director itself can be a real server, but not at 127.0.0.1 or ::1: the kernel drops packets from",
    "outside that would be rewritten to a loopback address, while the check, which comes from the director, succeeds.",
    "",
    "Let the program listen at an address of the director and write that one.",
  ].join("\n"),
  bad: [virtualServerWith("").replace("real_server 198.51.100.1", "real_server 127.0.0.1")],
  good: [virtualServerWith("")],
  sources: ["https://keepalived.readthedocs.io/en/latest/load_balancing_techniques.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration))
    for (const real of server.realServers) {
      if (real.forwarding !== "NAT") continue;
      if (!real.address.startsWith("127.") && real.address !== "::1") continue;
      report(nameSpan(real), {
        message: `clients cannot be forwarded to ${real.address}`,
        related: [{ span: nameSpan(server), label: "NAT" }],
        effect:
          "the kernel drops what is rewritten to a loopback address; the check succeeds all the same",
        fix: "write an address of the director at which the program listens",
      });
    }
}
