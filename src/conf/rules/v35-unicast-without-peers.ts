// Keywords of unicast, and nobody to send to.

import { spanAt } from "../keepalived/reading.ts";
import { type Section, settingOf, settingsOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { addressesOf, instancesOf } from "./vrrp-blocks.ts";

/** Keywords that make sense only with peers. */
const keywords = [
  "unicast_peer",
  "unicast_src_ip",
  "unicast_ttl",
  "check_unicast_src",
  "old_unicast_checksum",
];

export const unicastWithoutPeers: Rule = {
  id: "V35",
  name: "unicast-without-peers",
  severity: "warning",
  scope: "file",
  check,
  title: "unicast is asked for, and there are no peers",
  explanation: [
    "Without a line in `unicast_peer` the adverts go out by multicast, whatever else is said about unicast.",
    "In a network that drops multicast, which is why most people write unicast, no node hears another, and",
    "all are MASTER.",
    "",
    "List the addresses of the other nodes in `unicast_peer`, or remove the keywords. With",
    "`unicast_fault_no_peer` the instance goes into FAULT instead.",
  ].join("\n"),
  bad: [instanceWith("unicast_src_ip 192.0.2.1"), instanceWith("unicast_peer {\n}")],
  good: [
    instanceWith("unicast_src_ip 192.0.2.1\nunicast_peer {\n    192.0.2.2\n}"),
    instanceWith("unicast_src_ip 192.0.2.1\nunicast_fault_no_peer"),
  ],
  sources: ["https://github.com/acassen/keepalived/issues/1969"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { name, section } of instancesOf(configuration)) {
    if (hasPeers(section) || settingOf(section, "unicast_fault_no_peer") !== undefined) continue;
    const keyword = keywords.find((word) => settingsOf(section, word).length > 0);
    const setting = keyword === undefined ? undefined : settingOf(section, keyword);
    if (setting === undefined) continue;
    report(spanAt(setting.line, 0), {
      message:
        keyword === "unicast_peer"
          ? `\`unicast_peer\` of \`${name}\` lists no address`
          : `\`${keyword}\` needs a \`unicast_peer\` block, and \`${name}\` has none`,
      effect: "adverts go out by multicast",
      fix: "list the other nodes in `unicast_peer`, or remove the keywords of unicast",
      stock: `(${name}) A unicast keyword has been specified without any unicast peers. Defaulting to multicast. This usage is deprecated - please update your configuration.`,
    });
  }
}

/** True when a peer can be read, or when its line has a finding of its own. */
function hasPeers(section: Section): boolean {
  return (
    addressesOf(section, "unicast_peer").length > 0 ||
    settingsOf(section, "unicast_peer").some(({ entries = [] }) => entries.length > 0)
  );
}
