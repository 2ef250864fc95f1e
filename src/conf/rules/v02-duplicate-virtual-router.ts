// One VRID stands once on an interface, for each family.

import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf, isUnicast, placeOf, type WrittenInstance } from "./vrrp-blocks.ts";

export const duplicateVirtualRouter: Rule = {
  id: "V02",
  name: "duplicate-virtual-router",
  severity: "error",
  scope: "file",
  check,
  title: "two instances have the same VRID on one interface",
  explanation: [
    "An advert belongs to an instance by its interface, its family and its VRID, and by nothing else. Two",
    "instances that share all three take each other's adverts for those of a peer: they elect one of",
    "themselves, and one of the addresses is gone. keepalived does not start with such a file, and neither",
    "does Keelson.",
    "",
    "Give one of them another virtual_router_id, the same on all of its nodes. IPv4 and IPv6 count apart: two",
    "instances of different families may share a number. So may two unicast instances with other peers,",
    "although it makes captures hard to read.",
  ].join("\n"),
  bad: [instanceWith("") + instanceWith("", "VI_2").replace("192.0.2.17", "192.0.2.18")],
  good: [
    instanceWith("") + instanceWith("", "VI_2", 18),
    instanceWith("") + instanceWith("", "VI_6").replace("192.0.2.17/24", "fe80::17/64"),
  ],
  sources: ["https://www.rfc-editor.org/rfc/rfc5798#section-5.2.3"],
};

function check(configuration: Configuration, report: Report): void {
  const routers = new Map<string, WrittenInstance>();
  for (const instance of instancesOf(configuration)) {
    const { name, section, span, value } = instance;
    if (value === undefined || settingOf(section, "interface")?.values[0] === undefined) continue;
    const { vrid, family, interface: networkInterface } = value;
    const router = `${networkInterface} ${family} ${vrid}`;
    const before = routers.get(router);
    routers.set(router, before ?? instance);
    if (before === undefined || (isUnicast(section) && isUnicast(before.section))) continue;
    report(placeOf(section, "virtual_router_id", span), {
      message: `\`${name}\` has VRID ${vrid} on ${networkInterface}, as \`${before.name}\` has`,
      related: [
        {
          span: placeOf(before.section, "virtual_router_id", before.span),
          label: `VRID ${vrid} as well`,
        },
      ],
      effect: "the two would answer each other's adverts; keepalived does not start",
      fix: "give one of them another `virtual_router_id`",
      stops: true,
      stock: `(${name}) VRID ${vrid} already used on interface ${networkInterface}`,
    });
  }
}
