// What a lab consists of, as data: networks (each a switch) and hosts with their interfaces.

/** One network interface of a host. */
export interface InterfacePlan {
  /** As the host sees it: `ens4`. */
  readonly name: string;
  /** The network that its cable leads to. */
  readonly network: string;
  /** With prefix length: `193.168.140.11/24`. */
  readonly addresses: readonly string[];
}

export interface HostPlan {
  readonly name: string;
  readonly interfaces: readonly InterfacePlan[];
  /** Arguments of `ip route add`: `default via 192.168.102.165`. */
  readonly routes?: readonly string[];
  /** Kernel settings below /proc/sys, for instance `net/ipv4/ip_forward`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Addresses on lo that the host must not answer ARP for: a real server of direct routing. */
  readonly silentAddresses?: readonly string[];
}

export interface Topology {
  /** One switch each. */
  readonly networks: readonly string[];
  readonly hosts: readonly HostPlan[];
}

/** Commands for the switch: one bridge a network. */
export function renderSwitch(topology: Topology): string {
  return topology.networks
    .map(
      (network) =>
        `ip link add ${network} type bridge stp_state 0 forward_delay 0 mcast_snooping 0
ip link set ${network} up`,
    )
    .join("\n");
}

/** Commands for the switch: the cables of one host, whose holder is process `hostPid`. */
export function renderCables(host: HostPlan, hostPid: number): string {
  return host.interfaces
    .map((plan) => {
      const end = `${host.name}-${plan.name}`;
      return `ip link add ${end} type veth peer name ${plan.name} netns ${hostPid}
ip link set ${end} master ${plan.network} up`;
    })
    .join("\n");
}

/** Commands for a host, after its cables are there. */
export function renderHost(host: HostPlan): string {
  const settings: Record<string, string> = {
    "net/ipv6/conf/all/disable_ipv6": "1",
    "net/ipv6/conf/default/disable_ipv6": "1",
    ...host.settings,
  };
  const silent = host.silentAddresses ?? [];
  if (silent.length > 0)
    for (const scope of ["all", "lo"]) {
      settings[`net/ipv4/conf/${scope}/arp_ignore`] = "1";
      settings[`net/ipv4/conf/${scope}/arp_announce`] = "2";
    }
  const lines = Object.entries(settings).map(
    ([name, value]) => `[ ! -e /proc/sys/${name} ] || echo ${value} > /proc/sys/${name}`,
  );
  lines.push("ip link set lo up");
  for (const plan of host.interfaces) {
    for (const address of plan.addresses) lines.push(`ip address add ${address} dev ${plan.name}`);
    // On a cable a packet has its checksum; a virtual cable would leave it to whoever reads it.
    lines.push(
      `if command -v ethtool >/dev/null; then ethtool -K ${plan.name} tx off >/dev/null; fi`,
    );
    lines.push(`ip link set ${plan.name} up`);
  }
  for (const address of silent) lines.push(`ip address add ${address}/32 dev lo`);
  for (const route of host.routes ?? []) lines.push(`ip route add ${route}`);
  return lines.join("\n");
}
