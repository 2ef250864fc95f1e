// Sync groups: instances that are MASTER together or not at all. Each member runs its own election; what
// follows for the others is decided here, from states alone. keepalived's rules: a group becomes MASTER
// when every member would, and one member that yields or fails takes the whole group with it.

import type { Cause, VrrpState } from "../model/status.ts";
import type { Condition } from "./condition.ts";
import type { VrrpEvent, VrrpMachineState } from "./state.ts";
import { vrrpStateName } from "./state.ts";

/** A member as far as the group is concerned. */
export interface Member {
  readonly name: string;
  readonly state: VrrpMachineState;
}

/** An event that a member must get because of another one. */
export interface Consequence {
  readonly member: string;
  readonly event: VrrpEvent;
}

const NOTHING: readonly Consequence[] = [];

/** What follows for the members when one of them has gone from `before` to what it is now. */
export function afterStep(
  group: string,
  changed: Member,
  before: VrrpMachineState,
  members: readonly Member[],
): readonly Consequence[] {
  const { state, name } = changed;
  if (state.role === "MASTER" && before.role !== "MASTER") {
    const text = `${name} of sync group ${group} became MASTER`;
    const cause: Cause = { kind: "sync-group", text };
    return others(changed, members, "BACKUP", { kind: "group-takes-over", cause });
  }
  if (state.role === "BACKUP" && before.role === "MASTER") {
    const text = `${name} of sync group ${group} became BACKUP`;
    const cause: Cause = { kind: "sync-group", text };
    return others(changed, members, "MASTER", { kind: "group-yields", cause });
  }
  return NOTHING;
}

/** What follows when a member would be MASTER: nothing, until every other one would be, too. */
export function afterAsking(group: string, members: readonly Member[]): readonly Consequence[] {
  const ready = members.every(
    ({ state }) => state.role === "MASTER" || (state.role === "BACKUP" && state.asksGroup),
  );
  const first = members.find(({ state }) => state.role === "BACKUP");
  if (!ready || first === undefined) return NOTHING;
  const cause: Cause = { kind: "sync-group", text: `every member of ${group} would be MASTER` };
  return [{ member: first.name, event: { kind: "group-takes-over", cause } }];
}

function others(
  changed: Member,
  members: readonly Member[],
  role: VrrpMachineState["role"],
  event: VrrpEvent,
): readonly Consequence[] {
  return members
    .filter(({ name, state }) => name !== changed.name && state.role === role)
    .map(({ name }) => ({ member: name, event }));
}

/** A member's condition with the others taken into account: one that is at fault keeps all from it. */
export function conditionInGroup(
  group: string,
  own: Condition,
  others: readonly { readonly name: string; readonly condition: Condition }[],
): Condition {
  if (own.kind === "fault") return own;
  const broken = others.find(({ condition }) => condition.kind === "fault");
  if (broken !== undefined && broken.condition.kind === "fault") {
    const text = `${broken.name} of sync group ${group}: ${broken.condition.cause.text}`;
    return { kind: "fault", cause: { kind: "sync-group-fault", text } };
  }
  const pending = others.find(({ condition }) => condition.kind === "waiting");
  if (own.kind === "ready" && pending !== undefined && pending.condition.kind === "waiting") {
    const text = `${pending.name} of sync group ${group}: ${pending.condition.cause.text}`;
    return { kind: "waiting", cause: { kind: "sync-group-waits", text } };
  }
  return own;
}

/** The state of a group: that of its members where they agree; undefined while they do not. */
export function groupState(members: readonly Member[]): VrrpState | undefined {
  const names = new Set(members.map(({ state }) => vrrpStateName(state)));
  if (names.has("FAULT")) return "FAULT";
  const [only] = names;
  return names.size === 1 ? only : undefined;
}
