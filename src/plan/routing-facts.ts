// Routes and rules as the kernel has them or should have them. Names are numbers here, except those
// of interfaces.

import type { Family, IpAddress } from "../base/address.ts";

/** An address and how much of it counts. */
export interface Prefix {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/** A wrapping of packets, of those that the kernel has for routes. */
export type Encapsulation =
  | { readonly kind: "mpls"; readonly labels: readonly number[] }
  | {
      readonly kind: "ip" | "ip6";
      readonly id?: bigint;
      readonly destination?: IpAddress;
      readonly source?: IpAddress;
      /** TOS or traffic class. */
      readonly tos?: number;
      /** TTL or hop limit. */
      readonly ttl?: number;
      readonly flags?: number;
    }
  | { readonly kind: "ila"; readonly locator: bigint };

/** Where packets go. */
export interface NextHop {
  /** May be of the other family. */
  readonly gateway?: IpAddress;
  readonly interface?: string;
  readonly onlink?: boolean;
  /** From in the upper, to in the lower 16 bits; IPv4 only. */
  readonly realms?: number;
  readonly encapsulation?: Encapsulation;
  /** 1..256. */
  readonly weight?: number;
}

/** One route. */
export interface RouteFact extends NextHop {
  readonly family: Family;
  /** RTN_*. */
  readonly type: number;
  /** Absent: every destination. */
  readonly destination?: Prefix;
  /** Source routing; IPv6 only. */
  readonly from?: Prefix;
  readonly tos: number;
  readonly table: number;
  /** RTPROT_*. */
  readonly protocol: number;
  /** RT_SCOPE_*; absent: as the kind of route needs it. */
  readonly scope?: number;
  /** 0 in IPv4 and 1024 in IPv6 when none is wished. */
  readonly metric?: number;
  readonly preferredSource?: IpAddress;
  /** 0 medium, 1 high, 3 low; IPv6 only. */
  readonly preference?: number;
  readonly expiresS?: number;
  /** RTAX_* by number. */
  readonly metrics?: readonly { readonly type: number; readonly value: number | string }[];
  /** A bit for each locked metric. */
  readonly lockedMetrics?: number;
  readonly ttlPropagate?: number;
  readonly nextHops?: readonly NextHop[];
  /** How it goes beside others like it; before them when absent. */
  readonly place?: "only" | "append";
}

/** A range of numbers, both ends included. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** One routing rule. */
export interface RuleFact {
  readonly family: Family;
  /** FR_ACT_*: 1 table, 2 goto, 3 nop, 6 blackhole, 7 unreachable, 8 prohibit. */
  readonly action: number;
  readonly preference: number;
  readonly not?: boolean;
  readonly from?: Prefix;
  readonly to?: Prefix;
  readonly tos?: number;
  readonly table?: number;
  readonly inputInterface?: string;
  readonly outputInterface?: string;
  readonly mark?: number;
  readonly markMask?: number;
  readonly realms?: number;
  readonly tunnelId?: bigint;
  readonly suppressPrefixLength?: number;
  readonly suppressGroup?: number;
  readonly goto?: number;
  readonly l3Device?: boolean;
  readonly users?: NumberRange;
  readonly protocol: number;
  readonly ipProtocol?: number;
  readonly sourcePorts?: NumberRange;
  readonly destinationPorts?: NumberRange;
}

export type RoutingOperation =
  | { readonly kind: "add-route"; readonly route: RouteFact }
  | { readonly kind: "remove-route"; readonly route: RouteFact }
  | { readonly kind: "add-rule"; readonly rule: RuleFact }
  | { readonly kind: "remove-rule"; readonly rule: RuleFact };
