// NAT between two instances that can be MASTER on different nodes.

import { instanceWith, virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { groupOf } from "./sync-groups.ts";
import { instancesOf, type WrittenInstance } from "./vrrp-blocks.ts";
import { writtenVirtualServers } from "./written-virtual-servers.ts";

const inside = instanceWith("", "LAN", 18)
  .replace("eth0", "eth1")
  .replace("192.0.2.18", "198.51.100.254");
const group = "vrrp_sync_group G {\n    group {\n        VI_1\n        LAN\n    }\n}\n";

export const natWithoutSyncGroup: Rule = {
  id: "V77",
  name: "nat-without-sync-group",
  severity: "advice",
  scope: "file",
  check,
  title: "the two sides of NAT may end up on different nodes",
  explanation: [
    "With NAT the answers of the real servers go back through the director, by way of a gateway address on",
    "the inside. Where that address and the one of the service belong to two instances on two interfaces,",
    "each has its own election: when one interface fails, its address moves and the other one stays, and",
    "answers come to a node that knows nothing of the connection.",
    "",
    "Put both instances into a `vrrp_sync_group`, on all nodes.",
  ].join("\n"),
  bad: [virtualServerWith("") + inside],
  good: [group + virtualServerWith("") + inside, virtualServerWith("")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  const servers = writtenVirtualServers(configuration).filter(
    ({ forwarding, key, realServers }) =>
      key.kind === "address" && forwarding === "NAT" && realServers.length > 0,
  );
  const addresses = new Set(
    servers.map(({ key }) => (key.kind === "address" ? key.address : undefined)),
  );
  const instances = instancesOf(configuration);
  const outside = instances.find((instance) => holds(instance, addresses));
  if (outside?.value === undefined) return;
  const gateway = instances.find(
    (instance) => instance.value !== undefined && isGateway(instance, outside, servers),
  );
  if (gateway === undefined) return;
  const group = groupOf(configuration, outside.name);
  if (group !== undefined && group === groupOf(configuration, gateway.name)) return;
  report(gateway.span, {
    message: `\`${gateway.name}\` and \`${outside.name}\` are the two sides of NAT, and can be MASTER on different nodes`,
    related: [{ span: outside.span, label: "holds the address of a virtual server" }],
    effect:
      "when one interface fails only its address moves, and answers miss the director that has the connection",
    fix: "put both into one `vrrp_sync_group`",
  });
}

function holds(instance: WrittenInstance, addresses: ReadonlySet<string | undefined>): boolean {
  return instance.value?.virtualAddresses.some(({ address }) => addresses.has(address)) ?? false;
}

/** True for an instance on another interface that holds an address in the subnet of a real server. */
function isGateway(
  instance: WrittenInstance,
  outside: WrittenInstance,
  servers: ReturnType<typeof writtenVirtualServers>,
): boolean {
  if (instance.value?.interface === outside.value?.interface) return false;
  const held = instance.value?.virtualAddresses ?? [];
  return servers.some(({ realServers }) =>
    realServers.some((real) =>
      held.some(({ address }) => subnetOf(address) === subnetOf(real.address)),
    ),
  );
}

/** The /24 of an IPv4 address: files seldom name the prefix of the inside. */
function subnetOf(address: string): string {
  return address.includes(":") ? address : address.slice(0, address.lastIndexOf("."));
}
