// The precedence of a living VRRP process, changed in place when a reload has changed it.

import type { DirectorWorld } from "./director-contract.ts";
import type { VrrpProcessSettings } from "./vrrp-process.ts";

/** What came of it, one text for each part; none where nothing differs or no process runs. */
export function adaptPrecedence(
  world: Pick<DirectorWorld, "changePriority">,
  pid: number | undefined,
  before: VrrpProcessSettings,
  { realtimePriority, nice }: VrrpProcessSettings,
): readonly string[] {
  if (realtimePriority === before.realtimePriority && nice === before.nice) return [];
  if (pid === undefined) return [];
  const precedence = { realtimePriority, ...(nice === undefined ? {} : { nice }) };
  return world.changePriority(pid, precedence).map((text) => `VRRP process ${pid}: ${text}`);
}
