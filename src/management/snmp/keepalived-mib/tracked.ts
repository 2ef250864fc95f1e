// KEEPALIVED-MIB: what instances and sync groups follow. The same three columns, ten times.

import type { TrackedObject } from "../../../model/tracking.ts";
import type { VrrpInstance } from "../../../model/vrrp-instance.ts";
import type { ManagementFacts } from "../../facts.ts";
import { instancesOf } from "../instance-facts.ts";
import { column, type IndexedRow, type MibGroup, table } from "../mib-group.ts";
import { integer, octets, truth } from "../value.ts";
import { vrrpEntry } from "./identifiers.ts";
import { groupsOf } from "./sync-groups.ts";

/** What is followed, with the weight that counts. */
interface Followed {
  readonly name: string;
  readonly weight: number;
  readonly reverse: boolean;
}

interface DefinedObject {
  readonly name: string;
  readonly weight: number;
  readonly reverse?: boolean;
}

/** The objects of one kind that a configuration defines, and who follows them. */
interface Kind {
  readonly defined: (facts: ManagementFacts) => readonly DefinedObject[];
  readonly byInstance: (instance: VrrpInstance) => readonly TrackedObject[];
  readonly tracking: "interfaces" | "scripts" | "files" | "processes" | "bfdSessions";
}

const interfaces: Kind = {
  defined: () => [],
  byInstance: ({ trackedInterfaces }) =>
    trackedInterfaces.map((one) => ({ ...one, name: one.interface })),
  tracking: "interfaces",
};
const scripts: Kind = {
  defined: ({ model }) => model.vrrpScripts,
  byInstance: ({ trackedScripts }) => trackedScripts.map((one) => ({ ...one, name: one.script })),
  tracking: "scripts",
};
const files: Kind = {
  defined: ({ model }) => model.trackFiles ?? [],
  byInstance: ({ options }) => options?.trackedFiles ?? [],
  tracking: "files",
};
const processes: Kind = {
  defined: ({ model }) => model.trackProcesses ?? [],
  byInstance: ({ options }) => options?.trackedProcesses ?? [],
  tracking: "processes",
};
const bfdSessions: Kind = {
  defined: ({ model }) => model.bfdSessions ?? [],
  byInstance: ({ options }) => options?.trackedBfdSessions ?? [],
  tracking: "bfdSessions",
};

function rowsOf(
  kind: Kind,
  facts: ManagementFacts,
  followers: readonly { readonly number: number; readonly tracked: readonly TrackedObject[] }[],
): readonly IndexedRow<Followed>[] {
  const defined = new Map(kind.defined(facts).map((one) => [one.name, one]));
  return followers.flatMap(({ number, tracked }) =>
    tracked.map(({ name, weight, reverse }, i) => {
      const object = defined.get(name);
      const row = {
        name,
        weight: weight ?? object?.weight ?? 0,
        reverse: reverse ?? object?.reverse ?? false,
      };
      return { index: [number, i + 1], row };
    }),
  );
}

/** The name's column comes first where the index stands elsewhere, as with interfaces. */
function trackedTable(
  number: number,
  name: string,
  first: 1 | 2,
  rows: (facts: ManagementFacts) => readonly IndexedRow<Followed>[],
): MibGroup<ManagementFacts> {
  return table<ManagementFacts, Followed>({
    name: `${name}Table`,
    entry: vrrpEntry(number),
    rows,
    columns: [
      column(first, `${name}Name`, (row) => octets(row.name)),
      column(first + 1, `${name}Weight`, ({ weight }) => integer(weight)),
      column(first + 2, `${name}WgtRev`, ({ reverse }) => truth(reverse)),
    ],
  });
}

function ofInstances(
  number: number,
  name: string,
  first: 1 | 2,
  kind: Kind,
): MibGroup<ManagementFacts> {
  return trackedTable(number, name, first, (facts) => {
    const followers = instancesOf(facts).map((instance) => ({
      number: instance.number,
      tracked: kind.byInstance(instance.wish),
    }));
    return rowsOf(kind, facts, followers);
  });
}

function ofGroups(
  number: number,
  name: string,
  first: 1 | 2,
  kind: Kind,
): MibGroup<ManagementFacts> {
  return trackedTable(number, name, first, (facts) => {
    const followers = groupsOf(facts).map((group) => ({
      number: group.number,
      tracked: group.wish.tracking[kind.tracking],
    }));
    return rowsOf(kind, facts, followers);
  });
}

/** The tables of followed objects. */
export const trackedGroups: readonly MibGroup<ManagementFacts>[] = [
  ofInstances(4, "vrrpTrackedInterface", 1, interfaces),
  ofInstances(5, "vrrpTrackedScript", 2, scripts),
  ofInstances(12, "vrrpTrackedFile", 2, files),
  ofInstances(17, "vrrpTrackedBfd", 2, bfdSessions),
  ofInstances(20, "vrrpTrackedProcess", 2, processes),
  ofGroups(14, "vrrpSyncTrackedInterface", 1, interfaces),
  ofGroups(15, "vrrpSyncTrackedScript", 2, scripts),
  ofGroups(16, "vrrpSyncTrackedFile", 2, files),
  ofGroups(19, "vrrpSyncTrackedBfd", 2, bfdSessions),
  ofGroups(22, "vrrpSyncTrackedProcess", 2, processes),
];
