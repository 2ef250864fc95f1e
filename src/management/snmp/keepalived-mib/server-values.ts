// Values of servers that several objects and notifications of KEEPALIVED-MIB share.

import type { ForwardingMethod, VirtualServerKey } from "../../../model/virtual-server.ts";
import { isAlive, type RealFacts, realServersOf, type VirtualFacts } from "../server-facts.ts";
import {
  addressType,
  gauge,
  inetAddress,
  integer,
  octetsOrNothing,
  type SnmpValue,
} from "../value.ts";

const protocols = { TCP: 1, UDP: 2, SCTP: 3 } as const;
const noProtocol = 4;
const byMark = 1;
const byAddress = 2;

/** nat(1), dr(2), tun(3); the MIB has no number for FULLNAT, which is a kind of NAT. */
export const forwardingCode: Readonly<Record<ForwardingMethod, number>> = {
  NAT: 1,
  DR: 2,
  TUN: 3,
  FULLNAT: 1,
};

const addressKey = ({
  wish,
}: VirtualFacts): Extract<VirtualServerKey, { readonly kind: "address" }> | undefined =>
  wish.key.kind === "address" ? wish.key : undefined;

/** Values of a virtual server. */
export const virtualValues = {
  type: ({ wish }: VirtualFacts): SnmpValue =>
    integer(wish.key.kind === "fwmark" ? byMark : byAddress),
  groupName: ({ wish }: VirtualFacts): SnmpValue | undefined =>
    octetsOrNothing(wish.options?.group),
  mark: ({ wish }: VirtualFacts): SnmpValue | undefined =>
    wish.key.kind === "fwmark" ? gauge(wish.key.fwmark) : undefined,
  addressType: (virtual: VirtualFacts): SnmpValue | undefined => {
    const key = addressKey(virtual);
    return key === undefined ? undefined : addressType(key.address);
  },
  address: (virtual: VirtualFacts): SnmpValue | undefined => {
    const key = addressKey(virtual);
    return key === undefined ? undefined : inetAddress(key.address);
  },
  port: (virtual: VirtualFacts): SnmpValue | undefined => {
    const key = addressKey(virtual);
    return key === undefined ? undefined : gauge(key.port);
  },
  protocol: (virtual: VirtualFacts): SnmpValue => {
    const key = addressKey(virtual);
    return integer(key === undefined ? noProtocol : protocols[key.protocol]);
  },
  total: ({ wish }: VirtualFacts): SnmpValue => gauge(wish.realServers.length),
  up: (virtual: VirtualFacts): SnmpValue => {
    const alive = realServersOf(virtual).filter((one) => one.real !== undefined && isAlive(one));
    return gauge(alive.length);
  },
  quorum: ({ wish }: VirtualFacts): SnmpValue => gauge(wish.quorum),
  quorumStatus: ({ status }: VirtualFacts): SnmpValue =>
    integer(status === undefined || status.quorumUp ? 1 : 2),
} as const;

/** Values of a real server. */
export const realValues = {
  addressType: ({ wish }: RealFacts): SnmpValue => addressType(wish.address),
  address: ({ wish }: RealFacts): SnmpValue => inetAddress(wish.address),
  port: ({ wish, status }: RealFacts): SnmpValue => gauge(status?.port ?? wish.port),
  status: (real: RealFacts): SnmpValue => integer(isAlive(real) ? 1 : 2),
} as const;
