// Members of a sync group whose priorities point to different nodes.

import { instanceWith } from "./example-texts.ts";
import { type RouterPart, virtualRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { syncGroupsOf } from "./sync-groups.ts";
import { priorityOf, priorityPlace } from "./vrrp-blocks.ts";

const group = "vrrp_sync_group G {\n    group {\n        VI_1\n        VI_2\n    }\n}\n";
const node = (first: number, second: number): string =>
  group +
  instanceWith("").replace("priority 100", `priority ${first}`) +
  instanceWith("", "VI_2", 18).replace("priority 100", `priority ${second}`);

export const syncGroupTorn: Rule = {
  id: "P05",
  name: "sync-group-torn",
  severity: "error",
  scope: "pair",
  check,
  title: "members of a sync group are to be MASTER on different nodes",
  explanation: [
    "A group becomes MASTER only when every member would, and all members move together. When one member has",
    "its highest priority here and another one there, each node wins an election and loses the other: the",
    "group has no rest, or no node becomes MASTER of all.",
    "",
    "Let all members of a group have their highest priority on the same node. For two addresses on two nodes",
    "write two instances without a group.",
  ].join("\n"),
  bad: [[node(150, 100), node(100, 150)]],
  good: [[node(150, 150), node(100, 100)]],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(nodes: readonly Configuration[], report: Report): void {
  const [node] = nodes;
  if (node === undefined) return;
  const routers = virtualRoutersOf(nodes);
  for (const group of syncGroupsOf(node)) {
    const highest: RouterPart[] = [];
    for (const { name } of group.members) {
      const router = routers.find(({ parts }) =>
        parts.some((part) => part.node === node && part.instance.name === name),
      );
      const part = router === undefined ? undefined : highestOf(router.parts);
      if (part !== undefined) highest.push(part);
    }
    const [first, ...others] = highest;
    const torn = others.find((part) => part.node !== first?.node);
    if (first === undefined || torn === undefined) continue;
    report(priorityPlace(torn.instance), {
      message: `\`${first.instance.name}\` and \`${torn.instance.name}\` are in one sync group, and have their highest priority on different nodes`,
      related: [
        {
          span: priorityPlace(first.instance),
          label: `\`${first.instance.name}\` is highest on ${first.nodeName}`,
        },
        { span: group.span, label: "the group" },
      ],
      effect: "each node wins one member and loses the other: the group does not come to rest",
      fix: `give \`${torn.instance.name}\` its highest priority on ${first.nodeName} too`,
    });
  }
}

/** The part with the highest priority; undefined when it cannot be told, or two have it. */
function highestOf(parts: readonly RouterPart[]): RouterPart | undefined {
  const priorities = parts.map(({ instance }) => priorityOf(instance));
  if (parts.length < 2 || priorities.includes(undefined)) return undefined;
  const highest = Math.max(...priorities.map((priority) => priority ?? 0));
  const winners = parts.filter((_, i) => priorities[i] === highest);
  return winners.length === 1 ? winners[0] : undefined;
}
