// VRRP instances of the status page.

import type { TrackerStatus, VrrpInstanceStatus, VrrpState } from "../model/status.ts";
import type { Style } from "./paint.ts";
import { printDuration, printMoment } from "./quantities.ts";
import type { PageOptions } from "./render-status.ts";
import { type Column, type Row, renderTable, wrapText } from "./table.ts";

const columns: readonly Column[] = [
  { title: "VRRP INSTANCE", align: "left" },
  { title: "STATE", align: "left" },
  { title: "PRIORITY", align: "left" },
  { title: "VRID", align: "right" },
  { title: "INTERFACE", align: "left" },
  { title: "SINCE", align: "left" },
];

/** How a state looks. */
export const stateStyles: Readonly<Record<VrrpState, Style>> = {
  MASTER: "good",
  BACKUP: "calm",
  FAULT: "bad",
  INIT: "doubtful",
};

/** One row an instance; under it its addresses, the cause of its state, and trackers that are not up. */
export function renderVrrpInstances(
  instances: readonly VrrpInstanceStatus[],
  options: PageOptions,
): string[] {
  const rows = instances.map((instance): Row => {
    const { priority, basePriority } = instance;
    const since = `${printMoment(instance.sinceMs)}, ${printDuration(options.nowMs - instance.sinceMs)}`;
    return {
      cells: [
        { text: instance.name },
        { text: instance.state, style: stateStyles[instance.state] },
        { text: priority === basePriority ? `${priority}` : `${priority} of ${basePriority}` },
        { text: `${instance.vrid}` },
        { text: instance.interface },
        { text: since },
      ],
      notes: describeInstance(instance, options.nowMs).flatMap((note) =>
        wrapText(note, options.width, "  ", "    "),
      ),
    };
  });
  return renderTable(columns, rows, { indent: "", paint: options.paint });
}

function describeInstance(instance: VrrpInstanceStatus, nowMs: number): string[] {
  const alarms = (instance.alarms ?? []).map(
    ({ kind, text, sinceMs }) => `ALARM ${kind} for ${printDuration(nowMs - sinceMs)}: ${text}`,
  );
  const notes = [...alarms, ...describeAddresses(instance)];
  notes.push(`because ${instance.cause.text}`);
  if (instance.state === "BACKUP" && instance.master !== undefined)
    notes.push(`MASTER is ${instance.master.address}, priority ${instance.master.priority}`);
  for (const tracker of instance.trackers) {
    const idle = tracker.effect === undefined || tracker.effect === "nothing";
    if (tracker.up === true && idle) continue;
    notes.push(describeTracker(tracker));
  }
  return notes;
}

/** `tracks script chk: down, exit status 1: priority -20`. */
function describeTracker({ kind, name, up, text, effect, ofGroup }: TrackerStatus): string {
  const what = kind === undefined ? name : `${kind} ${name}`;
  const who = ofGroup === true ? "its group tracks" : "tracks";
  const state = up === null ? "not known yet" : up ? "up" : "down";
  const reason = text === "" ? "" : `, ${text}`;
  const consequence = effect === undefined || effect === "nothing" ? "" : `: ${effect}`;
  return `${who} ${what}: ${state}${reason}${consequence}`;
}

/** What it means in each state that addresses are not held. */
const missingWords: Readonly<Record<VrrpState, string>> = {
  MASTER: "LACKS",
  BACKUP: "stands by for",
  FAULT: "cannot hold",
  INIT: "will stand by for",
};

function describeAddresses(instance: VrrpInstanceStatus): string[] {
  const { state, virtualAddresses, heldAddresses } = instance;
  const missing = virtualAddresses.filter((address) => !heldAddresses.includes(address));
  const notes: string[] = [];
  if (heldAddresses.length > 0) notes.push(`holds ${heldAddresses.join(", ")}`);
  if (missing.length > 0) notes.push(`${missingWords[state]} ${missing.join(", ")}`);
  return notes;
}
