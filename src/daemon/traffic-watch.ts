// How much passes through a data plane: its counters, and rates as IPVS estimates them. A large table is
// counted only while somebody wants to know, because reading it costs more than an idle director may take.

import { RateBoard } from "../balancer/rate-board.ts";
import type { ServiceStatistics } from "../model/balancer-table.ts";
import type { Clock } from "../world/clock.ts";
import type { BalancerEngine } from "../world/engine.ts";

/** Rows that are always counted: services and destinations. */
const rowsAlwaysMax = 200;
/** How long somebody who has asked is taken to be interested. */
const interestMs = 60_000;

export class TrafficWatch {
  readonly #engine: BalancerEngine;
  readonly #clock: Clock;
  readonly #onStatistics: ((statistics: readonly ServiceStatistics[]) => void) | undefined;
  readonly #rates = new RateBoard();
  #rows = 0;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    engine: BalancerEngine,
    clock: Clock,
    onStatistics?: (statistics: readonly ServiceStatistics[]) => void,
  ) {
    this.#engine = engine;
    this.#clock = clock;
    this.#onStatistics = onStatistics;
  }

  /** The estimates of everything that was there at the last look. */
  get rates(): RateBoard {
    return this.#rates;
  }

  /** Somebody wants to know for a while. */
  wanted(): void {
    this.#askedAtMs = this.#clock.nowMs();
  }

  /** The counters at this moment. */
  async read(): Promise<readonly ServiceStatistics[]> {
    this.wanted();
    const statistics = await this.#engine.statistics();
    return statistics.ok ? statistics.value : [];
  }

  /** Takes a step when one is due. */
  async look(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    if (!this.#rates.isDue(nowMs)) return;
    if (this.#rows > rowsAlwaysMax && nowMs - this.#askedAtMs > interestMs) return;
    const statistics = await this.#engine.statistics();
    if (!statistics.ok) return;
    this.#rows = statistics.value.reduce((sum, one) => sum + 1 + one.destinations.length, 0);
    this.#rates.step(statistics.value, nowMs);
    this.#onStatistics?.(statistics.value);
  }
}
