// An IPv6 instance begins with a link-local address.

import { familyOf } from "../../base/address.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { addressesOf, instancesOf } from "./vrrp-blocks.ts";

const six = (address: string): string => instanceWith("").replace("192.0.2.17/24", address);

export const firstAddressNotLinkLocal: Rule = {
  id: "V23",
  name: "first-address-not-link-local",
  severity: "advice",
  scope: "file",
  check,
  title: "the first IPv6 address is not link-local",
  explanation: [
    "RFC 5798, section 5.2.9, wants the link-local address of the virtual router first in an IPv6 advert:",
    "hosts learn their gateway by it from router advertisements. keepalived and Keelson run without one, and",
    "refuse it only in strict mode; other makers' routers may drop such adverts.",
    "",
    "Where the address is a gateway or the peers are of another make, put `fe80::17/64` or the like first.",
    "For the address of a service it is not needed.",
  ].join("\n"),
  bad: [six("2001:db8::17/64")],
  good: [six("fe80::17/64\n        2001:db8::17/64"), instanceWith("")],
  sources: ["https://www.rfc-editor.org/rfc/rfc5798#section-5.2.9"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { section } of instancesOf(configuration)) {
    const [first] = addressesOf(section, "virtual_ipaddress");
    if (first === undefined || familyOf(first.address) !== 6) continue;
    if (/^fe[89ab]/.test(first.address)) continue;
    report(first.span, {
      message: `the first address, \`${first.address}\`, is not link-local`,
      effect: "routers of other makes may drop the adverts; in strict mode the instance is refused",
      fix: "put a link-local address such as `fe80::17/64` first, the same on every node",
    });
  }
}
