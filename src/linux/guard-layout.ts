// Chains, sets and rules of the packet guard. Packets to a guarded address jump to the chain of its
// lease, which drops them when the set of the lease is empty.

import { netlinkFlag } from "../wire/netlink/message.ts";
import {
  encodeNftChain,
  encodeNftRule,
  encodeNftSet,
  encodeNftTable,
  type NftExpression,
  nftBase,
  nftDataType,
  nftEqual,
  nftFamily,
  nftGive,
  nftHook,
  nftInSet,
  nftLoadDestinationType,
  nftLoadMeta,
  nftLoadPayload,
  nftMessage,
  nftMeta,
  nftUnlike,
  nftVerdictOf,
} from "../wire/netlink/nftables-message.ts";
import type { NftRequest } from "./netfilter-socket.ts";

/** Before connection tracking and address translation: a packet to the address is still one. */
const leasePriority = -450;
/** keepalived's, just before the ordinary filters. */
const filterPriority = -1;
const ipv4 = Uint8Array.of(nftFamily.ipv4);
const ipv6 = Uint8Array.of(nftFamily.ipv6);
const igmp = Uint8Array.of(2);
const icmpv6 = Uint8Array.of(58);
/** Neighbour solicitation and advertisement. */
const neighbourTypes = [135, 136];
/** Router solicitation; MLD: report, done, report of version 2. */
const leakingTypes = [133, 131, 132, 143];
const setIds = { held4: 1, held6: 2, refused4: 3, refused6: 4, quiet: 5, heldArp: 6 };
/** Sets of leases are numbered by length, above all others. */
const leaseIdBase = 1000;

/** The chain, and of it the length, of a lease. */
export function leaseChain(leaseMs: number): string {
  return `lease_${leaseMs}`;
}

/** The length of the lease whose chain this is. */
export function leaseOfChain(chain: string): number | undefined {
  const match = /^lease_(\d{1,9})$/.exec(chain);
  return match === null ? undefined : Number(match[1]);
}

export function leaseSet(leaseMs: number): string {
  return `alive_${leaseMs}`;
}

/** Tables, sets, chains and rules without any address. */
export function guardLayout(table: string): NftRequest[] {
  return [...ipLayout(table), ...arpLayout(table)];
}

/** The set and the chain of one lease in both tables. */
export function leaseLayout(table: string, leaseMs: number): readonly NftRequest[] {
  return [nftFamily.inet, nftFamily.arp].flatMap((family) => {
    const name = leaseSet(leaseMs);
    const chain = leaseChain(leaseMs);
    const id = leaseIdBase + leaseMs;
    const key = { keyType: nftDataType.nfProtocol, keyLength: 1 };
    return [
      made(nftMessage.newSet, encodeNftSet({ family, table, name, ...key, timeout: true, id })),
      made(nftMessage.newChain, encodeNftChain({ family, table, name: chain })),
      ...(family === nftFamily.arp ? [[]] : [notElsewhere, isLeaving]).map((when) =>
        rule({ family, table, chain }, [
          nftLoadMeta(nftMeta.nfProtocol),
          nftInSet(name, true),
          ...when,
          nftGive({ kind: "drop" }),
        ]),
      ),
    ];
  });
}

function ipLayout(table: string): readonly NftRequest[] {
  const family = nftFamily.inet;
  const address4 = { family, table, keyType: nftDataType.ipv4Address, keyLength: 4 };
  const address6 = { family, table, keyType: nftDataType.ipv6Address, keyLength: 16 };
  const link = { family, table, keyType: nftDataType.interfaceName, keyLength: 16 };
  const sets = [
    { ...address4, name: "held4", verdicts: true, id: setIds.held4 },
    { ...address6, name: "held6", verdicts: true, id: setIds.held6 },
    { ...address4, name: "refused4", id: setIds.refused4 },
    { ...address6, name: "refused6", id: setIds.refused6 },
    { ...link, name: "quiet_links", id: setIds.quiet },
  ];
  const chain = (name: string, number: number, priority: number): NftRequest =>
    made(nftMessage.newChain, encodeNftChain({ family, table, name, hook: { number, priority } }));
  return [
    made(nftMessage.newTable, encodeNftTable(family, table)),
    ...sets.map((set) => made(nftMessage.newSet, encodeNftSet(set))),
    chain("arriving", nftHook.prerouting, leasePriority),
    chain("leaving", nftHook.output, leasePriority),
    chain("accepting", nftHook.input, filterPriority),
    chain("answering", nftHook.output, filterPriority),
    ...leaseRules(table),
    ...refusalRules(table),
    ...leakRules(table),
  ];
}

function leaseRules(table: string): readonly NftRequest[] {
  const arriving = { family: nftFamily.inet, table, chain: "arriving" };
  const leaving = { family: nftFamily.inet, table, chain: "leaving" };
  return [
    rule(arriving, [...destination4, nftVerdictOf("held4")]),
    rule(arriving, [...destination6, nftVerdictOf("held6")]),
    // The target of a neighbour solicitation or advertisement, behind 8 bytes of ICMPv6.
    ...[arriving, leaving].flatMap((chain) =>
      neighbourTypes.map((type) =>
        rule(chain, [
          ...icmpv6OfType(type),
          nftLoadPayload(nftBase.transport, 8, 16),
          nftVerdictOf("held6"),
        ]),
      ),
    ),
    rule(leaving, [...source4, nftVerdictOf("held4")]),
    rule(leaving, [...source6, nftVerdictOf("held6")]),
  ];
}

function refusalRules(table: string): readonly NftRequest[] {
  const accepting = { family: nftFamily.inet, table, chain: "accepting" };
  const answering = { family: nftFamily.inet, table, chain: "answering" };
  const drop = nftGive({ kind: "drop" });
  const pass = nftGive({ kind: "accept" });
  return [
    rule(accepting, [...destination4, nftInSet("refused4"), drop]),
    rule(answering, [...source4, nftInSet("refused4"), drop]),
    // RFC 9568 section 6.1: neighbour discovery goes on whatever Accept_Mode says.
    ...[accepting, answering].flatMap((chain) =>
      neighbourTypes.map((type) => rule(chain, [...icmpv6OfType(type), pass])),
    ),
    rule(accepting, [...destination6, nftInSet("refused6"), drop]),
    rule(answering, [...source6, nftInSet("refused6"), drop]),
  ];
}

/** A bridge that snoops would take the group to be behind the virtual MAC address. */
function leakRules(table: string): readonly NftRequest[] {
  const leaving = { family: nftFamily.inet, table, chain: "leaving" };
  const fromQuiet = [nftLoadMeta(nftMeta.outputName), nftInSet("quiet_links")];
  const drop = nftGive({ kind: "drop" });
  return [
    rule(leaving, [...fromQuiet, ...isIpv4, nftLoadMeta(nftMeta.protocol), nftEqual(igmp), drop]),
    ...leakingTypes.map((type) => rule(leaving, [...fromQuiet, ...icmpv6OfType(type), drop])),
  ];
}

/** ARP over Ethernet: sender address at 14, target address at 24. */
function arpLayout(table: string): readonly NftRequest[] {
  const family = nftFamily.arp;
  const map = {
    family,
    table,
    name: "held",
    keyType: nftDataType.ipv4Address,
    keyLength: 4,
    verdicts: true,
    id: setIds.heldArp,
  };
  const chain = (name: string, number: number): NftRequest => {
    const hook = { number, priority: filterPriority };
    return made(nftMessage.newChain, encodeNftChain({ family, table, name, hook }));
  };
  const lookup = (name: string, offset: number): NftRequest =>
    rule({ family, table, chain: name }, [
      nftLoadPayload(nftBase.network, offset, 4),
      nftVerdictOf("held"),
    ]);
  return [
    made(nftMessage.newTable, encodeNftTable(family, table)),
    made(nftMessage.newSet, encodeNftSet(map)),
    chain("arriving", nftHook.arpInput),
    chain("leaving", nftHook.arpOutput),
    lookup("arriving", 24),
    lookup("leaving", 14),
  ];
}

/** A packet to another host only passes through: after the address has expired here, it is a peer's. */
const notElsewhere: readonly NftExpression[] = [
  nftLoadDestinationType(),
  nftUnlike(Uint8Array.of(1, 0, 0, 0)),
];
const isLeaving: readonly NftExpression[] = [
  nftLoadMeta(nftMeta.outputName),
  nftUnlike(new Uint8Array(16)),
];
const isIpv4: readonly NftExpression[] = [nftLoadMeta(nftMeta.nfProtocol), nftEqual(ipv4)];
const isIpv6: readonly NftExpression[] = [nftLoadMeta(nftMeta.nfProtocol), nftEqual(ipv6)];
const source4: readonly NftExpression[] = [...isIpv4, nftLoadPayload(nftBase.network, 12, 4)];
const destination4: readonly NftExpression[] = [...isIpv4, nftLoadPayload(nftBase.network, 16, 4)];
const source6: readonly NftExpression[] = [...isIpv6, nftLoadPayload(nftBase.network, 8, 16)];
const destination6: readonly NftExpression[] = [...isIpv6, nftLoadPayload(nftBase.network, 24, 16)];

function icmpv6OfType(type: number): readonly NftExpression[] {
  return [
    ...isIpv6,
    nftLoadMeta(nftMeta.protocol),
    nftEqual(icmpv6),
    nftLoadPayload(nftBase.transport, 0, 1),
    nftEqual(Uint8Array.of(type)),
  ];
}

function made(type: number, payload: Uint8Array): NftRequest {
  return { type, flags: netlinkFlag.create, payload };
}

function rule(
  place: { readonly family: number; readonly table: string; readonly chain: string },
  expressions: readonly NftExpression[],
): NftRequest {
  const flags = netlinkFlag.create | netlinkFlag.append;
  return { type: nftMessage.newRule, flags, payload: encodeNftRule(place, expressions) };
}
