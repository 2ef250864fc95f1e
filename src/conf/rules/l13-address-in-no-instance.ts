// L13: nobody answers ARP for the address of a virtual server.

import type { IpAddress } from "../../base/address.ts";
import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { hasUnreadAddress, heldAddresses } from "./vrrp-addresses.ts";
import {
  nameSpan,
  type WrittenVirtualServer,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

export const addressInNoInstance: Rule = {
  id: "L13",
  name: "address-in-no-instance",
  severity: "warning",
  scope: "file",
  check,
  title: "no instance holds the address of a virtual server",
  explanation: [
    "A `virtual_server` says what happens to packets that reach the director; it does not bring them there. Somebody",
    "has to answer ARP for the address, or routers have to send it here. In a file with VRRP instances that is mostly",
    "an instance, and an address that stands in none of them is forgotten or misspelt: clients cannot connect.",
    "",
    "Add the address to `virtual_ipaddress`, or to `virtual_ipaddress_excluded` when it need not be in the adverts. It",
    "is fine when the address is configured on the host, or routed to it: suppress the finding then and say so.",
    "Files without any instance, and virtual servers of firewall marks, are not judged.",
  ].join("\n"),
  bad: [virtualServerWith("").replace("virtual_server 192.0.2.17", "virtual_server 192.0.2.18")],
  good: [virtualServerWith("")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  const servers = writtenVirtualServers(configuration);
  const instances = configuration.root.settings.filter(({ spec }) => spec.name === "vrrp_instance");
  if (servers.length === 0 || instances.length === 0 || hasUnreadAddress(configuration)) return;
  const held = new Set<IpAddress>(heldAddresses(configuration).map(({ address }) => address));
  for (const { section } of instances)
    for (const keyword of ["unicast_src_ip", "mcast_src_ip"]) {
      const own = section && settingOf(section, keyword)?.values[0];
      if (typeof own === "string") held.add(own as IpAddress);
    }
  const missing = new Map<IpAddress, Span[]>();
  for (const server of servers) {
    for (const { address, span } of addressesOf(server)) {
      if (held.has(address)) continue;
      const others = missing.get(address);
      if (others === undefined) missing.set(address, [span]);
      else others.push(span);
    }
  }
  for (const [address, [first, ...others]] of missing)
    if (first !== undefined)
      report(first, {
        message: `no instance holds ${address}`,
        related: others.slice(0, 3).map((span) => ({ span, label: "this one as well" })),
        effect: "unless the host has the address or routers send it here, nobody can connect",
        fix: `add ${address} to \`virtual_ipaddress\` of an instance`,
      });
}

/** What clients connect to; a range is mostly routed to the director. */
function addressesOf(
  server: WrittenVirtualServer,
): readonly { readonly address: IpAddress; readonly span: Span }[] {
  const { key, groupLines } = server;
  if (key.kind === "address") return [{ address: key.address, span: nameSpan(server) }];
  return groupLines
    .filter(({ isRange }) => !isRange)
    .map(({ address, entry }) => ({ address, span: spanAt(entry.line, 0) }));
}
