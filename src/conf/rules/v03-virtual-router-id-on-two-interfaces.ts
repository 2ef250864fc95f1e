// One VRID on two interfaces: fine unless the interfaces meet on one link.

import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf, isUnicast, placeOf, type WrittenInstance } from "./vrrp-blocks.ts";

export const virtualRouterIdOnTwoInterfaces: Rule = {
  id: "V03",
  name: "virtual-router-id-on-two-interfaces",
  severity: "advice",
  scope: "file",
  check,
  title: "two interfaces have instances with the same VRID",
  explanation: [
    "A VRID must be the only one of its kind on a link, not on a machine: eth0 and eth1 may both have VRID 51",
    "as long as no switch, bridge or wrongly patched cable joins them. When one does, each instance hears the",
    "other's adverts, drops them with a complaint about addresses, or yields to them.",
    "",
    "Different numbers cost nothing and make captures readable. Keelson only gives advice here, because a",
    "file does not show how the interfaces are wired.",
  ].join("\n"),
  bad: [
    instanceWith("") +
      instanceWith("", "VI_2").replace("192.0.2.17", "198.51.100.17").replace("eth0", "eth1"),
  ],
  good: [instanceWith("") + instanceWith("", "VI_2", 18).replace("eth0", "eth1")],
  sources: ["https://github.com/acassen/keepalived/issues/2444"],
};

function check(configuration: Configuration, report: Report): void {
  const seen = new Map<string, WrittenInstance>();
  for (const instance of instancesOf(configuration)) {
    const { name, section, span, value } = instance;
    if (value === undefined || isUnicast(section)) continue;
    const key = `${value.family} ${value.vrid}`;
    const before = seen.get(key);
    seen.set(key, before ?? instance);
    if (before?.value === undefined || before.value.interface === value.interface) continue;
    report(placeOf(section, "virtual_router_id", span), {
      message: `\`${name}\` on ${value.interface} has VRID ${value.vrid}, as \`${before.name}\` on ${before.value.interface} has`,
      related: [
        {
          span: placeOf(before.section, "virtual_router_id", before.span),
          label: `VRID ${value.vrid} as well`,
        },
      ],
      effect: "they disturb each other as soon as the two interfaces meet on one link or bridge",
      fix: "give each instance its own `virtual_router_id`",
    });
  }
}
