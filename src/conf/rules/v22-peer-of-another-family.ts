// Peers or a source of one family, addresses of the other.

import { type FamilyWitness, familyWitnessesOf } from "../keepalived/lower/instance-family.ts";
import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf } from "./vrrp-blocks.ts";

export const peerOfAnotherFamily: Rule = {
  id: "V22",
  name: "peer-of-another-family",
  severity: "error",
  scope: "file",
  check,
  title: "peers, source and virtual addresses are of different families",
  explanation: [
    "What stands first fixes the family of an instance: a peer, the source address, or a virtual address. All",
    "that follows must be of that family, and is ignored otherwise. keepalived blames the later line,",
    "although the line at fault is often the first; when no virtual address is left it leaves the instance",
    "out, and without a peer it goes on by multicast.",
    "",
    "Use peers and a source of the family of the addresses. To hold IPv6 addresses over IPv4 adverts (or the",
    "other way round), put them into `virtual_ipaddress_excluded`.",
  ].join("\n"),
  bad: [
    instanceWith("unicast_peer {\n    2001:db8::2\n}"),
    instanceWith("mcast_src_ip 2001:db8::1"),
  ],
  good: [instanceWith("unicast_peer {\n    198.51.100.2\n}")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

const names: Readonly<Record<string, string>> = {
  mcast_src_ip: "source",
  unicast_src_ip: "source",
  unicast_peer: "peer",
  virtual_ipaddress: "virtual address",
};

function check(configuration: Configuration, report: Report): void {
  for (const { name, section } of instancesOf(configuration)) {
    const [first, ...others] = familyWitnessesOf(section);
    if (first === undefined) continue;
    if (settingOf(section, "dual_stack") !== undefined) {
      checkBothFamilies(name, [first, ...others], report);
      continue;
    }
    const fixes = names[first.keyword] ?? "address";
    for (const other of others) {
      if (other.family === first.family) continue;
      // Addresses among themselves are another rule's.
      if (other.keyword === first.keyword && first.keyword === "virtual_ipaddress") continue;
      const what = names[other.keyword] ?? "address";
      report(spanAt(other.line, other.wordIndex), {
        message: `the ${what} \`${other.address}\` is IPv${other.family}, and \`${name}\` is an IPv${first.family} instance`,
        related: [
          {
            span: spanAt(first.line, first.wordIndex),
            label: `this ${fixes}, the first address of the block, fixes the family`,
          },
        ],
        effect: effects[what] ?? "it is ignored",
        fix: `write an IPv${first.family} address here, or an IPv${other.family} one there`,
        stock: stockOf(name, other),
      });
    }
  }
}

/** With `dual_stack` each family has adverts of its own; peers of one family say nothing to the other. */
function checkBothFamilies(
  name: string,
  witnesses: readonly FamilyWitness[],
  report: Report,
): void {
  const peers = witnesses.filter(({ keyword }) => keyword === "unicast_peer");
  if (peers.length === 0) return;
  for (const family of [4, 6] as const) {
    if (peers.some((peer) => peer.family === family)) continue;
    const address = witnesses.find(
      (one) => one.keyword === "virtual_ipaddress" && one.family === family,
    );
    if (address === undefined) continue;
    report(spanAt(address.line, address.wordIndex), {
      message: `\`${name}\` has unicast peers, and none of them is IPv${family} like \`${address.address}\``,
      effect: `the IPv${family} half of \`dual_stack\` advertises by multicast`,
      fix: `add the peer's IPv${family} address to unicast_peer`,
    });
  }
}

const effects: Readonly<Record<string, string>> = {
  peer: "it is ignored: no adverts go there",
  source: "it is ignored: adverts come from the interface's own address",
  "virtual address": "it is ignored: no node holds it",
};

function stockOf(name: string, { keyword, address, line }: FamilyWitness): string {
  if (keyword === "virtual_ipaddress")
    return `(${name}): address family must match VRRP instance [${line.words[0]?.text}] - ignoring`;
  const what = keyword === "unicast_peer" ? "unicast peer address" : "src address";
  return `Configuration error: VRRP instance[${name}] and ${what}[${address}] MUST be of the same family !!! Skipping...`;
}
