// Whether a process that starts may go on as MASTER at once. The kernel knows when the leases of the
// addresses were renewed last, and whoever renews is MASTER: as long as no peer can have lost its
// patience since then, nobody else is. So a process that dies and comes back costs nothing.

import type { Cause } from "../../model/status.ts";
import { patienceMs } from "../timers.ts";
import type { LinkTable } from "./link-table.ts";
import type { ClaimedAddress, RunningInstance } from "./running-instance.ts";

/** The highest priority that a peer can have: it is the least patient. */
const LEAST_PATIENT = 254;

/** When the lease of a claimed address was renewed last, by whichever process; undefined: it has none. */
export type RenewalLookup = (claim: ClaimedAddress) => number | undefined;

/** Why an instance that starts is MASTER already; undefined: it has to find out whether there is one. */
export function resumptionOf(
  { claims, config }: RunningInstance,
  links: LinkTable,
  renewedAtMs: RenewalLookup,
  nowMs: number,
): Cause | undefined {
  if (claims.length === 0) return undefined;
  let silentMs = 0;
  for (const claim of claims) {
    const renewed = renewedAtMs(claim);
    if (renewed === undefined || !links.has(claim.key)) return undefined;
    silentMs = Math.max(silentMs, nowMs - renewed);
  }
  if (silentMs >= patienceMs(config, LEAST_PATIENT, config.advertIntervalCs * 10)) return undefined;
  const text = `held the addresses until ${Math.max(1, Math.round(silentMs))} ms ago, and no other router can have taken over`;
  return { kind: "resumed", text };
}
