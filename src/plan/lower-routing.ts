// From the routes and rules of a configuration to facts of the kernel: words become numbers. What
// cannot be carried out is a sentence, and the route or rule is left out.

import { type Family, familyOf, type IpAddress, parseIpAddress } from "../base/address.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { Route, RoutingOption, RoutingRule } from "../model/routing.ts";
import { lowerEncapsulation } from "./lower-encapsulation.ts";
import { lowerMetrics } from "./lower-metrics.ts";
import type { NextHop, NumberRange, Prefix, RouteFact, RuleFact } from "./routing-facts.ts";
import { type NameKind, type RoutingNames, routingNumber } from "./routing-names.ts";

/** RTPROT_KEEPALIVED: how those who look for virtual routes know them. */
export const routeProtocolKeepalived = 18;
const tableMain = 254;
const tableLocal = 255;
const scopes = { universe: 0, link: 253, host: 254 } as const;
const routeTypes: Readonly<Record<string, number>> = {
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
  throw: 9,
};
const preferences: Readonly<Record<string, number>> = { medium: 0, high: 1, low: 3 };
const everything: readonly string[] = ["default", "any", "all", "default6"];

/** A value that says why it is none. */
class Refusal extends Error {}

function refuse(text: string): never {
  throw new Refusal(text);
}

function attempt<Value>(what: string, lower: () => Value): Result<Value, string> {
  try {
    return ok(lower());
  } catch (error) {
    if (error instanceof Refusal) return fail(`${what} is left out: ${error.message}`);
    throw error;
  }
}

/** One route; the fault is a sentence. */
export function lowerRoute(route: Route, names: RoutingNames): Result<RouteFact, string> {
  return attempt(`route ${route.destination}`, () => routeFact(route, names));
}

function routeFact(route: Route, names: RoutingNames): RouteFact {
  const { own, hops } = splitHops(route.options);
  const family = familyOfRoute(route, own, hops);
  const type = routeTypes[route.type] ?? refuse(`the kernel has no routes of type ${route.type}`);
  const destination = prefixOf(route.destination);
  const words = new Map(own.map((option) => [option.name, option.values]));
  if (words.has("vrf")) refuse("`vrf` is not carried out; name the table of the VRF");
  const more = new Map<string, unknown>();
  const nextHops = hops.map((hop) => nextHopOf(hop, names));
  const or = own.filter(({ name }) => name === "or").map(({ values }) => String(values[0]));
  const several = or.length === 0 ? nextHops : [...firstHop(route), ...or.map(gatewayOf)];
  const single = or.length === 0 ? nextHopOf(asHop(route, own), names) : {};
  const numberOf = (kind: NameKind, name: string): number | undefined => {
    const value = words.get(name)?.[0];
    return value === undefined ? undefined : known(names, kind, value);
  };
  more.set("scope", numberOf("scope", "scope") ?? defaultScope(family, type, route, several));
  more.set("expiresS", optionalNumber(words.get("expires")?.[0]));
  more.set("ttlPropagate", propagation(words.get("ttl-propagate")?.[0]));
  more.set("preference", preferenceOf(words.get("pref")?.[0]));
  more.set("from", optionalPrefix(words.get("from")?.[0]));
  more.set("place", words.has("add") ? "only" : words.has("append") ? "append" : undefined);
  const { metrics, locked } = lowerMetrics(own);
  return {
    family,
    type,
    ...(destination === undefined ? {} : { destination }),
    tos: numberOf("dsfield", "tos") ?? 0,
    table: route.table === undefined ? defaultTable(type) : known(names, "table", route.table),
    // keepalived finds its tracked routes by this, and those who watch them too.
    protocol: route.tracked
      ? routeProtocolKeepalived
      : (numberOf("protocol", "protocol") ?? routeProtocolKeepalived),
    ...(route.metric === undefined ? {} : { metric: route.metric }),
    ...(route.source === undefined ? {} : { preferredSource: route.source }),
    ...single,
    ...(metrics.length === 0 ? {} : { metrics }),
    ...(locked === 0 ? {} : { lockedMetrics: locked }),
    ...(several.length === 0 ? {} : { nextHops: several }),
    ...Object.fromEntries([...more].filter(([, value]) => value !== undefined)),
  };
}

/** One rule; `preference` for one that names none. The fault is a sentence. */
export function lowerRule(
  rule: RoutingRule,
  names: RoutingNames,
  preference: number,
): Result<RuleFact, string> {
  const words = ["rule"];
  if (rule.from !== undefined) words.push("from", rule.from);
  if (rule.to !== undefined) words.push("to", rule.to);
  return attempt(words.join(" "), () => ruleFact(rule, names, preference));
}

function ruleFact(rule: RoutingRule, names: RoutingNames, preference: number): RuleFact {
  const words = new Map(rule.options.map((option) => [option.name, option.values[0]]));
  const number = (kind: NameKind, name: string): number | undefined => {
    const value = words.get(name);
    return value === undefined ? undefined : known(names, kind, value);
  };
  const [mark, mask] = String(words.get("fwmark") ?? "").split("/");
  const isL3 = words.has("l3mdev");
  const goto = optionalNumber(words.get("goto"));
  const action = goto === undefined ? actionOf(words) : 2;
  const table = rule.table === undefined ? undefined : known(names, "table", rule.table);
  if (action === 1 && table === undefined && !isL3)
    refuse("it names neither a table nor an action");
  const fact: { readonly [Key in keyof RuleFact]: RuleFact[Key] | undefined } = {
    family: familyOfRule(rule),
    action,
    preference: rule.preference ?? preference,
    not: words.has("not") || undefined,
    from: optionalPrefix(rule.from),
    to: optionalPrefix(rule.to),
    tos: number("dsfield", "tos"),
    table: action === 1 ? table : undefined,
    inputInterface: optionalText(words.get("iif")),
    outputInterface: optionalText(words.get("oif")),
    mark: mark === "" || mark === undefined ? undefined : Number(mark),
    markMask: mask === undefined ? undefined : Number(mask),
    realms: realmsOf(words.get("realms"), names),
    tunnelId: words.has("tunnel-id") ? BigInt(Number(words.get("tunnel-id"))) : undefined,
    suppressPrefixLength: optionalNumber(words.get("suppress_prefixlength")),
    suppressGroup: number("group", "suppress_ifgroup"),
    goto,
    l3Device: isL3 || undefined,
    users: rangeOf(words.get("uidrange")),
    protocol: optionalNumber(words.get("protocol")) ?? routeProtocolKeepalived,
    ipProtocol: number("ipProtocol", "ipproto"),
    sourcePorts: rangeOf(words.get("sport")),
    destinationPorts: rangeOf(words.get("dport")),
  };
  const said = Object.entries(fact).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as unknown as RuleFact;
}

const actions: Readonly<Record<string, number>> = {
  unicast: 1,
  nop: 3,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
};

function actionOf(words: ReadonlyMap<string, unknown>): number {
  const type = words.get("type");
  if (typeof type === "string") return actions[type] ?? refuse(`there is no action ${type}`);
  for (const [name, action] of Object.entries(actions)) if (words.has(name)) return action;
  return 1;
}

/** A rule without addresses is for IPv4, unless it says otherwise; as with keepalived. */
function familyOfRule(rule: RoutingRule): Family {
  const words = new Set(rule.options.map(({ name }) => name));
  if (words.has("inet6")) return 6;
  if (words.has("inet")) return 4;
  const prefix = optionalPrefix(rule.from) ?? optionalPrefix(rule.to);
  return prefix === undefined ? 4 : familyOf(prefix.address);
}

function known(names: RoutingNames, kind: NameKind, value: string | number | boolean): number {
  return (
    routingNumber(names, kind, value) ?? refuse(`\`${value}\` is no ${kind} that is known here`)
  );
}

function prefixOf(text: string): Prefix | undefined {
  if (everything.includes(text)) return undefined;
  const [host = "", length] = text.split("/");
  const parsed = parseIpAddress(host);
  if (!parsed.ok) return refuse(`\`${text}\` is no prefix`);
  const whole = familyOf(parsed.value) === 4 ? 32 : 128;
  const prefixLength = length === undefined ? whole : Number(length);
  return prefixLength === 0 ? undefined : { address: parsed.value, prefixLength };
}

function optionalPrefix(value: unknown): Prefix | undefined {
  return typeof value === "string" ? prefixOf(value) : undefined;
}

function optionalText(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

function optionalNumber(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function rangeOf(value: unknown): NumberRange | undefined {
  if (value === undefined) return undefined;
  const [from, to] = String(value).split("-").map(Number);
  return { from: from ?? 0, to: to ?? from ?? 0 };
}

function propagation(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value === "enabled");
}

function preferenceOf(value: unknown): number | undefined {
  return value === undefined ? undefined : (preferences[String(value)] ?? Number(value));
}

/** `from/to`, or `to` alone. */
function realmsOf(value: unknown, names: RoutingNames): number | undefined {
  if (value === undefined) return undefined;
  const [first = "", second] = String(value).split("/");
  const from = second === undefined ? 0 : known(names, "realm", first);
  const to = known(names, "realm", second ?? first);
  return ((from & 0xffff) << 16) | (to & 0xffff);
}

function defaultTable(type: number): number {
  return type === routeTypes["local"] || type === 3 || type === 4 ? tableLocal : tableMain;
}

/** As `ip route` does: a unicast route without a next hop is one to neighbours. */
function defaultScope(
  family: Family,
  type: number,
  route: Route,
  nextHops: readonly NextHop[],
): number | undefined {
  if (family === 6) return undefined;
  if (type === 2) return scopes.host;
  if (type === 3 || type === 4 || type === 5) return scopes.link;
  const isDirect = type === 1 && route.via === undefined && nextHops.length === 0;
  return isDirect ? scopes.link : scopes.universe;
}

interface Hop {
  readonly via?: IpAddress;
  readonly interface?: string;
  readonly options: readonly RoutingOption[];
}

/** Options of the route itself, and those behind each `nexthop`. */
function splitHops(options: readonly RoutingOption[]): {
  readonly own: readonly RoutingOption[];
  readonly hops: readonly Hop[];
} {
  const own: RoutingOption[] = [];
  const hops: RoutingOption[][] = [];
  for (const option of options) {
    if (option.name === "nexthop") hops.push([]);
    else (hops.at(-1) ?? own).push(option);
  }
  return {
    own,
    hops: hops.map((words) => {
      const via = words.find(({ name }) => name === "via")?.values.at(-1);
      const device = words.find(({ name }) => name === "dev")?.values[0];
      return {
        options: words,
        ...(via === undefined ? {} : { via: String(via) as IpAddress }),
        ...(device === undefined ? {} : { interface: String(device) }),
      };
    }),
  };
}

function asHop(route: Route, options: readonly RoutingOption[]): Hop {
  return {
    options,
    ...(route.via === undefined ? {} : { via: route.via }),
    ...(route.interface === undefined ? {} : { interface: route.interface }),
  };
}

function nextHopOf(hop: Hop, names: RoutingNames): NextHop {
  const words = new Map(hop.options.map((option) => [option.name, option.values[0]]));
  const realms = realmsOf(words.get("realms"), names);
  const encapsulation = lowerEncapsulation(hop.options, names);
  if (encapsulation !== undefined && !encapsulation.ok) refuse(encapsulation.fault);
  const weight = optionalNumber(words.get("weight"));
  return {
    ...(hop.via === undefined ? {} : { gateway: hop.via }),
    ...(hop.interface === undefined ? {} : { interface: hop.interface }),
    ...(words.has("onlink") ? { onlink: true } : {}),
    ...(realms === undefined ? {} : { realms }),
    ...(encapsulation?.ok === true ? { encapsulation: encapsulation.value } : {}),
    ...(weight === undefined ? {} : { weight }),
  };
}

function firstHop(route: Route): readonly NextHop[] {
  return route.via === undefined ? [] : [gatewayOf(route.via)];
}

function gatewayOf(text: string): NextHop {
  return { gateway: text as IpAddress };
}

function familyOfRoute(route: Route, own: readonly RoutingOption[], hops: readonly Hop[]): Family {
  if (own.some(({ name }) => name === "inet6") || route.destination === "default6") return 6;
  if (own.some(({ name }) => name === "inet")) return 4;
  const destination = everything.includes(route.destination)
    ? undefined
    : parseIpAddress(route.destination.split("/")[0] ?? "");
  if (destination?.ok === true) return familyOf(destination.value);
  const address = route.via ?? route.source ?? hops.find(({ via }) => via !== undefined)?.via;
  return address === undefined ? 4 : familyOf(address);
}
