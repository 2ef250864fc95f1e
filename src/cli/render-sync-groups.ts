// Sync groups of the status page.

import type { SyncGroupStatus } from "../model/status.ts";
import { printDuration, printMoment } from "./quantities.ts";
import type { PageOptions } from "./render-status.ts";
import { stateStyles } from "./render-vrrp-instances.ts";
import { type Column, type Row, renderTable, wrapText } from "./table.ts";

const columns: readonly Column[] = [
  { title: "SYNC GROUP", align: "left" },
  { title: "STATE", align: "left" },
  { title: "MEMBERS", align: "left" },
  { title: "SINCE", align: "left" },
];

/** Longer lists of members stand below the row, in lines that fit. */
const membersShownMax = 24;

/** One row a group. */
export function renderSyncGroups(
  groups: readonly SyncGroupStatus[],
  { nowMs, paint, width }: PageOptions,
): string[] {
  const rows = groups.map(({ name, state, members, sinceMs }): Row => {
    const names = members.join(" ");
    const fits = names.length <= membersShownMax;
    return {
      cells: [
        { text: name },
        { text: state, style: stateStyles[state] },
        { text: fits ? names : `${members.length}` },
        { text: `${printMoment(sinceMs)}, ${printDuration(nowMs - sinceMs)}` },
      ],
      notes: fits ? [] : wrapText(names, width, "  ", "  "),
    };
  });
  return renderTable(columns, rows, { indent: "", paint });
}
