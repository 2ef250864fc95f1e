// A virtual server that only some of the nodes have.

import type { IpAddress } from "../../base/address.ts";
import { instanceWith, virtualServerWith } from "./example-texts.ts";
import { nodeNameOf, type RouterPart, sharedRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { type ServerPart, serversOf } from "./shared-virtual-servers.ts";
import { nameSpan, writtenName } from "./written-virtual-servers.ts";

const low = (text: string): string => text.replace("priority 100", "priority 90");

export const virtualServerOnOneNode: Rule = {
  id: "P09",
  name: "virtual-server-on-one-node",
  severity: "warning",
  scope: "pair",
  check,
  title: "a virtual server stands on one node only",
  explanation: [
    "The address of the service moves to another node, and that node does not balance it: after the failover",
    "connections are refused, or reach whatever listens on the node itself. It is seen only on the day on",
    "which it is needed.",
    "",
    "Write the same virtual servers on all nodes that may hold the address. An include that all nodes read is",
    "the simplest way to keep them the same.",
  ].join("\n"),
  bad: [[virtualServerWith(""), low(instanceWith(""))]],
  good: [[virtualServerWith(""), low(virtualServerWith(""))]],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(nodes: readonly Configuration[], report: Report): void {
  if (nodes.length < 2) return;
  const holders = holdersOf(nodes);
  const all = nodes.map((node) => serversOf(node, nodes));
  const told = new Set<string>();
  for (const servers of all)
    for (const [name, part] of servers) {
      if (told.has(name)) continue;
      told.add(name);
      const missing = nodes.filter((_, i) => !all[i]?.has(name));
      if (missing.length > 0) reportMissing(part, missing, holders, nodes, report);
    }
}

/** By address: where the nodes hold it. */
function holdersOf(nodes: readonly Configuration[]): ReadonlyMap<IpAddress, readonly RouterPart[]> {
  const holders = new Map<IpAddress, RouterPart[]>();
  for (const { first, others } of sharedRoutersOf(nodes))
    for (const part of [first, ...others])
      for (const { address } of [...part.value.virtualAddresses, ...part.value.excludedAddresses]) {
        const parts = holders.get(address);
        if (parts === undefined) holders.set(address, [part]);
        else parts.push(part);
      }
  return holders;
}

function reportMissing(
  { server, nodeName }: ServerPart,
  missing: readonly Configuration[],
  holders: ReadonlyMap<IpAddress, readonly RouterPart[]>,
  nodes: readonly Configuration[],
  report: Report,
): void {
  const { key } = server;
  const held = key.kind === "address" ? (holders.get(key.address) ?? []) : [];
  // An address that the other nodes never hold is no loss there.
  const lost =
    key.kind === "address"
      ? missing.filter((node) => held.some((part) => part.node === node))
      : missing;
  if (lost.length === 0) return;
  const names = lost.map((node) => nodeNameOf(node, nodes)).join(" and ");
  const places = held.filter((part) => lost.includes(part.node));
  report(nameSpan(server), {
    message: `the virtual server ${writtenName(server)} stands on ${nodeName}, and not on ${names}`,
    related: places.map((part) => ({
      span: part.instance.span,
      label: `${part.nodeName} may hold the address`,
    })),
    effect: `when ${names} is MASTER the service is gone`,
    fix: `write the virtual server on ${names} too`,
  });
}
