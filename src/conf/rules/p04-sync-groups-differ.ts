// Sync groups that are not the same on all nodes.

import { instanceWith } from "./example-texts.ts";
import { nodeNameOf, type RouterPart, type VirtualRouter, virtualRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { groupOf, type SyncGroup, syncGroupsOf } from "./sync-groups.ts";
import type { WrittenInstance } from "./vrrp-blocks.ts";

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
  const routers = new Map<WrittenInstance, VirtualRouter>();
  for (const router of virtualRoutersOf(nodes))
    for (const { instance } of router.parts) routers.set(instance, router);
  for (const node of nodes)
    for (const group of syncGroupsOf(node)) {
      const members = membersOf(group, routers);
      const side = { group, nodeName: nodeNameOf(node, nodes) };
      // A group of one does nothing anywhere.
      if (members.length > 1) checkOthers(side, node, members, { nodes, routers }, report);
    }
}

/** All nodes, and the router of each instance of them. */
interface Cluster {
  readonly nodes: readonly Configuration[];
  readonly routers: ReadonlyMap<WrittenInstance, VirtualRouter>;
}

function checkOthers(
  side: Side,
  node: Configuration,
  members: readonly VirtualRouter[],
  { nodes, routers }: Cluster,
  report: Report,
): void {
  const earlier = nodes.slice(0, nodes.indexOf(node));
  const isFirst = earlier.every((before) => !hasGroupOf(before, members));
  for (const other of nodes) {
    const parts = members.flatMap((router) => router.parts.filter((part) => part.node === other));
    // Instances that the other node does not have are another rule's.
    if (other === node || parts.length < 2) continue;
    const group = groupWithMost(other, parts);
    if (group === undefined) {
      if (isFirst) reportMissing(side, parts, report);
    } else if (other === nodes[0])
      // Said once for each later node, against the first.
      compare(side, { group, nodeName: nodeNameOf(other, nodes) }, parts, routers, report);
  }
}

/** A group and its node. */
interface Side {
  readonly group: SyncGroup;
  readonly nodeName: string;
}

/** The virtual routers that a group moves. */
function membersOf(
  group: SyncGroup,
  routers: ReadonlyMap<WrittenInstance, VirtualRouter>,
): readonly VirtualRouter[] {
  const found = new Set<VirtualRouter>();
  for (const { instance } of group.members) {
    const router = instance && routers.get(instance);
    if (router !== undefined) found.add(router);
  }
  return [...found];
}

/** The group of a node that has most of these instances. */
function groupWithMost(node: Configuration, parts: readonly RouterPart[]): SyncGroup | undefined {
  const counts = new Map<SyncGroup, number>();
  for (const { instance } of parts) {
    const group = groupOf(node, instance.name);
    if (group !== undefined) counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

function hasGroupOf(node: Configuration, members: readonly VirtualRouter[]): boolean {
  return members.some(({ parts }) =>
    parts.some((part) => part.node === node && groupOf(node, part.instance.name) !== undefined),
  );
}

function reportMissing(side: Side, parts: readonly RouterPart[], report: Report): void {
  const [first] = parts;
  if (first === undefined) return;
  const there = first.nodeName;
  report(side.group.span, {
    message: `${there} has no sync group for the members of \`${side.group.name}\``,
    related: [{ span: first.instance.span, label: `on its own on ${there}` }],
    effect: `a fault of one of them on ${there} moves that one alone, and the addresses are on different nodes`,
    fix: `write the group on ${there} too`,
  });
}

function compare(
  side: Side,
  other: Side,
  parts: readonly RouterPart[],
  routers: ReadonlyMap<WrittenInstance, VirtualRouter>,
  report: Report,
): void {
  const { group, nodeName } = side;
  const names = new Set(other.group.members.map(({ name }) => name));
  const lacks = parts.some(({ instance }) => !names.has(instance.name));
  if (lacks || parts.length < membersOf(other.group, routers).length)
    report(group.span, {
      message: `\`${group.name}\` has other members on ${nodeName} than on ${other.nodeName}`,
      related: [{ span: other.group.span, label: `${other.nodeName}: ${[...names].join(", ")}` }],
      effect: "a fault moves other instances on one node than on the other",
      fix: "write the same members on all nodes",
    });
  else if (group.weighted !== other.group.weighted)
    report(group.span, {
      message: `weights count in \`${group.name}\` on ${group.weighted ? nodeName : other.nodeName} only`,
      related: [{ span: other.group.span, label: `on ${other.nodeName}` }],
      effect: "what fails changes the priorities on one node and not on the other",
      fix: "write `sync_group_tracking_weight` on all nodes or on none",
    });
}
