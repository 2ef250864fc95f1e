// Sync groups that are not the same on all nodes.

import { instanceWith } from "./example-texts.ts";
import { nodeNameOf, type VirtualRouter, virtualRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { type SyncGroup, syncGroupsOf } from "./sync-groups.ts";

const instances = instanceWith("") + instanceWith("", "VI_2", 18);
const low = instances.replaceAll("priority 100", "priority 90");
const group = "vrrp_sync_group G {\n    group {\n        VI_1\n        VI_2\n    }\n}\n";

export const syncGroupsDiffer: Rule = {
  id: "P04",
  name: "sync-groups-differ",
  severity: "warning",
  scope: "pair",
  check,
  title: "nodes have different sync groups",
  explanation: [
    "A sync group keeps its members on one node. When one node has the group and the other has not, or with",
    "other members, a fault of one member moves all of them away from the first node, and back only those",
    "that are in a group there: the addresses end up on different nodes.",
    "",
    "Write the same groups with the same members on all nodes; `sync_group_tracking_weight` too.",
  ].join("\n"),
  bad: [[group + instances, low]],
  good: [[group + instances, group + low]],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(nodes: readonly Configuration[], report: Report): void {
  const routers = virtualRoutersOf(nodes);
  for (const node of nodes)
    for (const group of syncGroupsOf(node)) {
      const members = routersOf(group, node, routers);
      // A group of one does nothing anywhere.
      if (members.length < 2) continue;
      for (const other of nodes)
        if (other !== node) compare(group, members, [node, other], nodes, report);
    }
}

/** The virtual routers that a group moves. */
function routersOf(
  group: SyncGroup,
  node: Configuration,
  routers: readonly VirtualRouter[],
): readonly VirtualRouter[] {
  const names = new Set(group.members.map(({ name }) => name));
  return routers.filter(({ parts }) =>
    parts.some((part) => part.node === node && names.has(part.instance.name)),
  );
}

function compare(
  group: SyncGroup,
  members: readonly VirtualRouter[],
  [node, other]: readonly [Configuration, Configuration],
  nodes: readonly Configuration[],
  report: Report,
): void {
  const [here, there] = [nodeNameOf(node, nodes), nodeNameOf(other, nodes)];
  const parts = members.flatMap((router) => router.parts.filter((part) => part.node === other));
  // Instances that the other node does not have are another rule's.
  if (parts.length < 2) return;
  const routers = virtualRoutersOf(nodes);
  const best = syncGroupsOf(other)
    .map((candidate) => ({
      candidate,
      shared: sharedBy(members, routersOf(candidate, other, routers)),
    }))
    .toSorted((a, b) => b.shared - a.shared)[0];
  if (best === undefined || best.shared === 0) {
    const [first] = parts;
    report(group.span, {
      message: `${there} has no sync group for the members of \`${group.name}\``,
      related:
        first === undefined ? [] : [{ span: first.instance.span, label: `on its own on ${there}` }],
      effect: `a fault of one of them on ${there} moves that one alone, and the addresses are on different nodes`,
      fix: `write the group on ${there} too`,
    });
    return;
  }
  // The rest is said once for each later node, against the first.
  if (nodes.indexOf(other) !== 0) return;
  const { candidate } = best;
  const missing = parts.filter(
    ({ instance }) => !candidate.members.some(({ name }) => name === instance.name),
  );
  const [first] = missing;
  if (first !== undefined || best.shared < routersOf(candidate, other, routers).length)
    report(group.span, {
      message: `\`${group.name}\` has other members on ${here} than on ${there}`,
      related: [
        {
          span: candidate.span,
          label: `${there}: ${candidate.members.map(({ name }) => name).join(", ")}`,
        },
      ],
      effect: "a fault moves other instances on one node than on the other",
      fix: "write the same members on all nodes",
    });
  else if (group.weighted !== candidate.weighted)
    report(group.span, {
      message: `weights count in \`${group.name}\` on ${group.weighted ? here : there} only`,
      related: [{ span: candidate.span, label: `on ${there}` }],
      effect: "what fails changes the priorities on one node and not on the other",
      fix: "write `sync_group_tracking_weight` on all nodes or on none",
    });
}

function sharedBy(a: readonly VirtualRouter[], b: readonly VirtualRouter[]): number {
  return a.filter((router) => b.includes(router)).length;
}
