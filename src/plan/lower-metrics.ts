// The metrics of a route (RTAX_*).

import type { RoutingOption } from "../model/routing.ts";

interface Metric {
  readonly type: number;
  /** Times are counted in parts of a millisecond: how many there are. */
  readonly perMs?: number;
}

const metricsByName: Readonly<Record<string, Metric>> = {
  mtu: { type: 2 },
  window: { type: 3 },
  rtt: { type: 4, perMs: 8 },
  rttvar: { type: 5, perMs: 4 },
  ssthresh: { type: 6 },
  cwnd: { type: 7 },
  advmss: { type: 8 },
  reordering: { type: 9 },
  hoplimit: { type: 10 },
  initcwnd: { type: 11 },
  features: { type: 12 },
  rto_min: { type: 13, perMs: 1 },
  initrwnd: { type: 14 },
  quickack: { type: 15 },
  congctl: { type: 16 },
  fastopen_no_cookie: { type: 17 },
};
const featureEcn = 1;
const unitsMs: Readonly<Record<string, number>> = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 };

/** The metrics among options, and a bit for each that is locked. */
export function lowerMetrics(options: readonly RoutingOption[]): {
  readonly metrics: readonly { readonly type: number; readonly value: number | string }[];
  readonly locked: number;
} {
  const metrics: { type: number; value: number | string }[] = [];
  let locked = 0;
  for (const { name, values } of options) {
    const metric = metricsByName[name];
    const value = values.at(-1);
    if (metric === undefined || value === undefined) continue;
    // TCP looks at rto_min only when it is locked; `ip route` locks it as well.
    const isLocked = name === "rto_min" || (values.length > 1 && values[0] === "lock");
    if (isLocked) locked |= 1 << metric.type;
    metrics.push({ type: metric.type, value: metricValue(name, metric, String(value)) });
  }
  return { metrics, locked };
}

function metricValue(name: string, { perMs }: Metric, text: string): number | string {
  if (name === "congctl") return text;
  if (name === "features") return featureEcn;
  const match = /^([\d.]+)(s|ms|us|ns)?$/.exec(text);
  if (perMs === undefined || match === null) return Number(text);
  // Without a unit the number goes to the kernel as it is, as with `ip route`.
  const unit = match[2];
  if (unit === undefined) return Number(text);
  return Math.round(Number(match[1]) * (unitsMs[unit] ?? 1) * perMs);
}
