// One address twice in one instance.

import type { IpAddress } from "../../base/address.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { addressesOf, instancesOf, type WrittenAddress } from "./vrrp-blocks.ts";

export const addressRepeated: Rule = {
  id: "V63",
  name: "address-repeated",
  severity: "warning",
  scope: "file",
  check,
  title: "an instance lists an address twice",
  explanation: [
    "An address is there or not: the second line adds nothing, and where its prefix length or its interface",
    "differ, which of the two counts is chance. In both virtual_ipaddress and virtual_ipaddress_excluded it",
    "is advertised and not.",
    "",
    "Remove one of the lines. Often it is a copied line whose last digit was to be changed.",
  ].join("\n"),
  bad: [
    instanceWith("").replace("192.0.2.17/24", "192.0.2.17/24\n        192.0.2.17/24"),
    instanceWith("virtual_ipaddress_excluded {\n    192.0.2.17/24\n}"),
  ],
  good: [instanceWith("").replace("192.0.2.17/24", "192.0.2.17/24\n        192.0.2.18/24")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { section } of instancesOf(configuration)) {
    const seen = new Map<IpAddress, WrittenAddress>();
    for (const keyword of ["virtual_ipaddress", "virtual_ipaddress_excluded"])
      for (const written of addressesOf(section, keyword)) {
        const before = seen.get(written.address);
        seen.set(written.address, before ?? written);
        if (before === undefined || onOtherInterface(before, written)) continue;
        report(written.span, {
          message: `\`${written.address}\` is listed twice`,
          related: [{ span: before.span, label: "first here" }],
          effect: "it counts once",
          fix: "remove one of the lines, or correct the address",
        });
      }
  }
}

/** The same link-local address may well stand on several interfaces. */
function onOtherInterface(a: WrittenAddress, b: WrittenAddress): boolean {
  const [one, other] = [a, b].map(
    ({ entry }) => entry.options.find(({ name }) => name === "dev")?.values[0],
  );
  return one !== other && a.address.startsWith("fe80:");
}
