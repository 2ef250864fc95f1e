// Whether what the kernel has is what was wished. The kernel fills in what a wish leaves open.

import { type IpAddress, ipAddressBytes, ipAddressFromBytes } from "../base/address.ts";
import type { Prefix, RouteFact, RuleFact } from "./routing-facts.ts";

/** What IPv6 routes get when no metric is wished. */
const metricOfIpv6 = 1024;

/** What the kernel tells routes apart by, as far as a wish says it. */
export function routeKey(route: RouteFact): string {
  const { family, table, tos, type, destination, from, metric } = route;
  return [
    family,
    table,
    type,
    prefixText(destination),
    prefixText(from),
    tos,
    metric ?? (family === 6 ? metricOfIpv6 : 0),
  ].join(" ");
}

/** True when a route of the kernel, of the same key, is the wished one. */
export function sameRoute(wish: RouteFact, fact: RouteFact): boolean {
  if (routeKey(wish) !== routeKey(fact) || wish.protocol !== fact.protocol) return false;
  if (wish.gateway !== undefined && wish.gateway !== fact.gateway) return false;
  if (wish.interface !== undefined && wish.interface !== fact.interface) return false;
  const wished = wish.nextHops?.map(({ gateway }) => gateway).join(" ");
  // The kernel shows one of two dead hops as a route with the other alone.
  return (
    wished === undefined ||
    fact.nextHops === undefined ||
    wished === fact.nextHops.map(({ gateway }) => gateway).join(" ")
  );
}

/** A rule in one line; equal for rules that do the same. */
export function ruleKey(rule: RuleFact): string {
  const { from, to, ...rest } = rule;
  const plain = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${printValue(value)}`)
    .sort();
  return [prefixText(from), prefixText(to), ...plain].join(" ");
}

/** A route in the words of `ip route`: `192.0.2.0/24 via 10.0.0.1 dev eth0 table 100`. */
export function describeRoute(route: RouteFact): string {
  const words = [typeName(route.type), prefixText(route.destination)];
  if (route.gateway !== undefined) words.push(`via ${route.gateway}`);
  if (route.interface !== undefined) words.push(`dev ${route.interface}`);
  for (const hop of route.nextHops ?? []) {
    words.push("nexthop");
    if (hop.gateway !== undefined) words.push(`via ${hop.gateway}`);
    if (hop.interface !== undefined) words.push(`dev ${hop.interface}`);
  }
  if (route.table !== mainTable) words.push(`table ${route.table}`);
  if (route.metric !== undefined) words.push(`metric ${route.metric}`);
  return words.filter((word) => word !== "").join(" ");
}

/** A rule in the words of `ip rule`. */
export function describeRule(rule: RuleFact): string {
  const words = [`${rule.preference}:`];
  if (rule.not === true) words.push("not");
  words.push(`from ${prefixText(rule.from)}`);
  if (rule.to !== undefined) words.push(`to ${prefixText(rule.to)}`);
  if (rule.inputInterface !== undefined) words.push(`iif ${rule.inputInterface}`);
  if (rule.outputInterface !== undefined) words.push(`oif ${rule.outputInterface}`);
  if (rule.mark !== undefined) words.push(`fwmark ${rule.mark}`);
  words.push(rule.table === undefined ? (actionNames[rule.action] ?? "") : `table ${rule.table}`);
  return words.filter((word) => word !== "").join(" ");
}

const mainTable = 254;
const actionNames: Readonly<Record<number, string>> = {
  2: "goto",
  3: "nop",
  6: "blackhole",
  7: "unreachable",
  8: "prohibit",
};
const typeNames: Readonly<Record<number, string>> = {
  2: "local",
  3: "broadcast",
  4: "anycast",
  5: "multicast",
  6: "blackhole",
  7: "unreachable",
  8: "prohibit",
  9: "throw",
};

function typeName(type: number): string {
  return typeNames[type] ?? "";
}

function prefixText(prefix: Prefix | undefined): string {
  return prefix === undefined ? "default" : `${maskAddress(prefix)}/${prefix.prefixLength}`;
}

/** An address without the bits that its prefix does not have. */
export function maskAddress({ address, prefixLength }: Prefix): IpAddress {
  const bytes = ipAddressBytes(address).slice();
  for (let i = 0; i < bytes.length; i++) {
    const kept = Math.max(0, Math.min(8, prefixLength - i * 8));
    bytes[i] = (bytes[i] ?? 0) & (0xff00 >> kept) & 0xff;
  }
  return ipAddressFromBytes(bytes);
}

function printValue(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
