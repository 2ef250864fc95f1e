// The transition table of the two RFCs against the machine: every state, event, version, preemption
// and ownership. Each cell belongs to exactly one row of the table, and the row says what happens.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import { type Backup, type Master, NEVER, NOT_STARTED, type VrrpEvent } from "./state.ts";
import { stepVrrp } from "./step.ts";
import { masterDownMs, skewMs } from "./timers.ts";

interface Row {
  readonly id: string;
  readonly profile: string;
  readonly state: "Init" | "Backup" | "Active";
  readonly actions: readonly string[];
  readonly next: "Init" | "Backup" | "Active";
}

const golden = JSON.parse(
  readFileSync(new URL("../../../test/golden/wire/vrrp-transitions.json", import.meta.url), "utf8"),
) as { readonly rows: readonly Row[] };
const rows = new Map(golden.rows.map((row) => [row.id, row]));

const OWN = "10.0.0.5" as IpAddress;
const LOWER = "10.0.0.4" as IpAddress;
const HIGHER = "10.0.0.6" as IpAddress;
const NOW_MS = 1_000_000;
const LEARNED_MS = 2000;
const EVENTS = [
  "startup",
  "shutdown",
  "timer fires",
  "rx 0",
  "rx lower",
  "rx equal from lower",
  "rx equal from higher",
  "rx higher",
] as const;

interface Cell {
  readonly version: 2 | 3;
  readonly state: "Init" | "Backup" | "Active";
  readonly event: (typeof EVENTS)[number];
  readonly preempt: boolean;
  readonly owner: boolean;
}

function possible(cell: Cell): boolean {
  // Nothing is higher than the owner, and a started instance is not started again.
  if (cell.owner && cell.event === "rx higher") return false;
  if (cell.state === "Init") return cell.event !== "timer fires";
  return cell.event !== "startup";
}

function cells(): readonly Cell[] {
  const flags = [true, false];
  return ([2, 3] as const)
    .flatMap((version) =>
      (["Init", "Backup", "Active"] as const).flatMap((state) =>
        EVENTS.flatMap((event) =>
          flags.flatMap((preempt) =>
            flags.map((owner) => ({ version, state, event, preempt, owner })),
          ),
        ),
      ),
    )
    .filter(possible);
}

/** The row that governs a cell. Written from the RFCs, not from the machine. */
function rowOf(cell: Cell): string {
  switch (cell.state) {
    case "Init":
      return rowOfInit(cell);
    case "Backup":
      return rowOfBackup(cell);
    case "Active":
      return rowOfActive(cell);
  }
}

function rowOfInit(cell: Cell): string {
  if (cell.event.startsWith("rx")) return "I-5";
  if (cell.event === "shutdown") return "I-6";
  if (cell.owner) return "I-1";
  return cell.version === 3 ? "I-3" : "I-4";
}

function rowOfBackup(cell: Cell): string {
  if (cell.event === "shutdown") return "B-1";
  if (cell.event === "timer fires") return "B-2";
  if (cell.event === "rx 0") return "B-4";
  if (cell.event === "rx lower" && (cell.preempt || cell.owner)) return "B-8";
  return cell.version === 3 ? "B-6" : "B-7";
}

function rowOfActive(cell: Cell): string {
  const v3 = cell.version === 3;
  if (cell.event === "shutdown") return "A-1";
  if (cell.event === "timer fires") return "A-2";
  if (cell.event === "rx 0") return "A-3";
  if (cell.event === "rx higher") return v3 ? "A-4" : "A-5";
  if (cell.event === "rx equal from higher" && !v3) return "A-7";
  if (cell.event === "rx equal from higher") return cell.owner ? "A-12" : "A-6";
  // docs/deviations: version 2 answers as version 3 and keepalived do, where RFC 3768 is silent.
  return "A-9";
}

function priorityOf(cell: Cell): number {
  const own = cell.owner ? 255 : 100;
  if (cell.event === "rx 0") return 0;
  if (cell.event === "rx lower") return own - 1;
  return cell.event === "rx higher" ? own + 1 : own;
}

function eventOf(cell: Cell): VrrpEvent {
  switch (cell.event) {
    case "startup":
      return {
        kind: "started",
        condition: { kind: "ready", priority: cell.owner ? 255 : 100, source: OWN },
      };
    case "shutdown":
      return { kind: "stop", offers: false };
    case "timer fires":
      return { kind: "clock-reached" };
    default: {
      const source = cell.event === "rx equal from lower" ? LOWER : HIGHER;
      const intervalMs = cell.version === 3 ? LEARNED_MS : 1000;
      const advert = { priority: priorityOf(cell), source, intervalMs, atMs: NOW_MS };
      return { kind: "advert-received", advert };
    }
  }
}

function instanceOf(cell: Cell): VrrpInstance {
  return {
    name: "VI_1",
    interface: "eth0",
    vrid: 51,
    version: cell.version,
    family: 4,
    initialState: "BACKUP",
    priority: cell.owner ? 255 : 100,
    advertIntervalCs: 100,
    authentication: { type: "none" },
    preempt: cell.preempt,
    preemptDelayMs: 0,
    multicastGroup: "224.0.0.18" as IpAddress,
    virtualAddresses: [],
    excludedAddresses: [],
    trackedScripts: [],
    trackedInterfaces: [],
    garp: { delayMs: 0, repeat: 5, refreshMs: 0, refreshRepeat: 1 },
  };
}

function stateOf(cell: Cell): Backup | Master | typeof NOT_STARTED {
  const ready = { kind: "ready", priority: cell.owner ? 255 : 100, source: OWN } as const;
  const fires = cell.event === "timer fires";
  if (cell.state === "Init") return NOT_STARTED;
  if (cell.state === "Backup")
    return {
      role: "BACKUP",
      ready,
      undecided: false,
      masterIntervalMs: 1000,
      silentSinceMs: NOW_MS - 500,
      masterDownAtMs: fires ? NOW_MS : NOW_MS + 77,
      heard: undefined,
      preemptAtMs: NEVER,
      asksGroup: false,
      queryAtMs: NEVER,
      standsAside: false,
    };
  return {
    role: "MASTER",
    ready,
    advertAtMs: fires ? NOW_MS : NOW_MS + 77,
    advertSentAtMs: NOW_MS - 923,
    announcedAtMs: NOW_MS - 100_000,
    secondBurstAtMs: NEVER,
    assertionAtMs: NEVER,
    refreshAtMs: NEVER,
    formerMaster: undefined,
    queryAtMs: NEVER,
    queryGapMs: 1000,
  };
}

/** What the table's actions come to, as words for the deeds and the timer that must be armed. */
function expected(cell: Cell, row: Row): { deeds: string[]; timerMs: number | undefined } {
  const own = cell.owner ? 255 : 100;
  const deeds: string[] = [];
  let timerMs: number | undefined = row.state === "Init" ? undefined : 77;
  if (row.next === "Init") timerMs = undefined;
  for (const action of row.actions.flatMap((one) => resolve(one))) {
    if (action.startsWith("send ADV(prio=0)")) deeds.push("send-advert 0");
    else if (action.startsWith("send ADV")) deeds.push(`send-advert ${own}`);
    else if (action.startsWith("GARP")) deeds.push("announce");
    else if (action.startsWith("arm Adver")) timerMs = 1000;
    else if (action === "arm Down=Skew_Time") timerMs = skewMs(cell.version, own, 1000);
    else if (action === "arm Down=ADI")
      timerMs = masterDownMs(3, own, cell.event === "startup" ? 1000 : LEARNED_MS);
    else if (action === "arm Down=MDI") timerMs = masterDownMs(2, own, 1000);
    else assert.match(action, /^(cancel|AAI:=|recompute|discard|log)/);
  }
  return { deeds, timerMs };
}

function resolve(action: string): readonly string[] {
  const like = /^as (A-\d+)$/.exec(action)?.[1];
  return like === undefined ? [action] : (rows.get(like)?.actions ?? assert.fail(like));
}

/** The machine's own additions to the table, all of which its documentation gives reasons for. */
function additions(cell: Cell, id: string, deeds: readonly string[]): readonly string[] {
  const own = cell.owner ? 255 : 100;
  // A goodbye, where the new MASTER advertises at the same interval.
  if (["A-5", "A-7"].includes(id)) return [`send-advert ${own}`, ...deeds];
  if (id === "A-9") return [...deeds, "announce"];
  return deeds;
}

test("every cell of the table does what its row says", () => {
  const used = new Set<string>();
  for (const cell of cells()) {
    const id = rowOf(cell);
    used.add(id);
    const row = rows.get(id) ?? assert.fail(id);
    const label = `${id} ${JSON.stringify(cell)}`;
    assert.equal(row.state, cell.state, label);
    const { state, deeds } = stepVrrp(instanceOf(cell), stateOf(cell), eventOf(cell), NOW_MS);
    const want = expected(cell, row);
    const did = deeds.flatMap((deed) => {
      if (deed.kind === "send-advert") return [`send-advert ${deed.priority}`];
      return deed.kind === "announce" ? ["announce"] : [];
    });
    assert.deepEqual(did, additions(cell, id, want.deeds), label);
    const nextRole = {
      Init: ["INIT", "STOPPED", "LEAVING"],
      Backup: ["BACKUP"],
      Active: ["MASTER"],
    };
    assert.ok(nextRole[row.next].includes(state.role), `${label}: ${state.role}`);
    if (state.role === "BACKUP") assert.equal(state.masterDownAtMs - NOW_MS, want.timerMs, label);
    // An immediate advert starts the interval anew, so that asserting never doubles the rate.
    const timerMs = id === "A-9" ? 1000 : want.timerMs;
    if (state.role === "MASTER") assert.equal(state.advertAtMs - NOW_MS, timerMs, label);
  }
  // Rows of IPv6, of RFC 5798, of packets that never reach the machine, and explanations.
  const elsewhere = ["I-2", "B-3", "B-5", "B-9", "B-10", "A-8", "A-10", "A-11", "A-13"];
  assert.deepEqual([...rows.keys()].filter((id) => !used.has(id)).sort(), elsewhere.sort());
});
