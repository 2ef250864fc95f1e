// KEEPALIVED-MIB: sync groups and their members.

import type { VrrpState } from "../../../model/status.ts";
import type { SyncGroup } from "../../../model/sync-group.ts";
import type { ManagementFacts } from "../../facts.ts";
import { vrrpStateCode } from "../instance-facts.ts";
import { column, type MibGroup, table } from "../mib-group.ts";
import { integer, octets, truth } from "../value.ts";
import { vrrpEntry } from "./identifiers.ts";
import { hasPrograms, programValue } from "./programs.ts";

/** A group with what is known of it. */
export interface GroupFacts {
  readonly facts: ManagementFacts;
  /** Its place in the configuration, from 1. */
  readonly number: number;
  readonly wish: SyncGroup;
}

/** The groups in the order of the configuration. */
export function groupsOf(facts: ManagementFacts): readonly GroupFacts[] {
  return (facts.model.syncGroups ?? []).map((wish, i) => ({ facts, number: i + 1, wish }));
}

function stateOfGroup({ facts, wish }: GroupFacts): VrrpState {
  return facts.status.syncGroups?.find(({ name }) => name === wish.name)?.state ?? "INIT";
}

function mailsAlerts({ facts, wish }: GroupFacts): boolean {
  const alerts = facts.model.global.options?.mail?.alerts;
  return wish.mail ?? alerts?.vrrp ?? alerts?.all ?? false;
}

const groups = table<ManagementFacts, GroupFacts>({
  name: "vrrpSyncGroupTable",
  entry: vrrpEntry(1),
  rows: (facts) => groupsOf(facts).map((row) => ({ index: [row.number], row })),
  columns: [
    column(2, "vrrpSyncGroupName", ({ wish }) => octets(wish.name)),
    column(3, "vrrpSyncGroupState", (group) => integer(vrrpStateCode[stateOfGroup(group)])),
    column(4, "vrrpSyncGroupSmtpAlert", (group) => truth(mailsAlerts(group))),
    column(5, "vrrpSyncGroupNotifyExec", ({ wish }) => truth(hasPrograms(wish.notify))),
    column(6, "vrrpSyncGroupScriptMaster", ({ wish }) => programValue(wish.notify.master)),
    column(7, "vrrpSyncGroupScriptBackup", ({ wish }) => programValue(wish.notify.backup)),
    column(8, "vrrpSyncGroupScriptFault", ({ wish }) => programValue(wish.notify.fault)),
    column(9, "vrrpSyncGroupScript", ({ wish }) => programValue(wish.notify.change)),
    column(10, "vrrpSyncGroupTrackingWeight", ({ wish }) => truth(wish.weights)),
    column(11, "vrrpSyncGroupScriptStop", ({ wish }) => programValue(wish.notify.stop)),
  ],
});

const members = table<ManagementFacts, string>({
  name: "vrrpSyncGroupMemberTable",
  entry: vrrpEntry(2),
  rows: (facts) =>
    groupsOf(facts).flatMap(({ number, wish }) =>
      wish.members.map((row, i) => ({ index: [number, i + 1], row })),
    ),
  columns: [column(2, "vrrpSyncGroupMemberName", octets)],
});

/** The tables of groups. */
export const syncGroupGroups: readonly MibGroup<ManagementFacts>[] = [groups, members];
