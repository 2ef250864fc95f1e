// Multicast groups that are none, or that nobody uses.

import { familyOf, type IpAddress, ipv4Number } from "../../base/address.ts";
import { spanAt } from "../keepalived/reading.ts";
import { type Section, settingOf, settingsOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { addressOf, instancesOf, isUnicast, placeOf } from "./vrrp-blocks.ts";

export const notAMulticastGroup: Rule = {
  id: "V69",
  name: "not-a-multicast-group",
  severity: "warning",
  scope: "file",
  check,
  title: "the group for adverts is no multicast address, or is not used",
  explanation: [
    "`mcast_dst_ip`, `vrrp_mcast_group4` and `vrrp_mcast_group6` name the group that all nodes join:",
    "224.0.0.0/4 or ff00::/8. Any other address is skipped and the standard group counts (224.0.0.18,",
    "ff02::12). To send to one host use `unicast_peer`. With peers, `mcast_dst_ip` has no meaning and is",
    "ignored.",
  ].join("\n"),
  bad: [
    instanceWith("mcast_dst_ip 192.0.2.2"),
    `global_defs {\n    vrrp_mcast_group4 192.0.2.2\n}\n${instanceWith("")}`,
    instanceWith("mcast_dst_ip 224.0.0.20\nunicast_peer {\n    192.0.2.2\n}"),
  ],
  good: [instanceWith("mcast_dst_ip 224.0.0.20")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { section } of settingsOf(configuration.root, "global_defs"))
    if (section !== undefined)
      for (const keyword of ["vrrp_mcast_group4", "vrrp_mcast_group6"])
        checkGroup(
          section,
          keyword,
          (address) => `${keyword} [${address}] is not multicast. Skipping`,
          report,
        );
  for (const { name, section, span } of instancesOf(configuration)) {
    checkGroup(
      section,
      "mcast_dst_ip",
      (address) => `(${name}) mcast_dst_ip ${address} not multicast. Skipping...`,
      report,
    );
    const setting = settingOf(section, "mcast_dst_ip");
    if (setting === undefined || !isUnicast(section)) continue;
    report(spanAt(setting.line, 0), {
      message: `\`${name}\` sends to its peers, and not to a group`,
      related: [{ span: placeOf(section, "unicast_peer", span), label: "because of these" }],
      effect: "the line is ignored",
      fix: "remove the line, or `unicast_peer`",
      stock: `(${name}) multicast destination specified with unicast - ignoring`,
    });
  }
}

function checkGroup(
  section: Section,
  keyword: string,
  stockOf: (address: IpAddress) => string,
  report: Report,
): void {
  const setting = settingOf(section, keyword);
  const address = addressOf(section, keyword);
  if (setting === undefined || address === undefined || isMulticast(address)) return;
  report(spanAt(setting.line, 1), {
    message: `\`${address}\` is no multicast address`,
    effect: "it is skipped, and the standard group counts",
    fix: "write a group from 224.0.0.0/4 or ff00::/8, or name the peer in `unicast_peer`",
    stock: stockOf(address),
  });
}

function isMulticast(address: IpAddress): boolean {
  return familyOf(address) === 6 ? address.startsWith("ff") : ipv4Number(address) >>> 28 === 14;
}
