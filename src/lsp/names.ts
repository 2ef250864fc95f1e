// Names that one block defines and other lines use: scripts, instances, groups, tracked files. And parameters.

import type { Line } from "../conf/keepalived/language/expand.ts";
import { parseTree } from "../conf/keepalived/language/parse-tree.ts";
import type { Node } from "../conf/keepalived/language/tree.ts";
import type { Entry, EntryOption, Section, Setting } from "../conf/keepalived/section.ts";
import type { ArgumentSpec, OptionSpec } from "../conf/keepalived/table/keyword-spec.ts";
import type { Sources, Span } from "../conf/text/diagnostic.ts";

/** A name at one place. */
export interface NamedPlace {
  /** The keyword of the block that defines it: `vrrp_script`; `$` for parameters. */
  readonly kind: string;
  readonly name: string;
  readonly role: "definition" | "use";
  readonly span: Span;
}

/** Keywords whose first word is a name that others refer to. */
const defining: ReadonlySet<string> = new Set([
  "vrrp_instance",
  "vrrp_script",
  "vrrp_sync_group",
  "vrrp_track_process",
  "vrrp_track_file",
  "track_file",
  "track_group",
  "bfd_instance",
  "virtual_server_group",
]);

/** All names of a configuration, where they are defined and where they are used. */
export function namesOf(root: Section, sources: Sources): readonly NamedPlace[] {
  const places: NamedPlace[] = [];
  collectSection(root, places);
  for (const [file, text] of sources) collectParameters(file, text, places);
  return places;
}

function collectSection(section: Section, places: NamedPlace[]): void {
  for (const setting of section.settings) {
    collectSetting(setting, places);
    if (setting.section !== undefined) collectSection(setting.section, places);
    for (const entry of setting.entries ?? []) collectEntry(entry, places);
  }
}

function collectSetting({ spec, line, options = [] }: Setting, places: NamedPlace[]): void {
  const name = line.words[1];
  if (defining.has(spec.name) && name !== undefined) {
    const kind = spec.name === "vrrp_track_file" ? "track_file" : spec.name;
    places.push({ kind, name: name.text, role: "definition", span: spanOf(line, 1) });
  }
  const variant = spec.variants?.find(({ word }) => word === name?.text);
  collectArguments(
    line,
    variant?.arguments ?? spec.arguments,
    variant === undefined ? 1 : 2,
    places,
  );
  collectOptions(line, spec.options ?? [], options, places);
}

function collectEntry({ spec, line, options }: Entry, places: NamedPlace[]): void {
  collectArguments(line, spec.leading, 0, places);
  collectOptions(line, spec.options, options, places);
}

function collectOptions(
  line: Line,
  specs: readonly OptionSpec[],
  options: readonly EntryOption[],
  places: NamedPlace[],
): void {
  for (const { name, wordIndex } of options) {
    const spec = specs.find((candidate) => candidate.name === name);
    if (spec !== undefined) collectArguments(line, spec.arguments, wordIndex + 1, places);
  }
}

function collectArguments(
  line: Line,
  specs: readonly ArgumentSpec[],
  from: number,
  places: NamedPlace[],
): void {
  specs.forEach((spec, i) => {
    if (spec.value.kind !== "reference") return;
    const last = spec.repeats === true ? line.words.length - 1 : from + i;
    for (let at = from + i; at <= last; at++) {
      const word = line.words[at];
      if (word === undefined) return;
      const { to } = spec.value;
      places.push({ kind: to, name: word.text, role: "use", span: spanOf(line, at) });
    }
  });
}

function spanOf({ file, words }: Line, index: number): Span {
  const word = words[index];
  return { file, line: word?.line ?? 1, column: word?.column ?? 1, length: word?.length ?? 0 };
}

const parameter = /\$\{([A-Za-z_]\w*)[^}]*\}|\$([A-Za-z_]\w*)/g;

function collectParameters(file: string, text: string, places: NamedPlace[]): void {
  if (!text.includes("$")) return;
  const pending: Node[] = [...parseTree(text, { file, diagnostics: [] }).children];
  for (const node of pending) {
    if (node.kind === "definition") {
      const { name, line, column } = node;
      const span = { file, line, column: column + 1, length: name.length };
      places.push({ kind: "$", name, role: "definition", span });
    }
    if (node.kind !== "directive") continue;
    for (const child of node.block?.children ?? []) pending.push(child);
    for (const { raw, line, column } of node.words) {
      for (const match of raw.matchAll(parameter)) {
        const name = match[1] ?? match[2] ?? "";
        const start = column + match.index + (match[1] === undefined ? 1 : 2);
        const span = { file, line, column: start, length: name.length };
        places.push({ kind: "$", name, role: "use", span });
      }
    }
  }
}
