// The sync groups in operation: who belongs where, and what the last common state was.

import type { SyncGroupStatus, VrrpState } from "../../model/status.ts";
import type { SyncGroup } from "../../model/sync-group.ts";
import {
  atAsking,
  type Contest,
  contestDelayMs,
  NO_CONTEST,
  noteLoss,
  noteMaster,
} from "../group-contest.ts";
import type { VrrpMachineState } from "../state.ts";
import {
  afterAsking,
  afterStep,
  type Consequence,
  groupState,
  type Member,
} from "../sync-groups.ts";
import { earliest } from "./deadlines.ts";
import type { EngineOutput } from "./output.ts";
import type { RunningInstance } from "./running-instance.ts";

/** One group with the instances that run. */
export interface RunningGroup {
  config: SyncGroup;
  members: readonly RunningInstance[];
  state: VrrpState;
  /** Wall-clock milliseconds of the last change. */
  sinceMs: number;
  contest: Contest;
  /** Since when every member would be MASTER; undefined: one would not. */
  readySinceMs: number | undefined;
}

export class Groups {
  #groups = new Map<string, RunningGroup>();
  #byMember = new Map<string, RunningGroup>();
  /** Groups whose members have moved in this turn, with the last that did. */
  readonly #touched = new Map<RunningGroup, RunningInstance>();
  /** Groups that would be MASTER and wait, because they have just lost to another router. */
  readonly #waiting = new Set<RunningGroup>();

  /** Takes the groups of a new configuration; a group that stays keeps its state. */
  adopt(groups: readonly SyncGroup[], instances: readonly RunningInstance[], wallMs: number): void {
    const running = new Map(
      instances.filter((one) => !one.retiring).map((one) => [one.config.name, one]),
    );
    const next = new Map<string, RunningGroup>();
    this.#byMember = new Map();
    for (const config of groups) {
      const members = config.members.flatMap((name) => running.get(name) ?? []);
      const known = this.#groups.get(config.name);
      const group: RunningGroup = known ?? {
        config,
        members,
        state: "INIT",
        sinceMs: wallMs,
        contest: NO_CONTEST,
        readySinceMs: undefined,
      };
      group.config = config;
      group.members = members;
      next.set(config.name, group);
      for (const member of members) this.#byMember.set(member.config.name, group);
    }
    this.#groups = next;
  }

  /** The group of an instance. */
  of(instance: RunningInstance): RunningGroup | undefined {
    return this.#byMember.get(instance.config.name);
  }

  /** The group with a name. */
  named(name: string): RunningGroup | undefined {
    return this.#groups.get(name);
  }

  /** What follows for the other members from the step of one. */
  afterStep(
    instance: RunningInstance,
    before: VrrpMachineState,
    nowMs: number,
  ): readonly Consequence[] {
    const group = this.of(instance);
    if (group === undefined) return [];
    const { role } = instance.state;
    if (role === "MASTER") group.contest = noteMaster(group.contest);
    else if (role === "BACKUP" && before.role === "MASTER")
      group.contest = noteLoss(group.contest, nowMs);
    return afterStep(group.config.name, asMember(instance), before, group.members.map(asMember));
  }

  /** What follows when a member would be MASTER: nothing yet, while a contest keeps the group waiting. */
  afterAsking(instance: RunningInstance, nowMs: number): readonly Consequence[] {
    const group = this.of(instance);
    return group === undefined ? [] : this.#ask(group, nowMs);
  }

  /** What follows for groups that have waited long enough. */
  afterWaiting(nowMs: number): readonly Consequence[] {
    return [...this.#waiting].flatMap((group) => this.#ask(group, nowMs));
  }

  /** When a group has waited long enough; undefined: none waits. */
  wakeAtMs(): number | undefined {
    return earliest([...this.#waiting].map(readyAtMs));
  }

  #ask(group: RunningGroup, nowMs: number): readonly Consequence[] {
    const consequences = afterAsking(group.config.name, group.members.map(asMember));
    if (consequences.length === 0) {
      group.readySinceMs = undefined;
      this.#waiting.delete(group);
      return consequences;
    }
    if (group.readySinceMs === undefined) {
      group.readySinceMs = nowMs;
      group.contest = atAsking(group.contest, heardAtMs(group), shortestMs(group));
    }
    if (nowMs < readyAtMs(group)) {
      this.#waiting.add(group);
      return [];
    }
    group.readySinceMs = undefined;
    this.#waiting.delete(group);
    return consequences;
  }

  /** The state of a member may have changed. */
  changed(instance: RunningInstance): void {
    const group = this.of(instance);
    if (group !== undefined) this.#touched.set(group, instance);
  }

  /** The changes of common states since the last call; every member has been told of before. */
  news(wallMs: number): readonly EngineOutput[] {
    if (this.#touched.size === 0) return NOTHING;
    const news: EngineOutput[] = [];
    for (const [group, instance] of this.#touched) {
      const { config, state: from } = group;
      const state = groupState(group.members.map(asMember));
      if (state === undefined || state === from) continue;
      group.state = state;
      group.sinceMs = wallMs;
      const { cause } = instance;
      if (config.implied !== true)
        news.push({
          kind: "group-transition",
          group: config.name,
          from,
          to: state,
          cause,
          atMs: wallMs,
        });
    }
    this.#touched.clear();
    return news;
  }

  /** The groups that somebody has written, and their common states. */
  report(): readonly SyncGroupStatus[] {
    const written = [...this.#groups.values()].filter(({ config }) => config.implied !== true);
    return written.map(({ config, state, members, sinceMs }) => ({
      name: config.name,
      state,
      members: members.flatMap((member) =>
        member.config.options?.halfOf === undefined ? [member.config.name] : [],
      ),
      sinceMs,
    }));
  }
}

const NOTHING: readonly EngineOutput[] = [];

function intervalMs({ config }: RunningInstance): number {
  return config.advertIntervalCs * 10;
}

/** When any member was spoken to last. */
function heardAtMs({ members }: RunningGroup): number {
  return Math.max(...members.map(({ heard }) => heard?.atMs ?? Number.NEGATIVE_INFINITY));
}

function shortestMs({ members }: RunningGroup): number {
  return Math.min(...members.map(intervalMs));
}

function readyAtMs({ contest, members, readySinceMs = 0 }: RunningGroup): number {
  const slowestMs = Math.max(...members.map(intervalMs));
  const salt = members.map(({ source }) => source ?? "").join(" ");
  return readySinceMs + contestDelayMs(contest, salt, slowestMs);
}

function asMember({ config, state }: RunningInstance): Member {
  return { name: config.name, state };
}
