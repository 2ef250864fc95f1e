// L20: only tunnels lead from IPv4 to IPv6 and back.

import { familyOf } from "../../base/address.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { nameSpan, writtenFamily, writtenVirtualServers } from "./written-virtual-servers.ts";

export const realServerOfOtherFamily: Rule = {
  id: "L20",
  name: "real-server-of-other-family",
  severity: "error",
  scope: "file",
  check,
  title: "NAT and DR cannot forward from IPv4 to IPv6, nor back",
  explanation: [
    "With NAT and DR a packet keeps its IP version, so that a real server needs an address of the virtual server's",
    "family. keepalived and Keelson leave such a real server out; when it was the only one, the virtual server as well.",
    "A virtual server of a firewall mark has the family of `ip_family`, or that of its first real server.",
    "",
    "Use the server's address of the right family, or `lb_kind TUN`, which puts the packet into another one.",
  ].join("\n"),
  bad: [virtualServerWith("").replace("real_server 198.51.100.1", "real_server 2001:db8::1")],
  good: [
    virtualServerWith("")
      .replace("real_server 198.51.100.1", "real_server 2001:db8::1")
      .replace("lb_kind NAT", "lb_kind TUN"),
  ],
  sources: ["https://github.com/acassen/keepalived/issues/880"],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) {
    const family = writtenFamily(server);
    if (family === undefined) continue;
    for (const real of server.realServers) {
      if (real.forwarding === undefined || real.forwarding === "TUN") continue;
      if (familyOf(real.address) === family) continue;
      report(nameSpan(real), {
        message: `${real.forwarding} cannot forward to ${real.address}: the virtual server is IPv${family}`,
        related: [{ span: nameSpan(server), label: `IPv${family}` }],
        effect: "the real server is left out",
        fix: "use an address of the same family, or `lb_kind TUN`",
        stock: `Address family of virtual server and real server ${real.address} don't match - skipping real server.`,
      });
    }
  }
}
