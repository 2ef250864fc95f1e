// An instance that only one of the nodes has.

import { settingsOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import { nodeNameOf, virtualRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

const other = instanceWith("", "VI_2", 18).replace("priority 100", "priority 90");

export const onOneNodeOnly: Rule = {
  id: "P01",
  name: "on-one-node-only",
  severity: "warning",
  scope: "pair",
  check,
  title: "an instance stands on one node only",
  explanation: [
    "Files that are checked together are taken for the nodes of one cluster. An instance that no other node",
    "has is MASTER on its node and nowhere else: when the node fails, its addresses are gone. Often the name",
    "or the VRID was changed on one node and forgotten on the other, so that each of the two is alone.",
    "",
    "Nodes belong together by their addresses, by VRID and name or interface, or by the name alone. Files",
    "that have nothing to do with each other are checked with `--separately`.",
  ].join("\n"),
  bad: [[instanceWith("") + instanceWith("", "VI_2", 18), instanceWith("").replace("100", "90")]],
  good: [
    [
      instanceWith("") + instanceWith("", "VI_2", 18),
      instanceWith("").replace("100", "90") + other,
    ],
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(nodes: readonly Configuration[], report: Report): void {
  const routers = virtualRoutersOf(nodes);
  const withInstances = nodes.filter((node) => node.instances.length > 0);
  if (nodes.length < 2 || routers.length === 0) return;
  if (withInstances.length > 1 && routers.every(({ parts }) => parts.length === 1)) {
    reportStrangers(withInstances, nodes, report);
    return;
  }
  for (const { parts } of routers) {
    const [only, second] = parts;
    if (only === undefined || second !== undefined) continue;
    const { instance, nodeName, value } = only;
    const missing = nodes.filter((node) => node !== only.node);
    // A file in which an instance could not be told may well have this one.
    if (missing.some(hasUntoldInstance)) continue;
    const [address, more] = value.virtualAddresses;
    const what =
      address === undefined
        ? "its addresses are"
        : more === undefined
          ? `${address.address} is`
          : `${address.address} and others are`;
    report(instance.span, {
      message: `\`${instance.name}\` stands on ${nodeName} only`,
      effect: `when ${nodeName} fails ${what} gone`,
      fix: `write the instance on ${missing.map((node) => nodeNameOf(node, nodes)).join(" and ")} too, with another priority`,
    });
  }
}

/** Nothing fits: said once, because everything else would follow from it. */
function reportStrangers(
  some: readonly Configuration[],
  nodes: readonly Configuration[],
  report: Report,
): void {
  const last = some.at(-1);
  const [first] = some;
  const placed = last?.instances[0];
  const before = first?.instances[0];
  if (placed === undefined || before === undefined || last === undefined || first === undefined)
    return;
  report(placed.span, {
    message: `${nodeNameOf(first, nodes)} and ${nodeNameOf(last, nodes)} have no instance in common`,
    related: [
      { span: before.span, label: "neither its address, nor its VRID, nor its name is there" },
    ],
    effect: "no address of one node moves to another",
    fix: "give the nodes the same instances, or check the files with `--separately`",
  });
}

function hasUntoldInstance(node: Configuration): boolean {
  return settingsOf(node.root, "vrrp_instance").length > node.instances.length;
}
