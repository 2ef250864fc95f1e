// Adverts from or to an address that moves.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { addressesOf, addressOf, instancesOf, placeOf } from "./vrrp-blocks.ts";

export const virtualAddressAsEndpoint: Rule = {
  id: "V67",
  name: "virtual-address-as-endpoint",
  severity: "warning",
  scope: "file",
  check,
  title: "adverts use the virtual address as source or peer",
  explanation: [
    "The virtual address is on the MASTER only. A peer that is called by it is whoever is MASTER, this node",
    "itself among them; and a source that a BACKUP does not have keeps it from sending at all, so it never",
    "becomes MASTER.",
    "",
    "Use addresses that the nodes always have.",
  ].join("\n"),
  bad: [
    instanceWith("unicast_src_ip 192.0.2.17\nunicast_peer {\n    192.0.2.2\n}"),
    instanceWith("unicast_src_ip 192.0.2.1\nunicast_peer {\n    192.0.2.17\n}"),
    instanceWith("mcast_src_ip 192.0.2.17"),
  ],
  good: [instanceWith("unicast_src_ip 192.0.2.1\nunicast_peer {\n    192.0.2.2\n}")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const instance of instancesOf(configuration)) {
    const { name, section, span } = instance;
    // The owner of an address has it always.
    if (instance.value?.priority === 255) continue;
    const held = new Set(
      addressesOf(section, "virtual_ipaddress")
        .concat(addressesOf(section, "virtual_ipaddress_excluded"))
        .map(({ address }) => address),
    );
    const list = { span: placeOf(section, "virtual_ipaddress", span), label: "it is among these" };
    for (const keyword of ["unicast_src_ip", "mcast_src_ip"]) {
      const setting = settingOf(section, keyword);
      const source = addressOf(section, keyword);
      if (setting === undefined || source === undefined || !held.has(source)) continue;
      report(spanAt(setting.line, 1), {
        message: `\`${source}\` is a virtual address of \`${name}\``,
        related: [list],
        effect: "a BACKUP does not have it, and cannot send its adverts",
        fix: "write an address that this node always has",
      });
    }
    for (const peer of addressesOf(section, "unicast_peer"))
      if (held.has(peer.address))
        report(peer.span, {
          message: `the peer \`${peer.address}\` is a virtual address of \`${name}\``,
          related: [list],
          effect: "adverts go to whoever is MASTER, and no other node hears this one",
          fix: "write the other node's own address",
        });
  }
}
