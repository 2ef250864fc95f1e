// Lines of routes and rules, in the manner of iproute2.

import type { IpAddress } from "../../../base/address.ts";
import type { Route, RoutingOption, RoutingRule } from "../../../model/routing.ts";
import type { Entry, EntryOption } from "../section.ts";
import type { SettingValue } from "../table/keyword-spec.ts";
import { asNumber, asText, given } from "./setting-values.ts";

/** The routes of a block; without the lines that name no destination. */
export function lowerRoutes(entries: readonly Entry[]): readonly Route[] {
  return entries.flatMap((entry) => lowerRoute(entry) ?? []);
}

function lowerRoute(entry: Entry): Route | undefined {
  const [type, first] = entry.leading;
  const { own, others } = splitOptions(entry.options, routeFields);
  const destination = asText(first) ?? asText(own.get("to")?.at(-1));
  if (destination === undefined) return undefined;
  return {
    type: asText(type) ?? "unicast",
    destination,
    ...given({
      via: asText(own.get("via")?.at(-1)) as IpAddress | undefined,
      source: asText(own.get("src")?.at(-1)) as IpAddress | undefined,
      interface: asText(own.get("dev")?.[0]),
      table: tableOf(own.get("table")?.[0]),
      metric: asNumber(own.get("metric")?.[0]),
      trackGroup: asText(own.get("track_group")?.[0]),
    }),
    tracked: !own.has("no_track"),
    options: others,
  };
}

/** The rules of a block. */
export function lowerRules(entries: readonly Entry[]): readonly RoutingRule[] {
  return entries.map(lowerRule);
}

function lowerRule(entry: Entry): RoutingRule {
  const { own, others } = splitOptions(entry.options, ruleFields);
  return {
    ...given({
      from: asText(own.get("from")?.[0]),
      to: asText(own.get("to")?.[0]),
      table: tableOf(own.get("table")?.[0]),
      preference: asNumber(own.get("preference")?.[0]),
      trackGroup: asText(own.get("track_group")?.[0]),
    }),
    tracked: !own.has("no_track"),
    options: others,
  };
}

const routeFields: ReadonlySet<string> = new Set([
  ...["to", "via", "src", "dev", "table", "metric", "track_group", "no_track"],
]);

const ruleFields: ReadonlySet<string> = new Set([
  ...["from", "to", "table", "preference", "track_group", "no_track"],
]);

interface SplitOptions {
  readonly own: ReadonlyMap<string, EntryOption["values"]>;
  readonly others: readonly RoutingOption[];
}

/** Options that have a field, and the others; what follows a nexthop or an encapsulation belongs to it. */
function splitOptions(options: readonly EntryOption[], fields: ReadonlySet<string>): SplitOptions {
  const own = new Map<string, EntryOption["values"]>();
  const others: RoutingOption[] = [];
  let nested = false;
  for (const { name, values } of options) {
    nested ||= name === "nexthop" || name === "encap";
    if (!nested && fields.has(name)) own.set(name, values);
    else others.push({ name, values: values.filter((value) => value !== undefined) });
  }
  return { own, others };
}

function tableOf(value: SettingValue | undefined): string | number | undefined {
  return typeof value === "boolean" ? undefined : value;
}
