// Whether the members of a sync group agree on the order of the nodes.

import { compareAddresses, type IpAddress } from "../../../src/base/address.ts";
import type { NodeScene } from "./scene.ts";

/** True where one member prefers one node and another member another, or they preempt differently. */
export function membersDisagree(nodes: readonly NodeScene[]): boolean {
  return nodes.some((a) => {
    const [first, ...others] = a.settings;
    if (others.some((one) => one.preempt !== first?.preempt)) return true;
    return nodes.some((b) => {
      const orders = a.settings.map((_, member) => Math.sign(order(a, b, member)));
      return new Set(orders).size > 1;
    });
  });
}

function order(a: NodeScene, b: NodeScene, member: number): number {
  const difference = (a.settings[member]?.priority ?? 0) - (b.settings[member]?.priority ?? 0);
  if (difference !== 0) return difference;
  return compareAddresses(a.addresses[member] as IpAddress, b.addresses[member] as IpAddress);
}
