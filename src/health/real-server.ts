// The health of a real server from its checks: up only if every check is up, as in keepalived.

import type { RealServerHealth } from "../model/health.ts";
import type { CheckVerdict } from "./check-machine.ts";

/** What the checks of one real server say together; the caller knows since when. */
export function combineVerdicts(
  verdicts: readonly CheckVerdict[],
  alpha: boolean,
): Omit<RealServerHealth, "sinceMs"> {
  if (verdicts.length === 0) {
    const cause = { kind: "no-checks", text: "no checks are configured" };
    return { health: "unchecked", alive: true, cause };
  }
  const down = verdicts.find((verdict) => verdict.word === "down");
  if (down !== undefined) return { health: "down", alive: false, cause: down.cause };
  const unknown = verdicts.find((verdict) => verdict.word === "unknown");
  if (unknown !== undefined) return { health: "unknown", alive: !alpha, cause: unknown.cause };
  const last = verdicts[verdicts.length - 1] ?? verdicts[0];
  const cause = last?.cause ?? { kind: "check-succeeded", text: "every check succeeded" };
  return { health: "up", alive: true, cause };
}
