// IPv4 and IPv6 in one virtual_ipaddress.

import { familyOf } from "../../base/address.ts";
import { familyWitnessesOf } from "../keepalived/lower/instance-family.ts";
import { settingOf } from "../keepalived/section.ts";
import type { Edit, Span } from "../text/diagnostic.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import {
  addressesOf,
  instancesOf,
  type WrittenAddress,
  type WrittenInstance,
} from "./vrrp-blocks.ts";

export const mixedFamilies: Rule = {
  id: "V21",
  name: "mixed-families",
  severity: "error",
  scope: "file",
  check,
  title: "virtual_ipaddress mixes IPv4 and IPv6",
  explanation: [
    "An advert carries addresses of one family, the one of the packet itself. The first address (or a peer's,",
    "where there are peers) decides; addresses of the other family are ignored and are nowhere.",
    "",
    "Put them into `virtual_ipaddress_excluded`: the MASTER then holds them all, and only the adverts leave",
    "them out. Or write two instances, one a family, and bind them with a vrrp_sync_group; they may have the",
    "same virtual_router_id. Or write `dual_stack`: Keelson then does that by itself.",
  ].join("\n"),
  bad: [
    instanceWith("").replace(
      "        192.0.2.17/24",
      "        192.0.2.17/24\n        2001:db8::17/64",
    ),
  ],
  good: [
    instanceWith("virtual_ipaddress_excluded {\n    2001:db8::17/64\n}"),
    instanceWith("dual_stack").replace(
      "        192.0.2.17/24",
      "        192.0.2.17/24\n        2001:db8::17/64",
    ),
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/497",
    "https://github.com/acassen/keepalived/issues/1421",
    "https://github.com/acassen/keepalived/issues/2658",
  ],
};

function check(configuration: Configuration, report: Report): void {
  for (const instance of instancesOf(configuration)) {
    const { section } = instance;
    if (settingOf(section, "dual_stack") !== undefined) continue;
    const addresses = addressesOf(section, "virtual_ipaddress");
    const [first] = addresses;
    // Where a peer or the source decides, that is another rule's.
    const [decides] = familyWitnessesOf(section);
    if (first === undefined || decides?.keyword !== "virtual_ipaddress") continue;
    const family = familyOf(first.address);
    const others = addresses.filter(({ address }) => familyOf(address) !== family);
    for (const [index, other] of others.entries())
      report(other.span, {
        message: `\`${other.address}\` is IPv${10 - family}, and the first address is IPv${family}`,
        related: [
          { span: first.span, label: `makes \`${instance.name}\` an IPv${family} instance` },
        ],
        effect: "it is ignored: no node holds it",
        fix: "put it into `virtual_ipaddress_excluded`, or into an instance of its own in the same sync group",
        // One change mends them all.
        ...(index === 0 ? withMove(instance, others) : {}),
        stock: `(${instance.name}): address family must match VRRP instance [${other.entry.line.words[0]?.text}] - ignoring`,
      });
  }
}

function withMove(
  instance: WrittenInstance,
  addresses: readonly WrittenAddress[],
): { edits?: readonly Edit[] } {
  const block = settingOf(instance.section, "virtual_ipaddress")?.line.words[0];
  const file = instance.span.file;
  if (
    block === undefined ||
    settingOf(instance.section, "virtual_ipaddress_excluded") !== undefined
  )
    return {};
  const indent = " ".repeat(block.column - 1);
  const lines: string[] = [];
  const edits: Edit[] = [];
  for (const { entry } of addresses) {
    const [first] = entry.line.words;
    const last = entry.line.words.at(-1);
    if (first === undefined || last === undefined || entry.line.file !== file) return {};
    const length = last.column + last.raw.length - first.column;
    const words = entry.line.words.map(({ raw }) => raw);
    // Words that a definition or a wrapped line put there stand elsewhere in the text.
    if (last.line !== first.line || length < words.join(" ").length) return {};
    const span: Span = { file, line: first.line, column: first.column, length };
    edits.push({ span, newText: "" });
    lines.push(`${indent}    ${words.join(" ")}\n`);
  }
  const span: Span = { file, line: block.line, column: block.column, length: 0 };
  const newText = `virtual_ipaddress_excluded {\n${lines.join("")}${indent}}\n${indent}`;
  return { edits: [{ span, newText }, ...edits] };
}
