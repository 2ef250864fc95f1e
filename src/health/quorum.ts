// Whether enough weight is alive for a virtual server to count as up.

import type { VirtualServer } from "../model/virtual-server.ts";

/** Which of its real servers are alive, in the order of the configuration. */
export interface QuorumInput {
  readonly virtualServer: Pick<VirtualServer, "quorum" | "hysteresis" | "realServers" | "alpha">;
  readonly alive: readonly boolean[];
  /** The last answer; undefined at the start, which counts as up unless `alpha`. */
  readonly wasUp: boolean | undefined;
}

/**
 * The quorum is gained when the weight that is alive reaches quorum + hysteresis, and lost when it
 * falls below quorum - hysteresis or to nothing. A quorum that the weights cannot reach is lowered
 * to their sum; the hysteresis is below the quorum, and never makes gaining it impossible.
 */
export function decideQuorum(input: QuorumInput): boolean {
  const { virtualServer, alive } = input;
  const weights = virtualServer.realServers.map((server) => server.weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const living = weights.reduce((sum, weight, i) => sum + (alive[i] === true ? weight : 0), 0);
  const quorum = Math.max(1, Math.min(virtualServer.quorum, total));
  const hysteresis = Math.min(virtualServer.hysteresis, quorum - 1);
  const wasUp = input.wasUp ?? !virtualServer.alpha;
  if (wasUp) return living > 0 && living >= quorum - hysteresis;
  return living > 0 && living >= Math.min(quorum + hysteresis, total);
}
