// Peers that do not name each other.

import type { IpAddress } from "../../base/address.ts";
import { instanceWith } from "./example-texts.ts";
import { type RouterPart, sharedRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { addressesOf, hasUnknownEntry, isUnicast, placeOf, sourceOf } from "./vrrp-blocks.ts";

const node = (source: number, peer: number, priority: number): string =>
  instanceWith(`unicast_src_ip 192.0.2.${source}\nunicast_peer {\n    192.0.2.${peer}\n}`).replace(
    "priority 100",
    `priority ${priority}`,
  );

export const unicastNotMutual: Rule = {
  id: "V38",
  name: "unicast-not-mutual",
  severity: "error",
  scope: "pair",
  check,
  title: "a node is not among the unicast peers of another",
  explanation: [
    "With unicast a node sends its adverts to those whom it lists, and to nobody else. One that is missing",
    "from a list does not hear that node, and becomes MASTER beside it. The same happens when one node uses",
    "unicast and the other multicast.",
    "",
    "Each node lists all others by the address that stands in their `unicast_src_ip`. Where a file does not",
    "name its own source, Keelson cannot compare, and only says when unicast meets multicast.",
  ].join("\n"),
  bad: [
    [node(1, 2, 100), node(2, 3, 90)],
    [node(1, 2, 100), instanceWith("").replace("priority 100", "priority 90")],
  ],
  good: [[node(1, 2, 100), node(2, 1, 90)]],
  sources: [
    "https://github.com/acassen/keepalived/issues/1367",
    "https://github.com/acassen/keepalived/issues/44",
  ],
};

function check(nodes: readonly Configuration[], report: Report): void {
  for (const { first, others } of sharedRoutersOf(nodes)) {
    const parts = [first, ...others];
    const unicast = parts.find(({ instance }) => isUnicast(instance.section));
    if (unicast === undefined) continue;
    for (const part of parts)
      if (isUnicast(part.instance.section)) {
        for (const other of parts) if (other !== part) checkListed(part, other, report);
      } else reportMulticast(part, unicast, report);
  }
}

function reportMulticast(part: RouterPart, unicast: RouterPart, report: Report): void {
  report(placeOf(part.instance.section, "unicast_src_ip", part.instance.span), {
    message: `\`${part.instance.name}\` sends by multicast on ${part.nodeName}, and by unicast on ${unicast.nodeName}`,
    related: [
      {
        span: placeOf(unicast.instance.section, "unicast_peer", unicast.instance.span),
        label: `${unicast.nodeName} sends to these only`,
      },
    ],
    effect: "the nodes do not hear each other: both become MASTER",
    fix: `add \`unicast_peer\` on ${part.nodeName}, with the address of ${unicast.nodeName}`,
  });
}

/** Says it when `part` does not send to `other`. */
function checkListed(part: RouterPart, other: RouterPart, report: Report): void {
  const { section, span } = part.instance;
  const source = sourceOf(other.instance.section);
  if (source === undefined || hasUnknownEntry(section, "unicast_peer")) return;
  const peers = addressesOf(section, "unicast_peer").map(({ address }) => address);
  if (peers.includes(source) || sourceOf(section) === source) return;
  report(placeOf(section, "unicast_peer", span), {
    message: `${part.nodeName} does not send to ${other.nodeName}: \`${source}\` is not among its peers`,
    label: listOf(peers),
    related: [
      {
        span: placeOf(other.instance.section, "unicast_src_ip", other.instance.span),
        label: `${other.nodeName} sends from ${source}`,
      },
    ],
    effect: `${other.nodeName} hears nothing of ${part.nodeName}, and becomes MASTER beside it`,
    fix: `add \`${source}\` to \`unicast_peer\` on ${part.nodeName}`,
  });
}

function listOf(peers: readonly IpAddress[]): string {
  const shown = peers.slice(0, 4).join(", ");
  return peers.length > 4 ? `${shown} and ${peers.length - 4} more` : shown;
}
