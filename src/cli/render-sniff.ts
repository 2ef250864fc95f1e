// What `keelson vrrp sniff` shows.

import { isActive } from "../vrrp/sniff/conflicts.ts";
import type { SeenRouter, Sender } from "../vrrp/sniff/observer.ts";
import type { Paint, Style } from "./paint.ts";
import { type Column, type Row, renderTable, wrapText } from "./table.ts";

/** How a page is made. */
export interface SniffPage {
  readonly paint: Paint;
  readonly width: number;
  /** Wall clock. */
  readonly nowMs: number;
  /** Packets that could not be read. */
  readonly unreadable: number;
}

const columns: readonly Column[] = [
  { title: "INTERFACE", align: "left" },
  { title: "VRID", align: "right" },
  { title: "FROM", align: "left" },
  { title: "VERSION", align: "left" },
  { title: "PRIORITY", align: "right" },
  { title: "EVERY", align: "right" },
  { title: "AUTH", align: "left" },
  { title: "ADVERTS", align: "right" },
  { title: "LAST", align: "right" },
];

/** A table of the senders; under each virtual router its addresses and what is wrong. */
export function renderSniff(routers: readonly SeenRouter[], page: SniffPage): string[] {
  if (routers.length === 0) return ["no adverts so far", ...unreadableLines(page)];
  const rows = routers.flatMap((router) => rowsOf(router, page));
  const wrong = routers.flatMap(({ conflicts }) => conflicts).length;
  const summary =
    wrong === 0 ? "nothing is wrong with them" : `${wrong} conflict${wrong === 1 ? "" : "s"}`;
  return [
    ...renderTable(columns, rows, { indent: "", paint: page.paint }),
    "",
    `${routers.length} virtual router${routers.length === 1 ? "" : "s"}, ${summary}`,
    ...unreadableLines(page),
  ];
}

/** The same for programs; no secrets. */
export function sniffAsJson(routers: readonly SeenRouter[], page: SniffPage): unknown {
  return {
    unreadable: page.unreadable,
    routers: routers.map(({ senders, conflicts, ...place }) => ({
      ...place,
      senders: senders.map((sender) => ({
        source: sender.source,
        mac: sender.last.mac,
        destination: sender.last.destination,
        own: sender.last.outgoing,
        active: isActive(sender, page.nowMs),
        version: sender.last.version,
        priority: sender.last.priority,
        intervalMs: sender.last.intervalMs,
        ttl: sender.last.hopLimit,
        authentication: sender.last.authentication,
        checksum: sender.last.checksum,
        addresses: sender.last.addresses,
        adverts: sender.count,
        lastSeenMs: sender.last.atMs,
      })),
      conflicts,
    })),
  };
}

function rowsOf(router: SeenRouter, page: SniffPage): readonly Row[] {
  const { senders, conflicts } = router;
  return senders.map((sender, i) => {
    const { last, count } = sender;
    const [name, vrid] = i === 0 ? [router.interface, `${router.vrid}`] : ["", ""];
    const state = describeState(sender, page.nowMs);
    const notes = [
      `${last.outgoing ? "this host " : ""}advertises ${last.addresses.join(", ") || "no address"}`,
      ...(i === senders.length - 1
        ? conflicts.map(({ kind, text }) => `${page.paint(kind, "bad")}: ${text}`)
        : []),
    ];
    return {
      cells: [
        { text: name },
        { text: vrid },
        { text: last.source },
        { text: `${last.version}, IPv${last.family}` },
        { text: `${last.priority}`, style: state.style },
        { text: `${last.intervalMs / 1000} s` },
        { text: last.authentication },
        { text: `${count}` },
        { text: state.text, style: state.style },
      ],
      notes: notes.flatMap((note) => wrapText(note, page.width, "  ", "    ")),
    };
  });
}

function describeState(
  sender: Sender,
  nowMs: number,
): { readonly text: string; readonly style: Style } {
  if (sender.last.priority === 0) return { text: "stopped", style: "quiet" };
  const agoS = Math.max(0, Math.round((nowMs - sender.last.atMs) / 1000));
  return isActive(sender, nowMs)
    ? { text: agoS === 0 ? "now" : `${agoS} s ago`, style: "good" }
    : { text: `silent for ${agoS} s`, style: "doubtful" };
}

function unreadableLines({ unreadable }: SniffPage): string[] {
  if (unreadable === 0) return [];
  return [`${unreadable} packet${unreadable === 1 ? "" : "s"} of VRRP could not be read`];
}
