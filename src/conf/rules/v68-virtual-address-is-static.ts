// An address that is both virtual and static.

import type { IpAddress } from "../../base/address.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { addressesOf, instancesOf, type WrittenAddress } from "./vrrp-blocks.ts";

const fixed = (address: string): string =>
  `static_ipaddress {\n    ${address} dev eth0\n}\n${instanceWith("")}`;

export const virtualAddressIsStatic: Rule = {
  id: "V68",
  name: "virtual-address-is-static",
  severity: "warning",
  scope: "file",
  check,
  title: "a virtual address is a static one too",
  explanation: [
    "`static_ipaddress` gives an address to this node for good; a virtual one is on the MASTER only. An",
    "address in both is first added, then removed because the instance starts as BACKUP; with the same block",
    "on both nodes, or in the system's own network settings, it is on both.",
    "",
    "Remove it from `static_ipaddress`.",
  ].join("\n"),
  bad: [fixed("192.0.2.17/24")],
  good: [fixed("192.0.2.1/24")],
  sources: ["https://github.com/acassen/keepalived/issues/2219"],
};

function check(configuration: Configuration, report: Report): void {
  const statics = new Map<IpAddress, WrittenAddress>();
  for (const written of addressesOf(configuration.root, "static_ipaddress"))
    statics.set(written.address, written);
  if (statics.size === 0) return;
  for (const { name, section } of instancesOf(configuration))
    for (const keyword of ["virtual_ipaddress", "virtual_ipaddress_excluded"])
      for (const { address, span } of addressesOf(section, keyword)) {
        const fixed = statics.get(address);
        // Link-local addresses are many things on many interfaces.
        if (fixed === undefined || address.startsWith("fe80:")) continue;
        report(fixed.span, {
          message: `\`${address}\` is also a virtual address of \`${name}\``,
          related: [{ span, label: "virtual here" }],
          effect:
            "it is removed from this node as soon as the instance is BACKUP, and on both nodes otherwise",
          fix: "remove it here",
        });
      }
}
