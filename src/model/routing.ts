// Routes and rules that a MASTER installs [virtual_routes, virtual_rules], or that stay [static_routes, static_rules].

import type { IpAddress } from "../base/address.ts";
import type { VirtualAddress } from "./vrrp-instance.ts";

/** An option that has no field of its own: its name and values as `ip route` and `ip rule` take them. */
export interface RoutingOption {
  readonly name: string;
  readonly values: readonly (string | number | boolean)[];
}

/** One route. */
export interface Route {
  /** `unicast` when none is written. */
  readonly type: string;
  /** A prefix, or `default`. */
  readonly destination: string;
  readonly via?: IpAddress;
  readonly source?: IpAddress;
  readonly interface?: string;
  /** A number or a name of iproute2's. */
  readonly table?: string | number;
  readonly metric?: number;
  /** False: nobody minds when it is removed [no_track]. */
  readonly tracked: boolean;
  readonly trackGroup?: string;
  /** The others, in the order of the text; those of a nexthop follow it. */
  readonly options: readonly RoutingOption[];
}

/** One rule. */
export interface RoutingRule {
  readonly from?: string;
  readonly to?: string;
  readonly table?: string | number;
  /** Absent: the kernel is given one from 16384 downwards. */
  readonly preference?: number;
  readonly tracked: boolean;
  readonly trackGroup?: string;
  readonly options: readonly RoutingOption[];
}

/** An address that stays on this host [static_ipaddress]. */
export interface StaticAddress extends VirtualAddress {
  readonly tracked: boolean;
  readonly trackGroup?: string;
}

/** What this host has whatever the states. */
export interface StaticObjects {
  readonly addresses: readonly StaticAddress[];
  readonly routes: readonly Route[];
  readonly rules: readonly RoutingRule[];
}
