// BFD sessions of the status page.

import type { BfdSessionStatus } from "../model/bfd-status.ts";
import { printDuration, printMoment } from "./quantities.ts";
import type { PageOptions } from "./render-status.ts";
import { type Column, type Row, renderTable, wrapText } from "./table.ts";

const columns: readonly Column[] = [
  { title: "BFD SESSION", align: "left" },
  { title: "STATE", align: "left" },
  { title: "NEIGHBOUR", align: "left" },
  { title: "DETECTION", align: "left" },
  { title: "SINCE", align: "left" },
];

/** One row a session; under it the reason where it is not up, and refused packets. */
export function renderBfdSessions(
  sessions: readonly BfdSessionStatus[],
  options: PageOptions,
): string[] {
  const rows = sessions.map((session): Row => {
    const { name, state, neighbor, detectionMs, sinceMs } = session;
    const since = `${printMoment(sinceMs)}, ${printDuration(options.nowMs - sinceMs)}`;
    return {
      cells: [
        { text: name },
        { text: state, style: state === "Up" ? "good" : "bad" },
        { text: neighbor },
        { text: detectionMs === undefined ? "-" : `${Math.round(detectionMs * 10) / 10} ms` },
        { text: since },
      ],
      notes: describeSession(session).flatMap((note) =>
        wrapText(note, options.width, "  ", "    "),
      ),
    };
  });
  return renderTable(columns, rows, { indent: "", paint: options.paint });
}

function describeSession({ state, text, counters }: BfdSessionStatus): readonly string[] {
  const refused = Object.entries(counters.rejected).map(([kind, count]) => `${count} ${kind}`);
  return [
    ...(state === "Up" ? [] : [`because ${text}`]),
    ...(refused.length === 0 ? [] : [`refused packets: ${refused.join(", ")}`]),
  ];
}
