// One logical instance with addresses of both families becomes two virtual routers with the same VRID:
// IPv4 and IPv6 have VRID spaces of their own (RFC 9568 section 5.2.3). A sync group keeps them together.

import { familyOf, type IpAddress } from "../base/address.ts";
import type { SyncGroup } from "../model/sync-group.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import type { UnicastSettings, VrrpOptions } from "../model/vrrp-options.ts";
import type { VrrpWish } from "../model/vrrp-wish.ts";

const STANDARD_GROUPS = { 4: "224.0.0.18" as IpAddress, 6: "ff02::12" as IpAddress };

/** Instances and groups with every dual-stack instance in two halves; the rest stays as it is. */
export function expandDualStack(
  instances: readonly VrrpInstance[],
  syncGroups: readonly SyncGroup[],
): Pick<VrrpWish, "instances" | "syncGroups"> {
  const expanded: VrrpInstance[] = [];
  const groups = [...syncGroups];
  for (const instance of instances) {
    if (instance.options?.secondFamily === undefined) {
      expanded.push(instance);
      continue;
    }
    const groupName = instance.options.syncGroup ?? instance.name;
    const first = half(instance, groupName);
    const second = otherHalf(instance, groupName);
    expanded.push(first, second);
    joinGroup(groups, groupName, first.name, second.name);
  }
  return { instances: expanded, syncGroups: groups };
}

function half(instance: VrrpInstance, syncGroup: string): VrrpInstance {
  const { unicast } = instance.options ?? {};
  const options: VrrpOptions = { ...instance.options, syncGroup };
  return { ...instance, options: { ...options, ...unicastOf(unicast, instance.family) } };
}

function otherHalf(instance: VrrpInstance, syncGroup: string): VrrpInstance {
  const family = instance.family === 4 ? 6 : 4;
  const { sourceAddress: _source, options = {}, ...rest } = instance;
  const { secondFamily = [], routes: _routes, rules: _rules, notify: _notify, ...kept } = options;
  const name = `${instance.name}/ipv${family}`;
  return {
    ...rest,
    name,
    family,
    version: 3,
    authentication: { type: "none" },
    multicastGroup: STANDARD_GROUPS[family],
    virtualAddresses: secondFamily,
    excludedAddresses: [],
    options: {
      ...kept,
      halfOf: instance.name,
      syncGroup,
      ...unicastOf(options.unicast, family),
    },
  };
}

/** The peers of the family. Without any, that half speaks to the multicast group. */
function unicastOf(
  unicast: UnicastSettings | undefined,
  family: 4 | 6,
): Pick<VrrpOptions, "unicast"> {
  if (unicast === undefined) return {};
  const peers = unicast.peers.filter(({ address }) => familyOf(address) === family);
  const { source, ...rest } = unicast;
  const own = source !== undefined && familyOf(source) === family ? { source } : {};
  return { unicast: { ...rest, ...own, peers } };
}

function joinGroup(groups: SyncGroup[], name: string, first: string, second: string): void {
  const at = groups.findIndex((group) => group.name === name);
  const known = groups[at];
  if (known !== undefined) {
    const members = known.members.flatMap((one) => (one === first ? [first, second] : [one]));
    groups[at] = { ...known, members };
    return;
  }
  groups.push({
    name,
    members: [first, second],
    tracking: { interfaces: [], scripts: [], files: [], processes: [], bfdSessions: [] },
    weights: true,
    notify: {},
    implied: true,
  });
}
