// KEEPALIVED-MIB: virtual routes and their next hops.

import { type Family, familyOf, type IpAddress, parseIpAddress } from "../../../base/address.ts";
import type { Route, RoutingOption } from "../../../model/routing.ts";
import type { ManagementFacts } from "../../facts.ts";
import { inetScope } from "../inet-scope.ts";
import { type InstanceFacts, instancesOf, linkOf, stateOf } from "../instance-facts.ts";
import { column, type MibGroup, table } from "../mib-group.ts";
import {
  hasOption,
  optionGauge,
  optionNumber,
  optionPair,
  optionText,
  type Prefix,
  prefixOf,
  tableNumber,
} from "../routing-options.ts";
import {
  addressType,
  gauge,
  inetAddress,
  integer,
  octetsOrNothing,
  type SnmpValue,
  truth,
} from "../value.ts";
import { vrrpEntry } from "./identifiers.ts";

interface RouteRow {
  readonly instance: InstanceFacts;
  readonly route: Route;
  readonly destination: Prefix | undefined;
  /** Options of the route itself. */
  readonly options: readonly RoutingOption[];
}

interface HopRow {
  readonly facts: ManagementFacts;
  readonly family: Family;
  readonly options: readonly RoutingOption[];
}

const types: Readonly<Record<string, number>> = {
  unicast: 1,
  ecmp: 2,
  blackhole: 3,
  anycast: 4,
  multicast: 5,
  broadcast: 6,
  unreachable: 7,
  prohibit: 8,
  throw: 9,
  nat: 10,
  xresolve: 11,
};
const mainTable = 254;
/** RTPROT_KEEPALIVED, by which routes of virtual routers are known to the kernel and its tools. */
const ownProtocol = 18;
const protocols: Readonly<Record<string, number>> = {
  redirect: 1,
  kernel: 2,
  boot: 3,
  static: 4,
  gated: 8,
  ra: 9,
  mrt: 10,
  zebra: 11,
  bird: 12,
  dnrouted: 13,
  xorp: 14,
  ntk: 15,
  dhcp: 16,
  keepalived: 18,
};
const preferences: Readonly<Record<string, number>> = { low: 1, medium: 2, high: 3 };

/** Options of the route, and those of each `nexthop` behind it. */
function splitHops(options: readonly RoutingOption[]): readonly (readonly RoutingOption[])[] {
  const parts: RoutingOption[][] = [[]];
  for (const option of options) {
    if (option.name === "nexthop") parts.push([]);
    else parts.at(-1)?.push(option);
  }
  return parts;
}

function routesOf(facts: ManagementFacts): readonly { index: readonly number[]; row: RouteRow }[] {
  return instancesOf(facts).flatMap((instance) =>
    (instance.wish.options?.routes ?? []).map((route, i) => {
      const family = familyOfRoute(route, instance.wish.family);
      const row = {
        instance,
        route,
        destination: prefixOf(route.destination, family),
        options: splitHops(route.options)[0] ?? [],
      };
      return { index: [instance.number, i + 1], row };
    }),
  );
}

function familyOfRoute({ destination, via }: Route, unless: Family): Family {
  const written = prefixOf(destination, unless)?.length === 0 ? via : undefined;
  return written === undefined
    ? familyOf(prefixOf(destination, unless)?.address ?? ("0.0.0.0" as IpAddress))
    : familyOf(written);
}

function typeOf({ route }: RouteRow): number {
  const hops = hasOption(route.options, "nexthop");
  return hops ? 2 : (types[route.type] ?? 1);
}

/** RTPROT_* and one, as KEEPALIVED-MIB counts. */
function protocolOf({ options }: RouteRow): number {
  const written = optionText(options, "proto", "protocol");
  if (written === undefined) return ownProtocol + 1;
  return (protocols[written] ?? (Number(written) || 0)) + 1;
}

function address(text: string | undefined): SnmpValue | undefined {
  const parsed = text === undefined ? undefined : parseIpAddress(text);
  return parsed?.ok === true ? inetAddress(parsed.value) : undefined;
}

/** A metric that the kernel may not change is written `lock NAME`, or `NAME lock VALUE`. */
function metric(number: number, name: string, option: string): ReturnType<typeof column<RouteRow>> {
  return column(number, name, ({ options }) => optionGauge(options, option));
}

function metricLock(
  number: number,
  name: string,
  option: string,
): ReturnType<typeof column<RouteRow>> {
  return column(number, name, ({ options }) => {
    const found = options.find((one) => one.name === option);
    return found === undefined ? undefined : truth(found.values[0] === "lock");
  });
}

const routes = table<ManagementFacts, RouteRow>({
  name: "vrrpRouteTable",
  entry: vrrpEntry(7),
  rows: routesOf,
  columns: [
    column(2, "vrrpRouteAddressType", ({ destination }) =>
      destination === undefined ? undefined : addressType(destination.address),
    ),
    column(3, "vrrpRouteDestination", ({ destination }) =>
      destination === undefined ? undefined : inetAddress(destination.address),
    ),
    column(4, "vrrpRouteDestinationMask", ({ destination }) =>
      destination === undefined ? undefined : gauge(destination.length),
    ),
    column(5, "vrrpRouteGateway", ({ route }) => address(route.via)),
    column(7, "vrrpRouteSource", ({ route }) => address(route.source)),
    column(8, "vrrpRouteMetric", ({ route }) => gauge(route.metric ?? 0)),
    column(9, "vrrpRouteScope", ({ options }) => integer(inetScope(optionText(options, "scope")))),
    column(10, "vrrpRouteType", (row) => integer(typeOf(row))),
    column(11, "vrrpRouteIfIndex", ({ instance, route }) => {
      const link =
        route.interface === undefined ? undefined : linkOf(instance.facts, route.interface);
      return link === undefined ? undefined : integer(link.index);
    }),
    column(12, "vrrpRouteIfName", ({ route }) => octetsOrNothing(route.interface)),
    column(13, "vrrpRouteRoutingTable", ({ route }) => {
      const number = tableNumber(route.table, mainTable);
      return number === undefined ? undefined : gauge(number);
    }),
    column(14, "vrrpRouteStatus", ({ instance }) => truth(stateOf(instance) === "MASTER")),
    column(17, "vrrpRouteTos", ({ options }) => optionGauge(options, "tos", "dsfield")),
    column(18, "vrrpRouteProtocol", (row) => integer(protocolOf(row))),
    column(19, "vrrpRouteECN", ({ options }) => truth(optionText(options, "features") === "ecn")),
    column(20, "vrrpRouteQuickAck", ({ options }) =>
      truth(optionNumber(options, "quickack") === 1),
    ),
    column(21, "vrrpRouteExpires", ({ options }) => {
      const expires = optionNumber(options, "expires");
      return expires === undefined ? undefined : integer(expires);
    }),
    metric(22, "vrrpRouteMTU", "mtu"),
    metricLock(23, "vrrpRouteMTULock", "mtu"),
    metric(24, "vrrpRouteHopLimit", "hoplimit"),
    metric(25, "vrrpRouteAdvmss", "advmss"),
    metricLock(26, "vrrpRouteAdvmssLock", "advmss"),
    metric(27, "vrrpRouteRTT", "rtt"),
    metricLock(28, "vrrpRouteRTTLock", "rtt"),
    metric(29, "vrrpRouteRTTvar", "rttvar"),
    metricLock(30, "vrrpRouteRTTvarLock", "rttvar"),
    metric(31, "vrrpRouteReordering", "reordering"),
    metricLock(32, "vrrpRouteReorderingLock", "reordering"),
    metric(33, "vrrpRouteWindow", "window"),
    metric(34, "vrrpRouteCwnd", "cwnd"),
    metricLock(35, "vrrpRouteCwndLock", "cwnd"),
    metric(36, "vrrpRouteSSthresh", "ssthresh"),
    metricLock(37, "vrrpRouteSSthreshLock", "ssthresh"),
    metric(38, "vrrpRouteRTOMin", "rto_min"),
    metricLock(39, "vrrpRouteRTOMinLock", "rto_min"),
    metric(40, "vrrpRouteInitCwnd", "initcwnd"),
    metric(41, "vrrpRouteInitRwnd", "initrwnd"),
    column(42, "vrrpRouteCongCtl", ({ options }) =>
      octetsOrNothing(optionText(options, "congctl")),
    ),
    column(43, "vrrpRoutePref", ({ options }) => {
      const preference = preferences[optionText(options, "pref") ?? ""];
      return preference === undefined ? undefined : integer(preference);
    }),
    column(44, "vrrpRouteRealmDst", ({ options }) => realm(options, 1)),
    column(45, "vrrpRouteRealmSrc", ({ options }) => realm(options, 0)),
    column(55, "vrrpRouteFastOpenNoCookie", ({ options }) => {
      const written = optionNumber(options, "fastopen_no_cookie");
      return written === undefined ? undefined : truth(written === 1);
    }),
  ],
});

/** `SOURCE/DESTINATION`, or the destination alone. */
function realm(options: readonly RoutingOption[], part: 0 | 1): SnmpValue | undefined {
  const name = hasOption(options, "realms") ? "realms" : "realm";
  const [first, second] = optionPair(options, name, "/");
  const [source, destination] = second === undefined ? [undefined, first] : [first, second];
  const value = part === 0 ? source : destination;
  return value === undefined ? undefined : gauge(value);
}

const hops = table<ManagementFacts, HopRow>({
  name: "vrrpRouteNextHopTable",
  entry: vrrpEntry(11),
  rows: (facts) =>
    routesOf(facts).flatMap(({ index, row }) =>
      splitHops(row.route.options)
        .slice(1)
        .map((options, i) => ({
          index: [...index, i + 1],
          row: { facts, options, family: familyOfRoute(row.route, row.instance.wish.family) },
        })),
    ),
  columns: [
    column(2, "vrrpRouteNextHopAddressType", ({ options, family }) =>
      optionText(options, "via") === undefined ? undefined : integer(family === 6 ? 2 : 1),
    ),
    column(3, "vrrpRouteNextHopAddress", ({ options }) => address(optionText(options, "via"))),
    column(4, "vrrpRouteNextHopIfIndex", ({ facts, options }) => {
      const link = linkOf(facts, optionText(options, "dev") ?? "");
      return link === undefined ? undefined : integer(link.index);
    }),
    column(5, "vrrpRouteNextHopIfName", ({ options }) =>
      octetsOrNothing(optionText(options, "dev")),
    ),
    column(6, "vrrpRouteNextHopWeight", ({ options }) =>
      gauge(optionNumber(options, "weight") ?? 1),
    ),
    column(7, "vrrpRouteNextHopOnlink", ({ options }) => truth(hasOption(options, "onlink"))),
    column(8, "vrrpRouteNextHopRealmDst", ({ options }) => realm(options, 1)),
    column(9, "vrrpRouteNextHopRealmSrc", ({ options }) => realm(options, 0)),
  ],
});

/** The tables of routes. */
export const routeGroups: readonly MibGroup<ManagementFacts>[] = [routes, hops];
