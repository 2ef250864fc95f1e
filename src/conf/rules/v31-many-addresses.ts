// More addresses than an advert should carry.

import { familyOf } from "../../base/address.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { addressesOf, instancesOf } from "./vrrp-blocks.ts";

/** keepalived's old limit, and that of other makers' routers. */
const usualMax = 20;

const many = (count: number): string =>
  instanceWith("").replace(
    "        192.0.2.17/24",
    Array.from({ length: count }, (_, i) => `        192.0.2.${i + 17}/24`).join("\n"),
  );

export const manyAddresses: Rule = {
  id: "V31",
  name: "many-addresses",
  severity: "warning",
  scope: "file",
  check,
  title: "an instance advertises more than 20 addresses",
  explanation: [
    "Every advert lists all addresses of virtual_ipaddress. Other makers' routers and old versions of",
    "keepalived take at most 20; the count field ends at 255, and an IPv6 packet is full after some 90. What",
    "does not fit is not advertised. Each second the whole list is sent, and compared by every node.",
    "",
    "One address in virtual_ipaddress is enough for the election. Put the others into",
    "`virtual_ipaddress_excluded`: the MASTER holds them all the same. Change all nodes, the BACKUP first.",
  ].join("\n"),
  bad: [many(usualMax + 1)],
  good: [many(usualMax)],
  sources: ["https://github.com/acassen/keepalived/issues/368"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { name, section } of instancesOf(configuration)) {
    const addresses = addressesOf(section, "virtual_ipaddress");
    const first = addresses[0];
    if (first === undefined) continue;
    const family = familyOf(first.address);
    const own = addresses.filter(({ address }) => familyOf(address) === family);
    const beyond = own[usualMax];
    if (beyond === undefined) continue;
    report(beyond.span, {
      message: `\`${name}\` advertises ${own.length} addresses`,
      label: `the ${usualMax + 1}st`,
      effect: "other makers' routers refuse such adverts, and each one carries the whole list",
      fix: "leave one in `virtual_ipaddress`, and put the others into `virtual_ipaddress_excluded` on all nodes",
    });
  }
}
