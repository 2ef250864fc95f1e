// interface_up_down_delays: how long an interface must be down or up before it counts.

import type { LinkDelay } from "../../../model/vrrp-wish.ts";
import type { Section } from "../section.ts";
import { asNumber, asText } from "./setting-values.ts";
import { entriesOf } from "./vrrp-instance.ts";

/** The delays; undefined where there are none. Of an interface that is named twice the last line counts. */
export function linkDelaysOf(root: Section): readonly LinkDelay[] | undefined {
  const delays = new Map<string, LinkDelay>();
  for (const { leading } of entriesOf(root, "interface_up_down_delays")) {
    const name = asText(leading[0]);
    const downMs = asNumber(leading[1]);
    if (name === undefined || downMs === undefined) continue;
    delays.set(name, { interface: name, downMs, upMs: asNumber(leading[2]) ?? downMs });
  }
  return delays.size === 0 ? undefined : [...delays.values()];
}
