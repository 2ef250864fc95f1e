// Loading the compiled object: pinned maps of the same layout are adopted with all they hold, missing
// ones are made, and the programs are always loaded anew, so that an upgrade is a restart.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fail, ok, type Result } from "../../base/result.ts";
import { encodeIndex } from "../../wire/maps/fields.ts";
import { type MapName, mapNames, mapShapes } from "../../wire/maps/schema.ts";
import {
  decodePressure,
  encodeEmptyPressure,
  encodeTuning,
} from "../../wire/maps/small-records.ts";
import type { EngineFault } from "../../world/engine.ts";
import { type BpfCalls, bpfNumbers, type MapWish, possibleCpus } from "../ffi/bpf.ts";
import { errnoName } from "../ffi/errno.ts";
import type { Syscalls } from "../ffi/syscalls.ts";
import { measureJiffiesPerSecond } from "./jiffies.ts";
import { MapHandle } from "./map-handle.ts";
import type { Pins } from "./pins.ts";
import { defaultSettingsRecord } from "./settings.ts";
import { slotsFor, tuningFor } from "./tuning.ts";

const objectPath = fileURLToPath(new URL("../../../../bpf/balancer.bpf.o", import.meta.url));
const programNames = [
  "keelson_xdp",
  "keelson_tc",
  "keelson_tc_egress",
  "keelson_sweep",
  "keelson_now",
  "keelson_restore",
] as const;

export type BalancerMaps = Readonly<Record<MapName, MapHandle>>;

/** A program of ours: its descriptor, and the id by which the kernel tells what is attached. */
export interface LoadedProgram {
  readonly fd: number;
  readonly id: number;
}

/** What is loaded and pinned. */
export interface Balancer {
  readonly maps: BalancerMaps;
  readonly xdp: LoadedProgram;
  readonly tc: LoadedProgram;
  readonly tcEgress: LoadedProgram;
  readonly sweep: LoadedProgram;
  /** Returns the coarse clock. */
  readonly now: LoadedProgram;
  /** Puts a connection that another director has told of into the table. */
  readonly restore: LoadedProgram;
  /** True when the table of an earlier daemon was found. */
  readonly adopted: boolean;
  /** Seconds a unit of the coarse clock. */
  readonly unitS: number;
}

/** What a map is called in the object: `filter` and `settings` are global variables there. */
function objectName(name: MapName): string {
  if (name === "filter" || name === "settings") return `.data.${name}`;
  if (name === "copyNotes") return "copy_notes";
  return name === "pressure" ? "pressure_map" : name;
}

/** The id in a bpf_prog_info, or in a bpf_map_info: the second word of both. */
function idOf(bpf: BpfCalls, fd: number): number {
  const info = new Uint8Array(24);
  return bpf.bpfInfo(fd, info) < 0 ? 0 : new DataView(info.buffer).getUint32(4, true);
}

/** bpf_map_info: type, id, key_size, value_size, max_entries, map_flags. */
function mapSizes(bpf: BpfCalls, fd: number): { key: number; value: number; entries: number } {
  const info = new Uint8Array(24);
  if (bpf.bpfInfo(fd, info) < 0) return { key: 0, value: 0, entries: 0 };
  const view = new DataView(info.buffer);
  return {
    key: view.getUint32(8, true),
    value: view.getUint32(12, true),
    entries: view.getUint32(16, true),
  };
}

/** Pinned maps that can be adopted; what does not fit is unpinned. */
function pinnedMaps(bpf: BpfCalls, syscalls: Syscalls, pins: Pins): Map<MapName, number> {
  const found = new Map<MapName, number>();
  for (const name of mapNames) {
    const fd = pins.open("maps", name);
    if (fd < 0) continue;
    const sizes = mapSizes(bpf, fd);
    const shape = mapShapes[name];
    if (sizes.key === shape.keyLength && sizes.value === shape.valueLength) {
      found.set(name, fd);
    } else {
      syscalls.close(fd);
      pins.remove("maps", name);
    }
  }
  return found;
}

function randomSeed(): readonly [bigint, bigint] {
  const [first = 0n, second = 0n] = crypto.getRandomValues(new BigUint64Array(2));
  return [first, second];
}

/** What is worthless without the table that it belongs to. */
const tableMaps: readonly MapName[] = [
  "slots",
  "connections",
  "addresses6",
  "pressure",
  "loads",
  "templates",
  "replies",
  "borrowed",
  "translations",
  "copies",
];

/**
 * Size and seed of the connection table that is adopted: it keeps the size it was made with, because a
 * larger one would be empty. Without its seed a table is worthless and is made anew.
 */
function adoptedTable(
  bpf: BpfCalls,
  pinned: Map<MapName, number>,
): { readonly slots: number; readonly seed: readonly [bigint, bigint] } | undefined {
  const slotsFd = pinned.get("slots");
  const pressure = pinned.get("pressure");
  if (
    slotsFd !== undefined &&
    pinned.has("connections") &&
    pinned.has("addresses6") &&
    pressure !== undefined
  ) {
    const value = new Uint8Array(mapShapes.pressure.valueLength);
    if (bpf.bpfMapLookup(pressure, encodeIndex(0), value) >= 0) {
      const { seed } = decodePressure(value);
      const slots = mapSizes(bpf, slotsFd).entries;
      if (seed[0] !== 0n && Number.isInteger(Math.log2(slots))) return { slots, seed };
    }
  }
  for (const name of tableMaps) pinned.delete(name);
  return undefined;
}

function loadFault(bpf: BpfCalls, returned: number): EngineFault {
  const lines = bpf.bpfSaid().trim().split("\n");
  const said = lines.slice(-12).join("\n");
  if (returned === -1)
    return { kind: "unavailable", text: "the kernel does not let this process load eBPF (EPERM)" };
  return {
    kind: "unavailable",
    text: `loading the eBPF object failed: ${errnoName(-returned)}${said === "" ? "" : `\n${said}`}`,
  };
}

function wishesFor(
  pinned: ReadonlyMap<MapName, number>,
  slots: number,
  tuning: Uint8Array,
  settings: Uint8Array,
): MapWish[] {
  const entries: Partial<Record<MapName, number>> = {
    slots,
    connections: slots / 2,
    addresses6: slots / 2,
    templates: slots / 2,
    replies: slots / 2,
    borrowed: slots / 2,
    translations: slots / 2,
    copies: slots / 2,
  };
  const wishes: MapWish[] = mapNames.map((name) => ({
    name: objectName(name),
    reuseFd: pinned.get(name) ?? -1,
    maxEntries: entries[name] ?? 0,
    initial: name === "settings" && !pinned.has(name) ? settings : null,
  }));
  return [...wishes, { name: ".rodata.tuning", reuseFd: -1, maxEntries: 0, initial: tuning }];
}

function handlesOf(bpf: BpfCalls, fds: Readonly<Record<string, number>>): BalancerMaps {
  const perCpu: readonly MapName[] = ["counters", "events"];
  const handles: Partial<Record<MapName, MapHandle>> = {};
  for (const name of mapNames) {
    const cpus = perCpu.includes(name) ? possibleCpus() : 1;
    handles[name] = new MapHandle(bpf, fds[objectName(name)] ?? -1, mapShapes[name], cpus);
  }
  return handles as BalancerMaps;
}

/** The map of the object that is not laid out as this program reads it: the kernel would write past our buffers. */
function strangeMap(bpf: BpfCalls, fds: Readonly<Record<string, number>>): MapName | undefined {
  return mapNames.find((name) => {
    const { key, value } = mapSizes(bpf, fds[objectName(name)] ?? -1);
    return key !== mapShapes[name].keyLength || value !== mapShapes[name].valueLength;
  });
}

/** Loads the object, adopting what is pinned and pinning the rest. */
export function loadBalancer(
  bpf: BpfCalls,
  syscalls: Syscalls,
  pins: Pins,
  connectionsMax: number,
): Result<Balancer, EngineFault> {
  const jiffiesPerSecond = measureJiffiesPerSecond(bpf, syscalls);
  if (jiffiesPerSecond < 0) return fail(loadFault(bpf, jiffiesPerSecond));
  const pinned = pinnedMaps(bpf, syscalls, pins);
  const table = adoptedTable(bpf, pinned);
  const slots = table?.slots ?? slotsFor(connectionsMax);
  const seed = table?.seed ?? randomSeed();
  const tuning = tuningFor(jiffiesPerSecond, slots, seed);
  const unitS = 2 ** tuning.clockShift / jiffiesPerSecond;
  const settings = defaultSettingsRecord(unitS);
  const wishes = wishesFor(pinned, slots, encodeTuning(tuning), settings);
  const loaded = bpf.bpfLoad(readFileSync(objectPath), wishes);
  for (const fd of pinned.values()) syscalls.close(fd);
  if (typeof loaded === "number") return fail(loadFault(bpf, loaded));
  const strange = strangeMap(bpf, loaded.maps);
  if (strange !== undefined) {
    for (const fd of [...Object.values(loaded.maps), ...Object.values(loaded.programs)])
      syscalls.close(fd);
    const text = `the eBPF object is of another build than this program: map ${strange} differs`;
    return fail({ kind: "unavailable", text });
  }
  const pressureFd = loaded.maps[objectName("pressure")] ?? -1;
  if (table === undefined)
    bpf.bpfMapUpdate(pressureFd, encodeIndex(0), encodeEmptyPressure(seed), bpfNumbers.updateAny);
  for (const name of mapNames) {
    if (pinned.has(name)) continue;
    const returned = pins.replace("maps", name, loaded.maps[objectName(name)] ?? -1);
    if (returned < 0)
      return fail({
        kind: "syscall-failed",
        text: `pinning ${pins.path("maps", name)}: ${errnoName(-returned)}`,
      });
  }
  const [xdp, tc, tcEgress, sweep, now, restore] = programNames.map((name) => {
    const fd = loaded.programs[name] ?? -1;
    pins.replace("programs", name, fd);
    return { fd, id: idOf(bpf, fd) };
  }) as [LoadedProgram, LoadedProgram, LoadedProgram, LoadedProgram, LoadedProgram, LoadedProgram];
  return ok({
    maps: handlesOf(bpf, loaded.maps),
    xdp,
    tc,
    tcEgress,
    sweep,
    now,
    restore,
    adopted: pinned.has("services"),
    unitS,
  });
}
