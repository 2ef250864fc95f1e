// One address, held by two instances.

import type { IpAddress } from "../../base/address.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import {
  addressesOf,
  instancesOf,
  type WrittenAddress,
  type WrittenInstance,
} from "./vrrp-blocks.ts";

export const addressInTwoInstances: Rule = {
  id: "V27",
  name: "address-in-two-instances",
  severity: "warning",
  scope: "file",
  check,
  title: "two instances hold the same address",
  explanation: [
    "Each instance adds its addresses when it becomes MASTER and removes them when it stops being so, without",
    "regard for the other. As soon as the two are not MASTER on the same node, the address is on two nodes;",
    "and when one of them yields, it takes the address away under the other.",
    "",
    "Leave the address to one of them. It is fine, although odd, when the two can never be MASTER apart.",
  ].join("\n"),
  bad: [instanceWith("") + instanceWith("", "VI_2", 18).replace("192.0.2.18", "192.0.2.17")],
  good: [instanceWith("") + instanceWith("", "VI_2", 18)],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  const holders = new Map<IpAddress, { instance: WrittenInstance; written: WrittenAddress }>();
  for (const instance of instancesOf(configuration))
    for (const keyword of ["virtual_ipaddress", "virtual_ipaddress_excluded"])
      for (const written of addressesOf(instance.section, keyword)) {
        const { address, span } = written;
        const before = holders.get(address);
        if (before === undefined) holders.set(address, { instance, written });
        else if (before.instance !== instance)
          report(span, {
            message: `\`${instance.name}\` and \`${before.instance.name}\` both hold ${address}`,
            related: [
              { span: before.written.span, label: `\`${before.instance.name}\` holds it as well` },
            ],
            effect: "each adds and removes the address without regard for the other",
            fix: "leave it to one of them",
          });
      }
}
