// One VRID stands once on an interface, for each family.

import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import {
  addressesOf,
  hasUnknownEntry,
  instancesOf,
  isKnown,
  isUnicast,
  placeOf,
  type WrittenInstance,
} from "./vrrp-blocks.ts";

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
    "instances of different families may share a number. So may instances with different multicast groups,",
    "and unicast ones with other peers, although it makes captures hard to read.",
  ].join("\n"),
  bad: [instanceWith("") + instanceWith("", "VI_2").replace("192.0.2.17", "192.0.2.18")],
  good: [
    instanceWith("") + instanceWith("", "VI_2", 18),
    instanceWith("") + instanceWith("", "VI_6").replace("192.0.2.17/24", "fe80::17/64"),
  ],
  sources: ["https://www.rfc-editor.org/rfc/rfc5798#section-5.2.3"],
};

function check(configuration: Configuration, report: Report): void {
  const routers = new Map<string, WrittenInstance[]>();
  for (const instance of instancesOf(configuration)) {
    const { section, value } = instance;
    if (value === undefined || isOpen(section)) continue;
    const { vrid, family, interface: networkInterface } = value;
    const router = `${networkInterface} ${family} ${vrid}`;
    const others = routers.get(router) ?? [];
    const before = others.find((other) => hearsEachOther(instance, other));
    if (before !== undefined) reportDuplicate(instance, before, report);
    routers.set(router, [...others, instance]);
  }
}

/** True when what counts cannot be told: a placeholder in the place of an interface or of addresses. */
function isOpen(section: WrittenInstance["section"]): boolean {
  return (
    !isKnown(section, "interface") ||
    hasUnknownEntry(section, "virtual_ipaddress") ||
    hasUnknownEntry(section, "unicast_peer")
  );
}

/** Multicast instances meet in their group, unicast ones at a common peer. */
function hearsEachOther(a: WrittenInstance, b: WrittenInstance): boolean {
  const peers = [a, b].map(({ section }) =>
    addressesOf(section, "unicast_peer").map(({ address }) => address),
  );
  const [one = [], other = []] = peers;
  if (one.length === 0 && other.length === 0)
    return a.value?.multicastGroup === b.value?.multicastGroup;
  return one.some((address) => other.includes(address));
}

function reportDuplicate(instance: WrittenInstance, before: WrittenInstance, report: Report): void {
  const { name, section, span, value } = instance;
  if (value === undefined) return;
  const { vrid, family, interface: networkInterface } = value;
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
    stock: isUnicast(section)
      ? `(${before.name}) duplicate VRID conflict with ${name} VRID ${vrid}`
      : `${before.name} and ${name} both use VRID ${vrid} with IPv${family} on interface ${networkInterface}`,
  });
}
