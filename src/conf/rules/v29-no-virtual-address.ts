// An instance without addresses.

import { settingOf, settingsOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { addressesOf, instancesOf, placeOf, versionOf } from "./vrrp-blocks.ts";

const bare = instanceWith("").replace(/ *virtual_ipaddress \{[^}]*\}\n/, "");

export const noVirtualAddress: Rule = {
  id: "V29",
  name: "no-virtual-address",
  severity: "warning",
  scope: "file",
  check,
  title: "an instance has no virtual address",
  explanation: [
    "The instance elects a MASTER, which then holds nothing. In clouds that is meant: a notify script moves",
    "the address through the provider. Elsewhere it is a block that was forgotten. In version 3 an advert",
    "must list at least one address, so keepalived leaves such an instance out.",
    "",
    "Add `virtual_ipaddress`, or say with `no_virtual_ipaddress` that it is on purpose (keepalived after",
    "2.2.7). An instance with nothing but virtual_ipaddress_excluded should advertise one of them.",
  ].join("\n"),
  bad: [bare],
  good: [instanceWith("")],
  sources: ["https://github.com/acassen/keepalived/issues/2121"],
};

function check(configuration: Configuration, report: Report): void {
  for (const instance of instancesOf(configuration)) {
    const { name, section, span } = instance;
    // One that is left out is another rule's.
    if (settingOf(section, "virtual_router_id") === undefined) continue;
    if (settingOf(section, "no_virtual_ipaddress") !== undefined) continue;
    if (addressesOf(section, "virtual_ipaddress").length > 0) continue;
    const lines = settingsOf(section, "virtual_ipaddress").flatMap(({ entries = [] }) => entries);
    // Lines that cannot be read have a finding of their own.
    if (lines.length > 0) continue;
    const required = versionOf(configuration, instance) === 3;
    report(placeOf(section, "virtual_ipaddress", span), {
      message: `the instance \`${name}\` has no virtual address`,
      effect: required
        ? "keepalived leaves the instance out: version 3 needs an address"
        : "it elects a MASTER, which then holds nothing",
      fix: "add `virtual_ipaddress`; where a notify script moves the address, say so with `no_virtual_ipaddress`",
      stock: `(${name}) No VIP specified; at least one is ${required ? "required" : "sensible"}`,
    });
  }
}
