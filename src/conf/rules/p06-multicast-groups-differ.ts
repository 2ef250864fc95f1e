// Nodes that send to different multicast groups.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import { instanceWith } from "./example-texts.ts";
import { type RouterPart, sharedRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { globalSetting, isKnown, isUnicast } from "./vrrp-blocks.ts";

const low = (lines: string): string => instanceWith(lines).replace("priority 100", "priority 90");

export const multicastGroupsDiffer: Rule = {
  id: "P06",
  name: "multicast-groups-differ",
  severity: "error",
  scope: "pair",
  check,
  title: "nodes send their adverts to different multicast groups",
  explanation: [
    "A node hears the adverts of the group that it has joined. Nodes of one instance with different groups do",
    "not hear each other, and all of them become MASTER.",
    "",
    "Write the same `vrrp_mcast_group4`, `vrrp_mcast_group6` or `mcast_dst_ip` on all nodes, or none of them.",
  ].join("\n"),
  bad: [[instanceWith("mcast_dst_ip 224.0.0.20"), low("")]],
  good: [[instanceWith("mcast_dst_ip 224.0.0.20"), low("mcast_dst_ip 224.0.0.20")]],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(nodes: readonly Configuration[], report: Report): void {
  for (const { first, others } of sharedRoutersOf(nodes))
    for (const part of others) {
      if (first.value.multicastGroup === part.value.multicastGroup) continue;
      if ([first, part].some(({ instance }) => isUnicast(instance.section))) continue;
      if ([first, part].some(({ instance }) => !isKnown(instance.section, "mcast_dst_ip")))
        continue;
      report(groupPlace(part), {
        message: `\`${part.instance.name}\` sends to ${part.value.multicastGroup} on ${part.nodeName}, and to ${first.value.multicastGroup} on ${first.nodeName}`,
        related: [
          { span: groupPlace(first), label: `${first.value.multicastGroup} on ${first.nodeName}` },
        ],
        effect: "the nodes do not hear each other, and all of them become MASTER",
        fix: "write the same group on all nodes",
      });
    }
}

function groupPlace({ instance, node, value }: RouterPart): Span {
  const setting =
    settingOf(instance.section, "mcast_dst_ip") ??
    globalSetting(node, `vrrp_mcast_group${value.family}`);
  return setting === undefined ? instance.span : spanAt(setting.line, 0);
}
