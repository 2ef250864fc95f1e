// One VRID may stand once on an interface, for each family; one address once in the file.

import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import type { Lowering } from "../keepalived/lower/lowering.ts";
import type { Placed } from "./rule.ts";

/** Reports instances that would fight each other. */
export function checkDuplicateRouters(
  instances: readonly Placed<VrrpInstance>[],
  lowering: Lowering,
): void {
  const routers = new Map<string, Placed<VrrpInstance>>();
  const holders = new Map<string, Placed<VrrpInstance>>();
  for (const instance of instances) {
    const { vrid, family, interface: networkInterface, name } = instance.value;
    const router = `${networkInterface} ${family} ${vrid}`;
    const before = routers.get(router);
    if (before !== undefined)
      lowering.report(instance.span, {
        severity: "error",
        code: "duplicate-vrid",
        message: `\`${name}\` has VRID ${vrid} on ${networkInterface}, as \`${before.value.name}\` has`,
        related: [{ span: before.span, label: `VRID ${vrid} as well` }],
        effect: "the two would answer each other's adverts; keepalived does not start",
        fix: "give one of them another `virtual_router_id`",
      });
    routers.set(router, before ?? instance);
    checkAddresses(instance, holders, lowering);
  }
}

function checkAddresses(
  instance: Placed<VrrpInstance>,
  holders: Map<string, Placed<VrrpInstance>>,
  lowering: Lowering,
): void {
  for (const { address } of instance.value.virtualAddresses) {
    const before = holders.get(address);
    if (before !== undefined && before !== instance)
      lowering.report(instance.span, {
        severity: "warning",
        code: "address-in-two-instances",
        message: `\`${instance.value.name}\` and \`${before.value.name}\` both hold ${address}`,
        related: [{ span: before.span, label: "holds it as well" }],
        effect: "each adds and removes the address without regard for the other",
        fix: "leave it to one of them",
      });
    holders.set(address, before ?? instance);
  }
}
