// Rules look at more than a line: some keywords and options are right only beside others, or with words of their own.

/** What a keyword needs beside it to be right, and words of its own where usual ones are wrong. */
export interface Particular {
  readonly words?: readonly string[];
  /** Arguments of an option. */
  readonly arguments?: readonly string[];
  /** Lines in front of it. */
  readonly before?: readonly string[];
  /** Keywords that leave the block for them. */
  readonly without?: readonly string[];
}

const unicast: Particular = { before: ["unicast_peer {", "    192.0.2.200", "}"] };
const group4: Particular = { words: ["224.0.0.99"] };
const ipv6: Particular = { words: ["2001:db8::5/64"] };
const bareAddress: Particular = { words: ["192.0.2.55"] };
const route6: Particular = { words: ["2001:db8::/64"] };
const rule = (...words: string[]): Particular => ({ words: ["to", "192.0.2.0/24", ...words] });

/** For options of lines that stand in several blocks. */
function particularsOf(
  blocks: readonly string[],
  options: Readonly<Record<string, Particular>>,
): Readonly<Record<string, Particular>> {
  return Object.fromEntries(
    blocks.flatMap((block) =>
      Object.entries(options).map(([option, particular]) => [`${block}: ${option}`, particular]),
    ),
  );
}

const ofAddresses: Readonly<Record<string, Particular>> = {
  home: ipv6,
  "-nodad": ipv6,
  mngtmpaddr: ipv6,
  peer: bareAddress,
};

const ofRoutes: Readonly<Record<string, Particular>> = {
  inet6: route6,
  from: { ...route6, arguments: ["2001:db8:1::/64"] },
  expires: route6,
  pref: route6,
  encap: { arguments: ["mpls", "100"] },
  "nexthop encap": { arguments: ["mpls", "100"] },
};

const ofRules: Readonly<Record<string, Particular>> = {
  inet6: { words: ["from", "2001:db8::/64", "table", "100"] },
  from: rule("table", "100"),
  table: { ...rule(), arguments: ["100"] },
  lookup: { ...rule(), arguments: ["100"] },
  goto: rule("preference", "1"),
  ...Object.fromEntries(
    ["type", "l3mdev", "nop", "blackhole", "unreachable", "prohibit"].map((name) => [name, rule()]),
  ),
};

const sorry: Particular = { before: ["sorry_server 192.0.2.103 80"] };
const scheduler = (name: string): Particular => ({
  before: [`lb_algo ${name}`],
  without: ["lb_algo"],
});

/** By block and keyword, and by option behind a colon. */
export const particulars: Readonly<Record<string, Particular>> = {
  "/ virtual_server": { words: ["192.0.2.17", "80"] },
  "/ virtual_server_group: first words": { words: ["192.0.2.17", "81"] },
  "/ virtual_server_group": { words: ["grp"] },
  "global_defs vrrp_mcast_group4": group4,
  "global_defs vrrp_strict": { before: ["vrrp_version 3"] },
  "vrrp_instance strict_mode": { before: ["version 3"] },
  "global_defs lvs_sync_daemon": { words: ["eth1", "VI_1"] },
  "global_defs lvs_sync_daemon inst": { words: ["eth1"] },
  "global_defs lvs_sync_daemon group": { arguments: ["224.0.0.99"] },
  "global_defs lvs_sync_threshold": { words: ["3", "50"] },
  "vrrp_instance mcast_dst_ip": group4,
  "vrrp_instance unicast_src_ip": unicast,
  "vrrp_instance check_unicast_src": unicast,
  "vrrp_instance unicast_ttl": unicast,
  "vrrp_instance old_unicast_checksum": unicast,
  "vrrp_instance no_accept": { before: ["priority 255"], without: ["priority"] },
  ...particularsOf(
    [
      "/ static_ipaddress",
      "vrrp_instance virtual_ipaddress",
      "vrrp_instance virtual_ipaddress_excluded",
    ],
    ofAddresses,
  ),
  ...particularsOf(["/ static_routes", "vrrp_instance virtual_routes"], ofRoutes),
  ...particularsOf(["/ static_rules", "vrrp_instance virtual_rules"], ofRules),
  "virtual_server ops": { before: ["protocol UDP"], without: ["protocol"] },
  "virtual_server sh-port": scheduler("sh"),
  "virtual_server sh-fallback": scheduler("sh"),
  "virtual_server mh-port": scheduler("mh"),
  "virtual_server mh-fallback": scheduler("mh"),
  "virtual_server hysteresis": { before: ["quorum 3"], words: ["1"] },
  "virtual_server sorry_server_inhibit": sorry,
  "virtual_server sorry_server_lvs_method": sorry,
  "virtual_server/real_server lthreshold": { before: ["uthreshold 10"] },
  "virtual_server/real_server/HTTP_GET/url path": { words: ["/"] },
  "virtual_server/real_server/SSL_GET/url path": { words: ["/"] },
};
