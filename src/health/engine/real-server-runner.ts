// The checks of one real server and what they say together.

import { type RealServerHealth, realServerIdentity } from "../../model/health.ts";
import type { RealServer, VirtualServer } from "../../model/virtual-server.ts";
import { combineVerdicts } from "../real-server.ts";
import type { CheckRunner } from "./check-runner.ts";

export class RealServerRunner {
  /** By `realServerIdentity`. */
  readonly identity: string;
  readonly checks: CheckRunner[] = [];
  readonly #alpha: boolean;
  #health: RealServerHealth | undefined;

  /** `before`: the runners of the last configuration, whose `sinceMs` goes on. */
  constructor(
    server: RealServer,
    virtualServer: VirtualServer,
    before: readonly RealServerRunner[] | undefined,
  ) {
    this.identity = realServerIdentity(server);
    this.#alpha = server.options?.alpha ?? virtualServer.alpha;
    this.#health = before?.find((runner) => runner.identity === this.identity)?.health;
  }

  get health(): RealServerHealth {
    return this.#health ?? { ...combineVerdicts([], this.#alpha), sinceMs: 0 };
  }

  /** Combines the verdicts anew; `sinceMs` stays while the word stays. */
  refresh(wallMs: number): void {
    const before = this.#health;
    const combined = combineVerdicts(
      this.checks.map((check) => check.verdict),
      this.#alpha,
    );
    const same = before !== undefined && before.health === combined.health;
    this.#health = { ...combined, sinceMs: same ? before.sinceMs : wallMs };
  }
}
