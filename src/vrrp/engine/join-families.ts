// Two families of one instance are one instance to whoever looks at it.

import type { VrrpInstanceStatus } from "../../model/status.ts";

/** Puts the addresses and counters of each other half into the instance that it belongs to. */
export function joinFamilies(
  statuses: readonly VrrpInstanceStatus[],
): readonly VrrpInstanceStatus[] {
  const halves = new Map<string, VrrpInstanceStatus>();
  for (const status of statuses) if (status.halfOf !== undefined) halves.set(status.halfOf, status);
  if (halves.size === 0) return statuses;
  return statuses
    .filter(({ halfOf }) => halfOf === undefined)
    .map((status) => {
      const half = halves.get(status.name);
      return half === undefined ? status : join(status, half);
    });
}

/** What is wrong with either family; an alarm that both have says so of each. */
function alarmsOf(
  first: VrrpInstanceStatus,
  second: VrrpInstanceStatus,
): Pick<VrrpInstanceStatus, "alarms"> {
  const alarms = [...(first.alarms ?? []), ...(second.alarms ?? [])];
  return alarms.length === 0 ? {} : { alarms };
}

function join(first: VrrpInstanceStatus, second: VrrpInstanceStatus): VrrpInstanceStatus {
  // Both move together; while they do not, the one that is not MASTER tells what is missing.
  const shown = first.state === "MASTER" ? second : first;
  const a = first.counters;
  const b = second.counters;
  const rejected: Record<string, number> = { ...a.rejected };
  for (const [kind, count] of Object.entries(b.rejected))
    rejected[kind] = (rejected[kind] ?? 0) + count;
  return {
    ...first,
    state: shown.state,
    cause: shown.state === first.state ? first.cause : shown.cause,
    virtualAddresses: [...first.virtualAddresses, ...second.virtualAddresses],
    heldAddresses: [...first.heldAddresses, ...second.heldAddresses],
    ...alarmsOf(first, second),
    counters: {
      ...a,
      advertsSent: a.advertsSent + b.advertsSent,
      advertsReceived: a.advertsReceived + b.advertsReceived,
      priorityZeroSent: a.priorityZeroSent + b.priorityZeroSent,
      priorityZeroReceived: a.priorityZeroReceived + b.priorityZeroReceived,
      garpSent: a.garpSent + b.garpSent,
      rejected,
    },
  };
}
