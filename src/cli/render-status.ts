// The answer of a director as a page of text for people: 80 columns, the reason beside each state.

import { defaultBalancerSettings } from "../model/balancer-settings.ts";
import type { DirectorStatus, NotificationStatus, RepairRecord } from "../model/status.ts";
import { describeSettings, differingSettings } from "../plan/balancer-settings.ts";
import { describeSyncDaemon } from "../plan/desired-sync-daemons.ts";
import type { Paint } from "./paint.ts";
import { printDuration, printMoment } from "./quantities.ts";
import { renderBfdSessions } from "./render-bfd-sessions.ts";
import { renderSyncGroups } from "./render-sync-groups.ts";
import { renderVirtualServers } from "./render-virtual-servers.ts";
import { renderVrrpInstances } from "./render-vrrp-instances.ts";
import { wrapText } from "./table.ts";

/** How a page is written. */
export interface PageOptions {
  /** Wall clock, for "how long ago". */
  readonly nowMs: number;
  /** Columns. */
  readonly width: number;
  readonly paint: Paint;
}

/** Repairs that the page shows; `--json` has all that the director remembers. */
const repairsShown = 5;
/** The same for programs and mails that failed. */
const failuresShown = 5;

/** The whole page, without a newline at its end. */
export function renderStatus(status: DirectorStatus, options: PageOptions): string {
  const sections = [renderDirector(status, options)];
  if (status.vrrpInstances.length > 0)
    sections.push(renderVrrpInstances(status.vrrpInstances, options));
  const { bfdSessions = [], syncGroups = [] } = status;
  if (syncGroups.length > 0) sections.push(renderSyncGroups(syncGroups, options));
  if (bfdSessions.length > 0) sections.push(renderBfdSessions(bfdSessions, options));
  if (status.virtualServers.length > 0)
    sections.push(renderVirtualServers(status.virtualServers, options));
  if (status.repairs.length > 0) sections.push(renderRepairs(status.repairs, options));
  const notifications = renderNotifications(status.notifications, options);
  if (notifications.length > 0) sections.push(notifications);
  return sections.map((lines) => lines.join("\n")).join("\n\n");
}

function renderDirector(status: DirectorStatus, options: PageOptions): string[] {
  const { nowMs, paint } = options;
  const name = status.routerId === undefined ? "" : ` ${status.routerId}`;
  const vrrp = status.vrrpPid === undefined ? "" : `, VRRP process ${status.vrrpPid}`;
  const up = printDuration(nowMs - status.startedAtMs);
  const lines = [
    `${paint(`keelson ${status.version}${name}`, "heading")}  pid ${status.pid}${vrrp}, running for ${up}`,
    ...field("configuration", status.configFile, options),
  ];
  if (status.lastReload !== undefined) {
    const { atMs, ok, text } = status.lastReload;
    const age = `${printMoment(atMs)}, ${printDuration(nowMs - atMs)} ago`;
    const outcome = ok ? text : `REFUSED, the configuration before it goes on: ${text}`;
    lines.push(...field("last reload", `${age}: ${outcome}`, options));
  }
  if (status.trial !== undefined) {
    const { file, untilMs } = status.trial;
    const left = printDuration(untilMs - nowMs);
    const text = `${file} runs unconfirmed: \`keelson confirm\` keeps it, else it is rolled back in ${left}`;
    lines.push(...field("ON TRIAL", text, options));
  }
  const { kind, reason, interfaces } = status.engine;
  const where = interfaces.length > 0 ? ` on ${interfaces.join(", ")}` : "";
  lines.push(...field("data plane", `${kind}${where}: ${reason}`, options));
  for (const text of renderSettings(status.engine)) lines.push(...field("", text, options));
  const { syncDaemons = [], events = {} } = status.engine;
  const { stateless = 0 } = events;
  if (stateless > 0) {
    const text = `not remembered: ${stateless} packets of new connections, forwarded by hash alone (a flood of SYNs, or a full table)`;
    lines.push(...field("", text, options));
  }
  if (syncDaemons.length > 0)
    lines.push(...field("sync daemon", syncDaemons.map(describeSyncDaemon).join("; "), options));
  return lines;
}

/** What is set otherwise than the kernel has it by itself. */
function renderSettings({ settings }: DirectorStatus["engine"]): readonly string[] {
  if (settings === undefined) return [];
  const changed = describeSettings(differingSettings(settings, defaultBalancerSettings));
  return changed.length === 0 ? [] : [`set: ${changed.join(", ")}`];
}

function field(title: string, text: string, options: PageOptions): string[] {
  const indent = " ".repeat(17);
  return wrapText(text, options.width, `  ${title}`.padEnd(17), indent);
}

/** What did not work, and what waits; nothing where all is well. */
function renderNotifications(
  status: NotificationStatus | undefined,
  options: PageOptions,
): string[] {
  if (status === undefined) return [];
  const { paint, width } = options;
  const lines: string[] = [];
  const say = (first: string, text: string): void => {
    for (const line of wrapText(text, width, `  ${first}`.padEnd(23), " ".repeat(23)))
      lines.push(paint(line, "bad"));
  };
  for (const { program, reason } of status.refused)
    say("refused", `${program} will not run: ${reason}`);
  const failed = [...status.programs, ...status.mails]
    .filter(({ ok }) => !ok)
    .toSorted((a, b) => a.atMs - b.atMs)
    .slice(-failuresShown);
  for (const { atMs, about, what, text } of failed)
    say(printMoment(atMs), `${about}: ${what}: ${text}`);
  if (status.dropped > 0) say("given up", `${status.dropped} since the start`);
  if (status.pending > 0) lines.push(`  waiting or running: ${status.pending}`);
  return lines.length === 0 ? [] : [paint("NOTIFICATIONS", "heading"), ...lines];
}

function renderRepairs(repairs: readonly RepairRecord[], options: PageOptions): string[] {
  const { paint, width } = options;
  const shown = repairs.slice(-repairsShown);
  const count = repairs.length > shown.length ? ` (last ${shown.length} of ${repairs.length})` : "";
  const lines = [paint(`REPAIRS${count}`, "heading")];
  const indent = " ".repeat(23);
  for (const repair of shown) {
    lines.push(...wrapText(repair.found, width, `  ${printMoment(repair.atMs)}  `, indent));
    if (repair.count !== undefined && repair.lastAtMs !== undefined)
      lines.push(`${indent}${repair.count} times, last ${printMoment(repair.lastAtMs)}`);
    const done = repair.ok ? repair.done : `FAILED: ${repair.done}`;
    for (const line of wrapText(done, width, indent, indent))
      lines.push(indent + paint(line.slice(indent.length), repair.ok ? "good" : "bad"));
  }
  return lines;
}
