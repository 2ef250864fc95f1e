// Notices that another router behaves as MASTER beside this one: it goes on advertising with a lower
// priority because it does not hear us, or its adverts are rejected here, as ours are there.

import { compareAddresses } from "../../base/address.ts";
import type { HeardAdvert } from "../state.ts";
import { patienceMs } from "../timers.ts";
import type { RejectKind } from "../validate-advert.ts";
import type { Alarms } from "./alarms.ts";
import { reasonInWords } from "./describe-packets.ts";
import { type EngineWorld, LogLimiter } from "./output.ts";
import type { RunningInstance } from "./running-instance.ts";

/** A MASTER tells this often at most that it hears a lower one. */
const LOWER_PRIORITY_GAP_MS = 1000;
/** Fewer may be the end of an election, or a stray packet. */
const ADVERTS_MIN = 3;

/** A MASTER that has not advertised for so many intervals is late itself. */
const LATE_INTERVALS = 1.5;

/** What is rejected when two routers of one cluster are configured differently. */
const DISAGREEMENTS: readonly RejectKind[] = [
  "interval-mismatch",
  "version-wrong",
  "auth-type-wrong",
  "auth-mismatch",
  "signature-missing",
  "signature-wrong",
  "key-unknown",
  "stale",
  "peer-unknown",
  "ttl-wrong",
  "first-address-wrong",
  "checksum-wrong",
  "length-wrong",
  "address-list-mismatch",
];

interface Watched {
  lowerHeard: number;
  lowerAtMs: number;
  rejected: number;
  rejectedAtMs: number;
  counts: Map<RejectKind, number>;
}

export class RivalryWatch {
  readonly #world: EngineWorld;
  readonly #alarms: Alarms;
  readonly #told = new LogLimiter(LOWER_PRIORITY_GAP_MS);
  readonly #watched = new WeakMap<RunningInstance, Watched>();

  constructor(world: EngineWorld, alarms: Alarms) {
    this.#world = world;
    this.#alarms = alarms;
  }

  /** An advert that was accepted. */
  hear(instance: RunningInstance, advert: HeardAdvert): void {
    const { state } = instance;
    if (state.role !== "MASTER" || advert.priority === 0) return;
    const { priority: own, source } = state.ready;
    if (advert.priority > own) return;
    // Of equal priorities the higher address is MASTER.
    if (advert.priority === own && compareAddresses(advert.source, source) > 0) return;
    this.#tell(instance, advert.priority);
    // Whoever advertised while this router was late had nothing to hear.
    const silenceMs = advert.atMs - state.advertSentAtMs;
    if (silenceMs < 0 || silenceMs > LATE_INTERVALS * instance.config.advertIntervalCs * 10) return;
    const watched = this.#of(instance);
    watched.lowerHeard++;
    watched.lowerAtMs = advert.atMs;
    if (watched.lowerHeard < ADVERTS_MIN) return;
    const text = `${advert.source} (priority ${advert.priority}) goes on advertising below this router's ${own}: it does not hear this router`;
    this.#alarms.raise(instance, "peer-deaf", text);
  }

  /** Looks at the counters; called about once a second. */
  look(instance: RunningInstance, nowMs: number): void {
    const watched = this.#of(instance);
    const { config, state } = instance;
    const longMs = 2 * patienceMs(config, 1, config.advertIntervalCs * 10);
    if (watched.lowerHeard > 0 && (nowMs - watched.lowerAtMs > longMs || state.role !== "MASTER")) {
      watched.lowerHeard = 0;
      this.#alarms.clear(instance, "peer-deaf");
    }
    const grown = this.#grown(instance, watched);
    if (state.role !== "MASTER" || nowMs - watched.rejectedAtMs > longMs) {
      if (grown === undefined) watched.rejected = 0;
      if (watched.rejected === 0) this.#alarms.clear(instance, "peer-rejected");
    }
    if (grown === undefined) return;
    watched.rejectedAtMs = nowMs;
    watched.rejected += grown.count;
    if (state.role !== "MASTER" || watched.rejected < ADVERTS_MIN) return;
    const text = `another router advertises VRID ${config.vrid} on ${config.interface}, and its adverts are rejected (${reasonInWords(grown.kind)}): both may hold the addresses`;
    this.#alarms.raise(instance, "peer-rejected", text);
  }

  #tell({ config }: RunningInstance, priority: number): void {
    const { clock } = this.#world;
    if (!this.#told.allows(config.name, clock.nowMs())) return;
    const atMs = clock.wallMs();
    this.#world.tell({ kind: "lower-priority-heard", instance: config.name, priority, atMs });
  }

  #grown(
    instance: RunningInstance,
    watched: Watched,
  ): { readonly kind: RejectKind; readonly count: number } | undefined {
    let most: { kind: RejectKind; count: number } | undefined;
    for (const kind of DISAGREEMENTS) {
      const count = instance.tally.rejected.get(kind) ?? 0;
      const more = count - (watched.counts.get(kind) ?? 0);
      watched.counts.set(kind, count);
      if (more > 0 && more > (most?.count ?? 0)) most = { kind, count: more };
    }
    return most;
  }

  #of(instance: RunningInstance): Watched {
    const known = this.#watched.get(instance);
    if (known !== undefined) return known;
    const never = Number.NEGATIVE_INFINITY;
    const fresh: Watched = {
      lowerHeard: 0,
      lowerAtMs: never,
      rejected: 0,
      rejectedAtMs: never,
      counts: new Map(),
    };
    this.#watched.set(instance, fresh);
    return fresh;
  }
}
