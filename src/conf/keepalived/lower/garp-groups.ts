// garp_group: interfaces that share the pauses between announcements of addresses.

import type { GarpGroup } from "../../../model/vrrp-options.ts";
import { type Section, settingsOf } from "../section.ts";
import { given, numberOf, textOf } from "./setting-values.ts";
import { namesIn } from "./tracking.ts";

/** The groups of interfaces; undefined when there is none. */
export function garpGroupsOf(root: Section): readonly GarpGroup[] | undefined {
  const groups = settingsOf(root, "garp_group").flatMap(({ section }) => {
    if (section === undefined) return [];
    const one = textOf(section, "interface");
    const interfaces = [...(one === undefined ? [] : [one]), ...namesIn(section, "interfaces")];
    if (interfaces.length === 0) return [];
    const garpIntervalMs = numberOf(section, "garp_interval");
    return [
      {
        interfaces,
        ...given({ garpIntervalMs, gnaIntervalMs: numberOf(section, "gna_interval") }),
      },
    ];
  });
  return groups.length === 0 ? undefined : groups;
}
