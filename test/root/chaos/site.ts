// What the routers of the chaos runs are configured with.

/** What both routers are configured with; faults change it. */
export interface Site {
  readonly advertIntervalS: number;
  readonly priority: number;
  /** One more address, on the second segment. */
  readonly hasExtraAddress: boolean;
}

/** Addresses that whoever is MASTER holds. */
export function addressesOf(site: Site): readonly string[] {
  const extra = site.hasExtraAddress ? ["10.8.0.101"] : [];
  return ["10.9.0.100", "fd09::100", "10.8.0.100", ...extra];
}

export const virtualRoute = "192.0.2.0/24";

function instance(name: string, lines: readonly string[], site: Site, vrid: number): string {
  return `vrrp_instance ${name} {
  state BACKUP
  version 3
  virtual_router_id ${vrid}
  advert_int ${site.advertIntervalS}
  priority ${site.priority}
  ${lines.join("\n  ")}
}
`;
}

/** The file of one router. */
export function printSite(site: Site): string {
  const extra = site.hasExtraAddress ? "10.8.0.101/24" : "";
  const outside = [
    "interface eth0",
    "dual_stack",
    "virtual_ipaddress {\n 10.9.0.100/24\n fd09::100/64\n }",
    `virtual_routes {\n ${virtualRoute} via 10.9.0.3 dev eth0\n }`,
    "track_script {\n check\n }",
    "notify /run/site/notify.sh",
  ];
  const inside = [
    "interface eth1",
    `virtual_ipaddress {\n 10.8.0.100/24\n ${extra}\n }`,
    "notify /run/site/notify.sh",
  ];
  return `global_defs {
  router_id CHAOS
  script_user root
  enable_script_security
}
vrrp_script check {
  script "/usr/bin/test ! -e /run/site/fail"
  interval 1
  fall 1
  rise 1
}
vrrp_sync_group BOTH {
  group {
    OUT
    IN
  }
}
${instance("OUT", outside, site, 51)}${instance("IN", inside, site, 52)}`;
}
