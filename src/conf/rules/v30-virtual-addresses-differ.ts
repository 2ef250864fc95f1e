// Nodes of one instance that hold different addresses.

import type { VirtualAddress } from "../../model/vrrp-instance.ts";
import { instanceWith } from "./example-texts.ts";
import { type RouterPart, sharedRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { hasUnknownEntry, placeOf } from "./vrrp-blocks.ts";

const low = (text: string): string => text.replace("priority 100", "priority 90");
const two = instanceWith("").replace("192.0.2.17/24", "192.0.2.17/24\n        192.0.2.18/24");

export const virtualAddressesDiffer: Rule = {
  id: "V30",
  name: "virtual-addresses-differ",
  severity: "error",
  scope: "pair",
  check,
  title: "nodes of one instance have different virtual addresses",
  explanation: [
    "An address that only one node lists is gone when the other node is MASTER. Worse, keepalived up to 2.3.2",
    "compares the list of an advert with its own and drops adverts that do not fit: then both nodes are",
    "MASTER. Later versions only log it.",
    "",
    "Write the same addresses on all nodes, in the same order and with the same prefix length. When you add",
    "one to running nodes, use `virtual_ipaddress_excluded`, which adverts do not list, or change the BACKUP",
    "first.",
  ].join("\n"),
  bad: [[two, low(instanceWith(""))]],
  good: [[two, low(two)]],
  sources: [
    "https://github.com/acassen/keepalived/issues/2175",
    "https://github.com/acassen/keepalived/issues/1603",
  ],
};

function check(nodes: readonly Configuration[], report: Report): void {
  for (const { first, others } of sharedRoutersOf(nodes))
    for (const part of others) {
      compare("virtual_ipaddress", [first, part], report);
      compare("virtual_ipaddress_excluded", [first, part], report);
    }
}

function compare(keyword: string, [a, b]: readonly [RouterPart, RouterPart], report: Report): void {
  if (hasUnknownEntry(a.instance.section, keyword)) return;
  if (hasUnknownEntry(b.instance.section, keyword)) return;
  const lists = [listOf(a, keyword), listOf(b, keyword)] as const;
  const onlyA = without(lists[0], lists[1]);
  const onlyB = without(lists[1], lists[0]);
  const excluded = keyword !== "virtual_ipaddress";
  const span = placeOf(b.instance.section, keyword, b.instance.span);
  const related = [
    {
      span: placeOf(a.instance.section, keyword, a.instance.span),
      label: `the list on ${a.nodeName}`,
    },
  ];
  if (onlyA.length + onlyB.length > 0) {
    report(span, {
      ...(excluded ? { severity: "warning" } : {}),
      message: `\`${b.instance.name}\` holds other addresses on ${b.nodeName} than on ${a.nodeName}`,
      label: [only(onlyB, b), only(onlyA, a)].filter((text) => text !== "").join("; "),
      related,
      effect: excluded
        ? "these addresses are gone while the other node is MASTER"
        : "they are gone while the other node is MASTER; keepalived 2.2 drops the adverts, and both become MASTER",
      fix: "write the same addresses on all nodes",
    });
    return;
  }
  const lengths = differingLengths(lists[0], lists[1]);
  if (lengths.length === 0) return;
  report(span, {
    severity: "warning",
    message: `prefix lengths of \`${b.instance.name}\` differ between ${a.nodeName} and ${b.nodeName}`,
    label: lengths.join("; "),
    related,
    effect: "routes to the subnet come and go with the node that is MASTER",
    fix: "write the same prefix lengths on all nodes",
  });
}

function listOf({ value }: RouterPart, keyword: string): readonly VirtualAddress[] {
  return keyword === "virtual_ipaddress" ? value.virtualAddresses : value.excludedAddresses;
}

function without(
  list: readonly VirtualAddress[],
  other: readonly VirtualAddress[],
): readonly VirtualAddress[] {
  const known = new Set(other.map(({ address }) => address));
  return list.filter(({ address }) => !known.has(address));
}

function only(list: readonly VirtualAddress[], { nodeName }: RouterPart): string {
  if (list.length === 0) return "";
  const named = list.slice(0, 3).map(({ address }) => address);
  const more = list.length > 3 ? ` and ${list.length - 3} more` : "";
  return `only on ${nodeName}: ${named.join(", ")}${more}`;
}

function differingLengths(a: readonly VirtualAddress[], b: readonly VirtualAddress[]): string[] {
  const lengths = new Map(a.map(({ address, prefixLength }) => [address, prefixLength]));
  return b.flatMap(({ address, prefixLength }) => {
    const other = lengths.get(address);
    return other === undefined || other === prefixLength
      ? []
      : [`${address} is /${prefixLength} here and /${other} there`];
  });
}
