// What the surroundings make of each instance at this moment: links, trackers, its sync group, and
// delays after the start.

import type { IpAddress } from "../../base/address.ts";
import type { TrackerKind, TrackerResult, VrrpProcessOptions } from "../../model/vrrp-wish.ts";
import { type Condition, judgeCondition, type Membership } from "../condition.ts";
import { conditionInGroup } from "../sync-groups.ts";
import { judgeTracked, sumOutcomes, trackedByGroup } from "../tracked.ts";
import type { Groups } from "./groups.ts";
import { LinkDelays } from "./link-delays.ts";
import type { LinkTable } from "./link-table.ts";
import type { RunningInstance } from "./running-instance.ts";

/** What a judge asks others. */
export interface JudgeSources {
  readonly links: LinkTable;
  readonly groups: Groups;
  /** The address that an instance sends from. */
  sourceOf(instance: RunningInstance): IpAddress | undefined;
}

export class Judge {
  readonly #sources: JudgeSources;
  readonly #trackers = new Map<string, TrackerResult>();
  readonly #delays = new LinkDelays();
  /** No VRRP before this time. */
  #quietUntilMs: number | undefined;
  /** That time has been noticed to be over. */
  #begun = false;

  constructor(sources: JudgeSources) {
    this.#sources = sources;
  }

  /** When instances that wait for the end of a delay must be judged again; undefined: none does. */
  wakeAtMs(nowMs: number): number | undefined {
    const quietUntilMs = this.#quietUntilMs ?? 0;
    return nowMs < quietUntilMs ? quietUntilMs : this.#delays.wakeAtMs();
  }

  /** True once when a delay has ended, so that every instance is to be judged. */
  takeDue(nowMs: number): boolean {
    const begins = !this.#begun && nowMs >= (this.#quietUntilMs ?? 0);
    if (begins) this.#begun = true;
    return this.#delays.takeDue(nowMs) || begins;
  }

  /**
   * Takes over the delays of interfaces. Those after start and boot begin with the first configuration;
   * the monotonic clock starts with the machine.
   */
  configure(options: VrrpProcessOptions, nowMs: number): void {
    const { linkDelays = [], startupDelayMs = 0, delayAfterBootMs = 0 } = options;
    this.#delays.configure(linkDelays);
    this.#quietUntilMs ??= Math.max(nowMs + startupDelayMs, delayAfterBootMs);
  }

  /** Takes the result of a tracker, and says whether anything differs. No result yet revokes none. */
  track(tracker: TrackerKind, name: string, result: TrackerResult): boolean {
    const key = trackerKey(tracker, name);
    const known = this.#trackers.get(key);
    const up = result.up ?? known?.up ?? null;
    this.#trackers.set(key, { ...result, up });
    if (known === undefined) return true;
    const { weight, value, reverse } = result;
    return (
      known.up !== up ||
      known.weight !== weight ||
      known.value !== value ||
      known.reverse !== reverse
    );
  }

  tracker(kind: TrackerKind, name: string): TrackerResult | undefined {
    return this.#trackers.get(trackerKey(kind, name));
  }

  /** The condition of an instance, its sync group taken into account. */
  judge(instance: RunningInstance, nowMs: number): Condition {
    if (nowMs < (this.#quietUntilMs ?? 0))
      return { kind: "waiting", cause: { kind: "startup-delay", text: "waits after the start" } };
    const own = this.#judgeAlone(instance, nowMs);
    const group = this.#sources.groups.of(instance);
    if (group === undefined) return own;
    const others = group.members
      .filter((member) => member !== instance)
      .map((member) => ({ name: member.config.name, condition: this.#judgeAlone(member, nowMs) }));
    return conditionInGroup(group.config.name, own, others);
  }

  #judgeAlone(instance: RunningInstance, nowMs: number): Condition {
    const { links } = this.#sources;
    const view = {
      link: (name: string) => this.#delays.count(name, links.link(name), nowMs),
      tracker: (kind: TrackerKind, name: string) => this.tracker(kind, name),
      source: this.#sources.sourceOf(instance),
      holdsAddress: (name: string, address: IpAddress) => links.holdsAddress(name, address),
    };
    return judgeCondition(instance.config, view, this.#membership(instance, view));
  }

  #membership(
    instance: RunningInstance,
    view: Parameters<typeof judgeTracked>[1],
  ): Membership | undefined {
    const group = this.#sources.groups.of(instance);
    if (group === undefined) return undefined;
    const { tracking, weights } = group.config;
    const outcomes = trackedByGroup(tracking).map((followed) => judgeTracked(followed, view));
    return { sum: sumOutcomes(outcomes, { weights: true }), weights };
  }
}

function trackerKey(kind: TrackerKind, name: string): string {
  return `${kind} ${name}`;
}
