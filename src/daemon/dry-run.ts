// `keelson run --dry-run`: what a start would want, and what of it the kernel has already.

import type { Model } from "../model/model.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import { describeOperation } from "../plan/describe.ts";
import { desiredTable } from "../plan/desired-table.ts";
import { diffTable } from "../plan/diff-table.ts";
import type { AddressKernel } from "../world/kernel.ts";

/** The plan as text: the instances with their addresses, and the table of an empty data plane. */
export function planStart(model: Model, world: { readonly kernel: AddressKernel }): string {
  const addresses = world.kernel.addresses();
  const held = new Set(
    (addresses.ok ? addresses.value : []).map(
      (fact) => `${fact.address}/${fact.prefixLength} ${fact.interface}`,
    ),
  );
  world.kernel.close();
  const lines = model.vrrpInstances.flatMap((instance) => planInstance(instance, held));
  const operations = diffTable(desiredTable(model, new Map()), { services: [] });
  if (operations.length > 0)
    lines.push(`data plane (lb_engine ${model.global.engine}), as far as it differs:`);
  for (const operation of operations) lines.push(`  ${describeOperation(operation)}`);
  lines.push("nothing was changed (dry run)");
  return lines.join("\n");
}

function planInstance(instance: VrrpInstance, held: ReadonlySet<string>): string[] {
  const { name, vrid, version, priority } = instance;
  const lines = [
    `${name}: VRRP version ${version}, VRID ${vrid} on ${instance.interface}, priority ${priority}`,
  ];
  for (const address of [...instance.virtualAddresses, ...instance.excludedAddresses]) {
    const where = address.interface ?? instance.interface;
    const text = `${address.address}/${address.prefixLength}`;
    const verb = held.has(`${text} ${where}`) ? "has already" : "when MASTER, add";
    lines.push(`  ${verb} ${text} on ${where}`);
  }
  return lines;
}
