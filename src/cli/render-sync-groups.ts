// Sync groups of the status page.

import type { SyncGroupStatus } from "../model/status.ts";
import { printDuration, printMoment } from "./quantities.ts";
import type { PageOptions } from "./render-status.ts";
import { stateStyles } from "./render-vrrp-instances.ts";
import { type Column, type Row, renderTable } from "./table.ts";

const columns: readonly Column[] = [
  { title: "SYNC GROUP", align: "left" },
  { title: "STATE", align: "left" },
  { title: "MEMBERS", align: "left" },
  { title: "SINCE", align: "left" },
];

/** One row a group. */
export function renderSyncGroups(
  groups: readonly SyncGroupStatus[],
  { nowMs, paint }: PageOptions,
): string[] {
  const rows = groups.map(
    ({ name, state, members, sinceMs }): Row => ({
      cells: [
        { text: name },
        { text: state, style: stateStyles[state] },
        { text: members.join(" ") },
        { text: `${printMoment(sinceMs)}, ${printDuration(nowMs - sinceMs)}` },
      ],
      notes: [],
    }),
  );
  return renderTable(columns, rows, { indent: "", paint });
}
