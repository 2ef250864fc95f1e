// Addresses, routes, rules and programs as keepalived's dumps write them.

import { familyOf } from "../../base/address.ts";
import type { Program } from "../../model/program.ts";
import type { Route, RoutingOption, RoutingRule } from "../../model/routing.ts";
import type { VirtualAddress } from "../../model/vrrp-instance.ts";

const scopes: Readonly<Record<number, string>> = {
  0: "global",
  200: "site",
  253: "link",
  254: "host",
  255: "nowhere",
};

/** What is said of an address beside itself. */
export interface AddressPlace {
  /** Where it goes unless it says so itself. */
  readonly interface: string;
  /** The interface under `interface`, where that is one of our own. */
  readonly base?: string;
  /** Whether the kernel has it. */
  readonly set: boolean;
}

/** `192.0.2.10/24 dev eth0 scope global set`: the third word is the interface. */
export function showAddress(address: VirtualAddress, place: AddressPlace): string {
  const { prefixLength, label, broadcast, scope = 0 } = address;
  const isIpv6 = familyOf(address.address) === 6;
  const isWhole = prefixLength === (isIpv6 ? 128 : 32);
  const ownBase = address.interface === undefined ? place.base : undefined;
  const networkInterface = address.interface ?? place.interface;
  const words = [
    isWhole ? address.address : `${address.address}/${prefixLength}`,
    ...(broadcast === undefined ? [] : [`brd ${broadcast}`]),
    `dev ${networkInterface}${ownBase === undefined ? "" : `@${ownBase}`}`,
    `scope ${scopes[scope] ?? scope}`,
    ...(label === undefined ? [] : [`label ${label}`]),
    ...(isIpv6 ? [isWhole ? "deprecated" : "preferred_lft forever"] : []),
    ...(place.set ? ["set"] : []),
  ];
  return words.join(" ");
}

/** `prepend 203.0.113.0/24 via inet 192.0.2.254 dev eth0 proto 18`. */
export function showRoute(route: Route): string {
  const { type, destination, via, source, table, metric, tracked, trackGroup } = route;
  const words = [
    "prepend",
    ...(type === "unicast" ? [] : [type]),
    destination,
    ...(source === undefined ? [] : [`src ${source}`]),
    ...(via === undefined ? [] : [`via ${familyOf(via) === 6 ? "inet6" : "inet"} ${via}`]),
    ...(route.interface === undefined ? [] : [`dev ${route.interface}`]),
    ...(table === undefined ? [] : [`table ${table}`]),
    `proto ${keepalivedProtocol}`,
    ...(metric === undefined ? [] : [`metric ${metric}`]),
    ...route.options.map(showOption),
    ...(tracked ? [] : ["no_track"]),
    ...(trackGroup === undefined ? [] : [`track_group ${trackGroup}`]),
  ];
  return words.join(" ");
}

/** The number of keepalived among routing protocols (RTPROT_KEEPALIVED). */
const keepalivedProtocol = 18;

/** `from 192.0.2.10 priority 16384 tos 0x0 protocol 18 lookup 100`. */
export function showRule(rule: RoutingRule): string {
  const { from, to, table, preference, tracked, trackGroup } = rule;
  const words = [
    `from ${from ?? "all"}`,
    ...(to === undefined ? [] : [`to ${to}`]),
    ...(preference === undefined ? [] : [`priority ${preference}`]),
    "tos 0x0",
    ...rule.options.map(showOption),
    `protocol ${keepalivedProtocol}`,
    ...(table === undefined ? [] : [`lookup ${table}`]),
    ...(tracked ? [] : ["no_track"]),
    ...(trackGroup === undefined ? [] : [`track_group ${trackGroup}`]),
  ];
  return words.join(" ");
}

function showOption({ name, values }: RoutingOption): string {
  return [name, ...values.filter((value) => value !== true)].join(" ");
}

/** `'/usr/bin/echo' 'master' 'VI_1'`. */
export function showCommand({ command }: Pick<Program, "command">): string {
  return command.map((word) => `'${word}'`).join(" ");
}
