// The file: sections -> model. A value that cannot be told is left out, and the rest is lowered all the same.

import type { Model } from "../../../model/model.ts";
import type { GroupServer, ServerGroup } from "../../../model/server-group.ts";
import type { SyncGroup } from "../../../model/sync-group.ts";
import type { VirtualServer } from "../../../model/virtual-server.ts";
import type { TrackedScript, VrrpInstance, VrrpScript } from "../../../model/vrrp-instance.ts";
import type { Configuration, Placed } from "../../rules/rule.ts";
import { keywordOf, type Section, type Setting } from "../section.ts";
import { lowerBfdSession } from "./bfd-session.ts";
import { finishGroupServers, finishVirtualServer } from "./finish-virtual-server.ts";
import { finishInstance } from "./finish-vrrp-instance.ts";
import { type GlobalDraft, globalSettingsOf, lowerGlobal } from "./global-defs.ts";
import { globalOptionsOf } from "./global-options.ts";
import { lowerServerGroup } from "./server-group.ts";
import { given } from "./setting-values.ts";
import { staticObjectsOf } from "./static-objects.ts";
import { lowerSyncGroup } from "./sync-group.ts";
import { lowerTrackFile, lowerTrackGroup, lowerTrackProcess } from "./tracking.ts";
import { lowerVirtualServer } from "./virtual-server.ts";
import { lowerInstance } from "./vrrp-instance.ts";
import { vrrpOptionsOf } from "./vrrp-options.ts";
import { lowerScript } from "./vrrp-script.ts";
import { lowerWitness } from "./witness.ts";

/** What a file means. */
export type LoweredFile = Omit<Configuration, "file" | "root" | "sources">;

type Blocks = ReadonlyMap<string, readonly Setting[]>;

/** Lowers a file. */
export function lowerFile(root: Section): LoweredFile {
  const blocks = blocksByKeyword(root);
  const globalDefs = mergedSection(root, blocks.get("global_defs") ?? []);
  const scripts = firstOfEachName((blocks.get("vrrp_script") ?? []).map(lowerScript));
  const known = new Set(scripts.map(({ value }) => value.name));
  const instances = lowerInstances(blocks, lowerGlobal(globalDefs), known);
  const names = new Set(instances.map(({ value }) => value.name));
  const groups = named(blocks, "vrrp_sync_group", (setting) => lowerSyncGroup(setting, names));
  const { virtualServers, serverGroups, groupServers } = lowerVirtualServers(blocks);
  const options = globalOptionsOf(root, globalDefs);
  const withOptions = instances.map((placed) => addOptions(placed, groups));
  const model: Model = {
    global: { ...globalSettingsOf(globalDefs), ...given({ options }) },
    vrrpInstances: withOptions.map(({ value }) => value),
    vrrpScripts: scripts.map(({ value }) => value),
    virtualServers: virtualServers.map(({ value }) => value),
    ...given({
      syncGroups: some(groups),
      trackFiles: some([
        ...named(blocks, "track_file", lowerTrackFile),
        ...named(blocks, "vrrp_track_file", lowerTrackFile),
      ]),
      trackProcesses: some(named(blocks, "vrrp_track_process", lowerTrackProcess)),
      trackGroups: some(named(blocks, "track_group", lowerTrackGroup)),
      witnesses: some(named(blocks, "witness", lowerWitness)),
      bfdSessions: some(named(blocks, "bfd_instance", lowerBfdSession)),
      staticObjects: staticObjectsOf(root),
      serverGroups: some(serverGroups),
      groupServers: some(groupServers),
    }),
  };
  return { model, instances: withOptions, scripts, virtualServers };
}

function lowerInstances(
  blocks: Blocks,
  global: GlobalDraft,
  scripts: ReadonlySet<string>,
): readonly Placed<VrrpInstance>[] {
  const written = firstOfEachName((blocks.get("vrrp_instance") ?? []).map(lowerInstance));
  return written.flatMap((draft) => {
    const value = finishInstance(draft, global);
    if (value === undefined) return [];
    const trackedScripts = knownOnce(value.trackedScripts, scripts);
    const { nameSpan: span, section } = draft;
    return [{ value: { ...value, trackedScripts }, span, section }];
  });
}

function addOptions(
  placed: Placed<VrrpInstance>,
  groups: readonly SyncGroup[],
): Placed<VrrpInstance> {
  const { name } = placed.value;
  const group = groups.find(({ members }) => members.includes(name))?.name;
  const options = vrrpOptionsOf(placed.section, group);
  if (options === undefined) return placed;
  return {
    ...placed,
    value: { ...placed.value, options: { ...placed.value.options, ...options } },
  };
}

function lowerVirtualServers(blocks: Blocks): {
  readonly virtualServers: readonly Placed<VirtualServer>[];
  readonly serverGroups: readonly ServerGroup[];
  readonly groupServers: readonly GroupServer[];
} {
  const serverGroups = named(blocks, "virtual_server_group", lowerServerGroup);
  const virtualServers: Placed<VirtualServer>[] = [];
  const groupServers: GroupServer[] = [];
  for (const setting of blocks.get("virtual_server") ?? []) {
    const draft = lowerVirtualServer(setting);
    if (draft === undefined) continue;
    const { key, keySpan: span, section } = draft;
    if (key.kind === "group") {
      const group = serverGroups.find(({ name }) => name === key.group);
      if (group !== undefined) groupServers.push(...finishGroupServers(draft, group));
      continue;
    }
    const value = finishVirtualServer(draft);
    if (value !== undefined) virtualServers.push({ value, span, section });
  }
  return { virtualServers, serverGroups, groupServers };
}

/** The values of all blocks of one keyword, the first of each name. */
function named<Value extends { readonly name: string }>(
  blocks: Blocks,
  keyword: string,
  lower: (setting: Setting) => Value | undefined,
): readonly Value[] {
  return firstOfEachName((blocks.get(keyword) ?? []).map(lower));
}

function some<Value>(values: readonly Value[]): readonly Value[] | undefined {
  return values.length === 0 ? undefined : values;
}

function blocksByKeyword(root: Section): ReadonlyMap<string, readonly Setting[]> {
  const blocks = new Map<string, Setting[]>();
  for (const setting of root.settings) {
    const keyword = keywordOf(setting);
    const before = blocks.get(keyword);
    if (before === undefined) blocks.set(keyword, [setting]);
    else before.push(setting);
  }
  return blocks;
}

/** Several blocks of one kind that add up. */
function mergedSection(root: Section, blocks: readonly Setting[]): Section {
  const spec = blocks[0]?.section?.spec ?? root.spec;
  return { spec, settings: blocks.flatMap(({ section }) => section?.settings ?? []) };
}

/** Of blocks with one name the first counts, as with keepalived (rule S12). */
function firstOfEachName<
  Block extends { readonly name: string } | Placed<{ readonly name: string }>,
>(blocks: readonly (Block | undefined)[]): readonly Block[] {
  const names = new Set<string>();
  return blocks.filter((block): block is Block => {
    if (block === undefined) return false;
    const name = "value" in block ? block.value.name : block.name;
    if (names.has(name)) return false;
    names.add(name);
    return true;
  });
}

/** Each script once; what does not exist is not tracked (rule X11). */
function knownOnce(
  tracks: readonly TrackedScript[],
  known: ReadonlySet<VrrpScript["name"]>,
): readonly TrackedScript[] {
  return tracks.filter(
    ({ script }, i) =>
      known.has(script) && tracks.findIndex((other) => other.script === script) === i,
  );
}
