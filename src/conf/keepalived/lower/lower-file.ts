// The file: sections -> model. A value that cannot be told is left out, and the rest is lowered all the same.

import type { VirtualServer } from "../../../model/virtual-server.ts";
import type { TrackedScript, VrrpInstance, VrrpScript } from "../../../model/vrrp-instance.ts";
import type { Configuration, Placed } from "../../rules/rule.ts";
import { keywordOf, type Section, type Setting } from "../section.ts";
import { finishVirtualServer } from "./finish-virtual-server.ts";
import { finishInstance } from "./finish-vrrp-instance.ts";
import { globalSettingsOf, lowerGlobal } from "./global-defs.ts";

import { lowerVirtualServer } from "./virtual-server.ts";
import { lowerInstance } from "./vrrp-instance.ts";
import { lowerScript } from "./vrrp-script.ts";

/** What a file means. */
export type LoweredFile = Omit<Configuration, "file" | "root" | "sources">;

/** Lowers a file. */
export function lowerFile(root: Section): LoweredFile {
  const blocks = blocksByKeyword(root);
  const globalDefs = mergedSection(root, blocks.get("global_defs") ?? []);
  const global = lowerGlobal(globalDefs);
  const scripts = firstOfEachName((blocks.get("vrrp_script") ?? []).map(lowerScript));
  const written = firstOfEachName((blocks.get("vrrp_instance") ?? []).map(lowerInstance));
  const known = new Set(scripts.map(({ value }) => value.name));
  const instances: Placed<VrrpInstance>[] = [];
  for (const draft of written) {
    const value = finishInstance(draft, global);
    if (value === undefined) continue;
    const trackedScripts = knownOnce(value.trackedScripts, known);
    instances.push({
      value: { ...value, trackedScripts },
      span: draft.nameSpan,
      section: draft.section,
    });
  }
  const virtualServers: Placed<VirtualServer>[] = [];
  for (const setting of blocks.get("virtual_server") ?? []) {
    const draft = lowerVirtualServer(setting);
    if (draft === undefined) continue;
    const value = finishVirtualServer(draft);
    if (value !== undefined)
      virtualServers.push({ value, span: draft.keySpan, section: draft.section });
  }
  const model = {
    global: globalSettingsOf(globalDefs),
    vrrpInstances: instances.map(({ value }) => value),
    vrrpScripts: scripts.map(({ value }) => value),
    virtualServers: virtualServers.map(({ value }) => value),
  };
  return { model, instances, scripts, virtualServers };
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
