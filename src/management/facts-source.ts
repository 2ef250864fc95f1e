// Readings for whoever asks, cached for a moment, so that a walk over a thousand rows reads once.

import type { Clock } from "../world/clock.ts";
import type { ManagementFacts, Snapshot } from "./facts.ts";
import { InstanceHistories, RateBook } from "./history.ts";
import type { ManagementEvent } from "./management-event.ts";

/** How old a reading may be that answers a question, unless something has happened since. */
const freshMs = 1000;

/** Where readings come from. */
export interface FactsWorld {
  readonly clock: Clock;
  snapshot(): Promise<Snapshot>;
}

/** Reads, remembers, and forgets when something happens. */
export class FactsSource {
  readonly #world: FactsWorld;
  readonly #histories = new InstanceHistories();
  readonly #rates = new RateBook();
  #last: { readonly facts: ManagementFacts; readonly atMs: number } | undefined;
  #reading: Promise<ManagementFacts> | undefined;
  /** Counts events, so that a reading that was under way during one is not kept. */
  #generation = 0;
  /** Called with the instances that have met wrong packets since the reading before. */
  onWrongPackets: (instances: readonly string[], facts: ManagementFacts) => void = () => undefined;

  constructor(world: FactsWorld) {
    this.#world = world;
  }

  /** Facts not older than a second, nor than the last event. */
  read(): Promise<ManagementFacts> {
    const last = this.#last;
    if (last !== undefined && this.#world.clock.nowMs() - last.atMs < freshMs)
      return Promise.resolve(last.facts);
    this.#reading ??= this.#readNow(this.#generation).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Takes an event: what was read before is old. */
  take(event: ManagementEvent): void {
    this.#histories.take(event);
    this.#generation++;
    this.#last = undefined;
    this.#reading = undefined;
  }

  async #readNow(generation: number): Promise<ManagementFacts> {
    const { clock } = this.#world;
    const startedMs = clock.nowMs();
    const snapshot = await this.#world.snapshot();
    const atMs = clock.wallMs();
    const facts: ManagementFacts = {
      status: snapshot.status,
      model: snapshot.model,
      links: snapshot.links,
      addresses: snapshot.addresses,
      tracker: (kind, name) => snapshot.tracker(kind, name),
      atMs,
      history: (instance) => this.#histories.of(instance),
      rates: (virtualServer, server) => this.#rates.of(snapshot.status, virtualServer, server),
    };
    if (generation === this.#generation) this.#last = { facts, atMs: startedMs };
    this.#rates.observe(snapshot.status, atMs);
    const wrong = this.#histories.observe(snapshot.status);
    if (wrong.length > 0) this.onWrongPackets(wrong, facts);
    return facts;
  }
}
