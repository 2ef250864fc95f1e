// Addresses without prefix length.

import { familyOf } from "../../base/address.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { addressesOf, instancesOf } from "./vrrp-blocks.ts";

export const addressWithoutPrefix: Rule = {
  id: "V25",
  name: "address-without-prefix",
  severity: "advice",
  scope: "file",
  check,
  title: "a virtual address has no prefix length",
  explanation: [
    "An address without length becomes a host address, /32 or /128. That is right for the address of a",
    "service, and it does not change the routes of the node. It is a surprise to those who meant the subnet's",
    "/24, for instance on an interface that has no other address there, and it differs from a peer whose file",
    "says /24.",
    "",
    "Write the length, also when it is /32: then the file says what happens.",
  ].join("\n"),
  bad: [instanceWith("").replace("192.0.2.17/24", "192.0.2.17")],
  good: [instanceWith("")],
  sources: ["https://github.com/acassen/keepalived/issues/334"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { section } of instancesOf(configuration)) {
    const bare = addressesOf(section, "virtual_ipaddress").filter(
      ({ prefixLength, entry }) =>
        prefixLength === undefined && !entry.line.words.some(({ text }) => text.includes("$")),
    );
    const [first] = bare;
    if (first === undefined) continue;
    const length = familyOf(first.address) === 4 ? 32 : 128;
    const more = bare.length === 1 ? "" : `, as ${bare.length - 1} more here`;
    report(first.span, {
      message: `\`${first.address}\` has no prefix length${more}`,
      effect: `it becomes /${length}: no route to its subnet comes with it`,
      fix: `write \`${first.address}/${length}\` if that is meant, or the length of the subnet`,
    });
    // Once is enough: it is about the habit.
    return;
  }
}
