// Times as SNMP counts them: hundredths of a second of the agent.

import type { ManagementFacts } from "../facts.ts";
import { type SnmpValue, ticks } from "./value.ts";

const msPerTick = 10;

/** How long ago a moment of the wall clock was. */
export function ticksSince({ atMs }: ManagementFacts, momentMs: number): SnmpValue {
  return ticks((atMs - momentMs) / msPerTick);
}

/** TimeStamp of RFC 2579: the agent's sysUpTime at a moment; 0 for what was before it started. */
export function timeStamp({ agentBootMs }: ManagementFacts, momentMs: number): SnmpValue {
  return ticks(agentBootMs === undefined ? 0 : (momentMs - agentBootMs) / msPerTick);
}
