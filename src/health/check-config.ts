// From a configured check to what its machine needs.

import { endpointName, type HealthCheck } from "../model/virtual-server.ts";
import type { CheckConfig } from "./check-machine.ts";

/** Lateness that an event loop under load may add to a probe's own time limits. */
const lateMaxMs = 5000;

/**
 * The machine's configuration of one check. Connecting may take `connectTimeoutMs`, and so may
 * each answer.
 */
export function checkConfig(check: HealthCheck): CheckConfig {
  const stages = check.kind === "TCP_CHECK" ? 1 : 2 * check.requests.length;
  const { timing, target } = check;
  return {
    timing,
    probeTimeMaxMs: stages * timing.connectTimeoutMs + lateMaxMs,
    name: `${check.kind} of ${endpointName(target.address, target.port)}`,
  };
}
