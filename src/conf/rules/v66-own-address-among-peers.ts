// A node that lists itself among its peers.

import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { addressesOf, addressOf, instancesOf, placeOf } from "./vrrp-blocks.ts";

const node = (peers: string): string =>
  instanceWith(`unicast_src_ip 192.0.2.1\nunicast_peer {\n${peers}}`);

export const ownAddressAmongPeers: Rule = {
  id: "V66",
  name: "own-address-among-peers",
  severity: "advice",
  scope: "file",
  check,
  title: "an instance lists its own address among its peers",
  explanation: [
    "The node sends its adverts also to itself, which does nothing. As one list for all nodes that is",
    "harmless. When it is the only peer it is a mistake, and worth a warning: the list was copied from the",
    "other node, and the other node is not in it, so the two do not hear each other and both become MASTER.",
    "",
    "List the other nodes only.",
  ].join("\n"),
  bad: [node("    192.0.2.1\n    192.0.2.2\n"), node("    192.0.2.1\n")],
  good: [node("    192.0.2.2\n")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { section, span } of instancesOf(configuration)) {
    const source = addressOf(section, "unicast_src_ip");
    const peers = addressesOf(section, "unicast_peer");
    const own = peers.find(({ address }) => address === source);
    if (source === undefined || own === undefined) continue;
    const alone = peers.length === 1;
    report(own.span, {
      ...(alone ? { severity: "warning" } : {}),
      message: alone
        ? `\`${source}\`, the only peer, is this node itself`
        : `\`${source}\` is this node itself`,
      related: [
        { span: placeOf(section, "unicast_src_ip", span), label: "adverts come from here" },
      ],
      effect: alone
        ? "no other node hears this one, and both become MASTER"
        : "the node sends adverts to itself and drops them",
      fix: alone ? "write the address of the other node" : "remove the line",
    });
  }
}
