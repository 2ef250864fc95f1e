// Names that iproute2 has for numbers: those that every system has, and those of its files.

/** What a name can be one of. */
export type NameKind =
  | "table"
  | "protocol"
  | "scope"
  | "realm"
  | "dsfield"
  | "group"
  | "ipProtocol";

/** Names of this system, by kind. */
export type RoutingNames = Readonly<Record<string, Readonly<Record<string, number>>>>;

const everywhere: RoutingNames = {
  table: { unspec: 0, default: 253, main: 254, local: 255 },
  protocol: {
    ...{ unspec: 0, redirect: 1, kernel: 2, boot: 3, static: 4, gated: 8, ra: 9, mrt: 10 },
    ...{ zebra: 11, bird: 12, dnrouted: 13, xorp: 14, ntk: 15, dhcp: 16, keepalived: 18 },
    ...{ babel: 42, bgp: 186, isis: 187, ospf: 188, rip: 189, eigrp: 192 },
  },
  scope: { global: 0, site: 200, link: 253, host: 254, nowhere: 255 },
  realm: { cosmos: 0, unknown: 0 },
  dsfield: {},
  group: { default: 0 },
  ipProtocol: { icmp: 1, igmp: 2, tcp: 6, udp: 17, esp: 50, ah: 51, "ipv6-icmp": 58, sctp: 132 },
};

/** The number of a name or number; undefined for a name that nobody knows. */
export function routingNumber(
  names: RoutingNames,
  kind: NameKind,
  value: string | number | boolean,
): number | undefined {
  const text = String(value);
  if (/^(0x[0-9a-fA-F]+|\d+)$/.test(text)) return Number(text);
  return names[kind]?.[text] ?? everywhere[kind]?.[text];
}

/**
 * Names and numbers of one of iproute2's files: a number, blanks, a name; `#` begins a comment. The
 * first name of a number counts as well as the others.
 */
export function parseNameFile(text: string): Readonly<Record<string, number>> {
  const names: Record<string, number> = {};
  for (const line of text.split("\n")) {
    const match = /^\s*(0x[0-9a-fA-F]+|\d+)\s+([^\s#]+)/.exec(line);
    const [, number, name] = match ?? [];
    if (number !== undefined && name !== undefined) names[name] = Number(number);
  }
  return names;
}
