// Names that are tracked and do not exist, and scripts that exist and that nobody tracks.

import { settingOf } from "../keepalived/section.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { instanceWith, scriptWith, securedScripts } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import {
  type NamedBlock,
  namedBlocks,
  type TrackedName,
  type TrackKind,
  trackedNames,
  trackKinds,
} from "./script-commands.ts";

export const unknownTrackedName: Rule = {
  id: "X11",
  name: "unknown-tracked-name",
  severity: "error",
  scope: "file",
  check,
  title: "a tracked script is not defined, or a defined one is never tracked",
  explanation: [
    "`track_script`, `track_process`, `track_file` and `track_bfd` name blocks that are defined elsewhere. A",
    "name without such a block is dropped: the instance runs and tracks nothing, and the service may die",
    "without any effect on the address. The other way round, a `vrrp_script` that no instance and no group",
    "names never runs; that is only worth advice.",
    "",
    "Correct the name (the finding names the nearest one), define the block above the instance, or remove what",
    "is left over.",
  ].join("\n"),
  bad: [
    scriptWith('script "/usr/local/bin/check"').replace("        chk\n", "        chkk\n"),
    `${securedScripts}\nvrrp_script chk {\n    script "/usr/local/bin/check"\n}\n\n${instanceWith("")}`,
  ],
  good: [scriptWith('script "/usr/local/bin/check"')],
  sources: ["https://github.com/acassen/keepalived/issues/1984"],
};

/** Each unknown name is compared with all known ones: in large files only the first of them are. */
const comparedMax = 100;

function check(configuration: Configuration, report: Report): void {
  for (const kind of trackKinds) {
    const blocks = namedBlocks(configuration, kind.definitions);
    const tracked = trackedNames(configuration, kind.list);
    const names = new Set(tracked.map(({ name }) => name));
    let compared = 0;
    for (const name of tracked) {
      const block = blocks.get(name.name);
      if (block !== undefined) {
        if (!isComplete(block, kind)) reportIncomplete(name, block, kind, report);
        continue;
      }
      const near = compared++ < comparedMax ? nearestWord(name.name, blocks.keys()) : undefined;
      reportUnknown(name, kind, near, report);
      // What is misspelt there is tracked, as far as anybody means it.
      if (near !== undefined) names.add(near);
    }
    for (const block of blocks.values())
      if (!names.has(block.name)) reportUnused(block, kind, report);
  }
}

function reportUnknown(
  tracked: TrackedName,
  kind: TrackKind,
  near: string | undefined,
  report: Report,
): void {
  const { name, span } = tracked;
  if (name.includes("$")) return;
  const definition = kind.definitions[0] ?? "";
  const owner = tracked.owner.line.words[1]?.text ?? "";
  report(span, {
    message: `there is no ${definition} named \`${name}\``,
    ...(near === undefined
      ? { fix: `define \`${definition} ${name}\` above` }
      : {
          label: `did you mean \`${near}\`?`,
          fix: `write \`${near}\``,
          edits: [{ span, newText: near }],
        }),
    effect: "nothing is tracked here",
    stock: `(${owner}) track ${stockKind(kind)} ${name} not found, ignoring...`,
  });
}

/** False for a block that is left out, because it does not say what it watches. */
function isComplete(block: NamedBlock, kind: TrackKind): boolean {
  const { section } = block.setting;
  return section === undefined || settingOf(section, kind.target) !== undefined;
}

function reportIncomplete(
  tracked: TrackedName,
  block: NamedBlock,
  kind: TrackKind,
  report: Report,
): void {
  report(tracked.span, {
    severity: "warning",
    message: `\`${tracked.name}\` is left out: it has no \`${kind.target}\``,
    related: [{ span: block.span, label: "defined here" }],
    effect: "nothing is tracked here",
    fix: `add \`${kind.target}\` there`,
  });
}

function stockKind(kind: TrackKind): string {
  return kind.list.replace("track_", "");
}

function reportUnused(block: NamedBlock, kind: TrackKind, report: Report): void {
  // Sessions and files stand for themselves: others may watch them.
  if (kind.list === "track_bfd" || kind.list === "track_file") return;
  report(block.span, {
    severity: "advice",
    message: `nothing tracks the ${kind.what} \`${block.name}\``,
    effect: kind.what === "script" ? "it never runs" : "it changes nothing",
    fix: `name it in \`${kind.list}\`, or remove it`,
  });
}
