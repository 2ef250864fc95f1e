// The top level of keepalived.conf: lines -> model.

import type { Model } from "../../../model/model.ts";
import type { VirtualServer } from "../../../model/virtual-server.ts";
import type { VrrpInstance } from "../../../model/vrrp-instance.ts";
import { checkDuplicateRouters } from "../../rules/duplicate-router.ts";
import { checkDuplicateVirtualServers } from "../../rules/duplicate-virtual-server.ts";
import { checkNotCarried } from "../../rules/not-carried.ts";
import { checkNothingConfigured } from "../../rules/nothing-configured.ts";
import type { Configuration, Placed } from "../../rules/rule.ts";
import { checkTrackedScripts } from "../../rules/tracked-scripts.ts";
import type { Span } from "../../text/diagnostic.ts";
import type { Line } from "../language/expand.ts";
import { spanAt } from "../reading.ts";
import type { Section } from "../section.ts";
import { finishVirtualServer } from "./finish-virtual-server.ts";
import { finishInstance } from "./finish-vrrp-instance.ts";
import { emptyGlobalDraft, finishGlobal, type GlobalDraft, globalKeywords } from "./global-defs.ts";
import { block, type KeywordTable } from "./keyword.ts";
import { lowerBlock, lowerLines } from "./lower-block.ts";
import type { Draft, Lowering } from "./lowering.ts";
import { lowerVirtualServer, type VirtualServerDraft } from "./virtual-server.ts";
import { type InstanceDraft, lowerInstance } from "./vrrp-instance.ts";
import { lowerScript, type PlacedScript } from "./vrrp-script.ts";

/** A whole configuration under construction. */
interface FileDraft extends Draft {
  readonly global: GlobalDraft;
  readonly scripts: PlacedScript[];
  readonly instances: InstanceDraft[];
  readonly virtualServers: VirtualServerDraft[];
}

const fileKeywords: KeywordTable<FileDraft> = {
  global_defs: block(1, (line, draft, lowering) => {
    lowerBlock(line, "global_defs", globalKeywords, draft.global, lowering);
  }),
  vrrp_script: block(2, (line, draft, lowering) => {
    const script = lowerScript(line, lowering);
    if (script !== undefined) addNamed(draft.scripts, script, script.value.name, lowering);
  }),
  vrrp_instance: block(2, (line, draft, lowering) => {
    const instance = lowerInstance(line, lowering);
    if (instance !== undefined && isNewName(instance, draft.instances, lowering))
      draft.instances.push(instance);
  }),
  virtual_server: block(undefined, (line, draft, lowering) => {
    const server = lowerVirtualServer(line, lowering);
    if (server !== undefined) draft.virtualServers.push(server);
  }),
};

/** Reports a name that another instance has already; the second one then does not count. */
function isNewName(
  instance: InstanceDraft,
  others: readonly InstanceDraft[],
  lowering: Lowering,
): boolean {
  const before = others.find((other) => other.name === instance.name);
  if (before === undefined) return true;
  lowering.report(instance.nameSpan, {
    severity: "warning",
    code: "duplicate-instance",
    message: `there are two instances named \`${instance.name}\``,
    related: [{ span: before.nameSpan, label: "first here" }],
    effect: "the second one is ignored, as with keepalived",
    fix: "give one of them another name",
  });
  return false;
}

function addNamed(
  scripts: PlacedScript[],
  script: PlacedScript,
  name: string,
  lowering: Lowering,
): void {
  const before = scripts.find((other) => other.value.name === name);
  if (before === undefined) {
    scripts.push(script);
    return;
  }
  lowering.report(script.span, {
    severity: "warning",
    code: "name-repeated",
    message: `the script \`${name}\` is defined twice`,
    related: [{ span: before.span, label: "first here" }],
    effect: "the first one counts",
    fix: "give one of them another name",
  });
}

/** What the lines of a file mean. */
export type LoweredFile = Omit<Configuration, "file" | "root">;

/** Finds the section of a block by where its keyword stands. */
function sectionFinder(root: Section): (span: Span) => Section {
  const idOf = (span: Span): string => `${span.line} ${span.column} ${span.file}`;
  const sections = new Map<string, Section>();
  for (const { line, section } of root.settings)
    if (section !== undefined) sections.set(idOf(spanAt(line, 0)), section);
  return (span) => sections.get(idOf(span)) ?? root;
}

/** Lowers the lines of a file; findings go to `lowering`. */
export function lowerFile(
  lines: readonly Line[],
  root: Section,
  lowering: Lowering,
  file: string,
): LoweredFile {
  const sectionOf = sectionFinder(root);
  const span = { file, line: 1, column: 1, length: 0 };
  const draft: FileDraft = {
    span,
    places: new Map(),
    global: emptyGlobalDraft(),
    scripts: [],
    instances: [],
    virtualServers: [],
  };
  lowerLines(lines, "/", fileKeywords, draft, lowering);
  const instances: Placed<VrrpInstance>[] = [];
  for (const instance of draft.instances) {
    const value = finishInstance(instance, draft.global, lowering);
    if (value !== undefined)
      instances.push({ value, span: instance.nameSpan, section: sectionOf(instance.span) });
  }
  const servers: Placed<VirtualServer>[] = [];
  for (const server of draft.virtualServers) {
    const value = finishVirtualServer(server, lowering);
    if (value !== undefined)
      servers.push({ value, span: server.keySpan, section: sectionOf(server.span) });
  }
  checkDuplicateRouters(instances, lowering);
  checkDuplicateVirtualServers(servers, lowering);
  checkNotCarried(servers, lowering);
  const kept = checkTrackedScripts(instances, draft, lowering);
  const empty = draft.instances.length + draft.virtualServers.length === 0;
  checkNothingConfigured(empty, span, lowering);
  const model: Model = {
    global: finishGlobal(draft.global),
    vrrpInstances: kept,
    vrrpScripts: draft.scripts.map((script) => script.value),
    virtualServers: servers.map((server) => server.value),
  };
  return {
    model,
    instances: instances.map((placed, i) => ({ ...placed, value: kept[i] ?? placed.value })),
    scripts: draft.scripts.map(({ value, span, keywordSpan }) => ({
      value,
      span,
      section: sectionOf(keywordSpan),
    })),
    virtualServers: servers,
  };
}
