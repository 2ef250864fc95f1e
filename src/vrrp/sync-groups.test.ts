import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { Condition } from "./condition.ts";
import { type Backup, type Master, NEVER, NOT_STARTED, type VrrpMachineState } from "./state.ts";
import { afterAsking, afterStep, conditionInGroup, groupState } from "./sync-groups.ts";

const ready = { kind: "ready", priority: 100, source: "10.0.0.1" as IpAddress } as const;
const backup: Backup = {
  role: "BACKUP",
  ready,
  undecided: false,
  masterIntervalMs: 1000,
  silentSinceMs: 0,
  masterDownAtMs: 3600,
  heard: undefined,
  preemptAtMs: NEVER,
  asksGroup: false,
  queryAtMs: NEVER,
  standsAside: false,
};
const asking: Backup = { ...backup, asksGroup: true };
const master: Master = {
  role: "MASTER",
  ready,
  advertAtMs: 0,
  advertSentAtMs: 0,
  announcedAtMs: 0,
  secondBurstAtMs: NEVER,
  assertionAtMs: NEVER,
  refreshAtMs: NEVER,
  formerMaster: undefined,
  queryAtMs: NEVER,
  queryGapMs: 1000,
};

const members = (
  ...states: readonly VrrpMachineState[]
): { name: string; state: VrrpMachineState }[] =>
  states.map((state, i) => ({ name: `VI_${i + 1}`, state }));

test("a group becomes MASTER only when every member would", () => {
  assert.deepEqual(afterAsking("G", members(asking, backup)), []);
  assert.deepEqual(afterAsking("G", members(asking, NOT_STARTED)), []);
  assert.deepEqual(
    afterAsking("G", members(asking, asking)).map(({ member, event }) => `${member} ${event.kind}`),
    ["VI_1 group-takes-over"],
  );
});

test("a member that became MASTER takes the others with it", () => {
  const [first, ...others] = members(master, asking, asking);
  assert.ok(first !== undefined);
  assert.deepEqual(
    afterStep("G", first, asking, [first, ...others]).map(({ member, event }) => [
      member,
      event.kind,
    ]),
    [
      ["VI_2", "group-takes-over"],
      ["VI_3", "group-takes-over"],
    ],
  );
});

test("a member that yields takes the others with it, those that hold nothing excepted", () => {
  const [first, ...others] = members(backup, master, backup);
  assert.ok(first !== undefined);
  assert.deepEqual(
    afterStep("G", first, master, [first, ...others]).map(({ member, event }) => [
      member,
      event.kind,
    ]),
    [["VI_2", "group-yields"]],
  );
});

test("a fault of one member is a fault of all, and names it", () => {
  const fault: Condition = {
    kind: "fault",
    cause: { kind: "carrier-lost", text: "eth1 has no carrier" },
  };
  const judged = conditionInGroup("G", ready, [{ name: "VI_2", condition: fault }]);
  assert.deepEqual(judged, {
    kind: "fault",
    cause: { kind: "sync-group-fault", text: "VI_2 of sync group G: eth1 has no carrier" },
  });
  assert.equal(conditionInGroup("G", fault, [{ name: "VI_2", condition: ready }]), fault);
  assert.equal(conditionInGroup("G", ready, [{ name: "VI_2", condition: ready }]), ready);
});

test("a group has the state that its members agree on; one at fault is enough for FAULT", () => {
  assert.equal(groupState(members(master, master)), "MASTER");
  assert.equal(groupState(members(master, backup)), undefined);
  const fault = { role: "FAULT", cause: { kind: "k", text: "t" } } as const;
  assert.equal(groupState(members(fault, backup)), "FAULT");
});
