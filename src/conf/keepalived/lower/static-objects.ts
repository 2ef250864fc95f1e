// static_ipaddress, static_routes and static_rules: what this host has whatever the states.

import type { StaticAddress, StaticObjects } from "../../../model/routing.ts";
import type { Section } from "../section.ts";
import { lowerAddresses } from "./address-lines.ts";
import { lowerRoutes, lowerRules } from "./routing-lines.ts";
import { asText, given } from "./setting-values.ts";
import { entriesOf } from "./vrrp-instance.ts";

/** The static objects of a file; undefined when it has none. */
export function staticObjectsOf(root: Section): StaticObjects | undefined {
  const addresses = entriesOf(root, "static_ipaddress").flatMap((entry): StaticAddress[] =>
    lowerAddresses([entry]).map(({ value }) => ({
      ...value,
      tracked: !entry.options.some(({ name }) => name === "no_track"),
      ...given({
        trackGroup: asText(entry.options.find(({ name }) => name === "track_group")?.values[0]),
      }),
    })),
  );
  const routes = lowerRoutes(entriesOf(root, "static_routes"));
  const rules = lowerRules(entriesOf(root, "static_rules"));
  if (addresses.length + routes.length + rules.length === 0) return undefined;
  return { addresses, routes, rules };
}
