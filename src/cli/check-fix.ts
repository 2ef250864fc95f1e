// `keelson check --fix`: edits that need no further thought are made, until none is left to make.

import { readFileSync } from "node:fs";
import { applyEditGroups } from "../conf/text/apply-edits.ts";
import type { Diagnostic, Edit } from "../conf/text/diagnostic.ts";
import { renderLineDiff } from "../conf/text/line-diff.ts";
import { paintText } from "../conf/text/render-options.ts";
import { replaceFile } from "../linux/replace-file.ts";
import { checkFiles } from "./check-files.ts";
import { type Judgement, type JudgeRequest, judgeFiles } from "./check-judge.ts";
import type { CommandIo } from "./command-io.ts";
import { paintDiff } from "./paint-diff.ts";

const roundsMax = 10;

/** How many edits of a file are tried one by one when all together break something. */
const aloneMax = 100;

/** How fixes are told. */
export interface FixOptions {
  /** True: nothing is written. */
  readonly dryRun: boolean;
  readonly color: boolean;
  /** True: the differences go to stderr, because stdout is for a program. */
  readonly toStderr: boolean;
}

/**
 * Mends what can be mended, prints the differences, and gives what is to be said about the files as they
 * are then: unchanged in a dry run.
 */
export function fixFiles(request: JudgeRequest, io: CommandIo, options: FixOptions): Judgement {
  const before = judgeFiles(request, checkFiles());
  const changed = mend(request, before);
  const print = options.toStderr ? io.stderr : io.stdout;
  for (const [file, text] of changed) {
    const diff = renderLineDiff(file, before.sources.get(file) ?? "", text);
    print(`${paintDiff(diff, paintText(options.color))}${options.dryRun ? "" : "\n"}`);
  }
  if (options.dryRun && changed.size === 0) print("nothing that a machine can mend\n");
  if (options.dryRun || changed.size === 0) return before;
  for (const [file, text] of changed) {
    const written = replaceFile(file, text);
    if (!written.ok) io.stderr(`keelson check: cannot write ${file}: ${written.fault}\n`);
  }
  return judgeFiles(request, checkFiles());
}

/** The texts of the files that fixes change. */
function mend(request: JudgeRequest, before: Judgement): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  /** Edits that would break something else, as text: they are not tried again. */
  const refused = new Set<string>();
  const files = [...before.sources.keys()].filter((file) => isMendable(file, before));
  let judged = before;
  /** Takes a text of a file unless a rule finds more errors than before: mends do not make up for each other. */
  const take = (file: string, text: string): boolean => {
    const after = judgeFiles(request, checkFiles(new Map(changed).set(file, text)));
    if (hasMoreErrors(after, judged)) return false;
    changed.set(file, text);
    judged = after;
    return true;
  };
  for (let round = 0; round < roundsMax; round++) {
    const start = judged;
    for (const file of files) {
      const groups = groupsFor(file, judged).filter((group) => !refused.has(keyOf(group)));
      const text = judged.sources.get(file) ?? "";
      const edited = applyEditGroups(text, groups).text;
      if (edited === text || take(file, edited)) continue;
      // One of them is no mend: each is tried alone, on the text that the ones before it left.
      for (const group of groups.slice(0, aloneMax)) {
        const current = judged.sources.get(file) ?? "";
        const isOffered = groupsFor(file, judged).some((other) => keyOf(other) === keyOf(group));
        const alone = isOffered ? applyEditGroups(current, [group]).text : current;
        if (alone !== current && !take(file, alone)) refused.add(keyOf(group));
      }
    }
    if (judged === start) break;
  }
  return changed;
}

/** The edits of the findings about a file, those of one finding together. */
function groupsFor(file: string, { diagnostics }: Judgement): readonly (readonly Edit[])[] {
  return diagnostics
    .map(({ edits = [] }) => edits)
    .filter((edits) => edits.length > 0 && edits.every(({ span }) => span.file === file));
}

function keyOf(group: readonly Edit[]): string {
  return JSON.stringify(group);
}

/** False for files that are no certain text: writing them would change what nobody looked at. */
function isMendable(file: string, { diagnostics, sources }: Judgement): boolean {
  const unreadable = ({ code, span }: Diagnostic): boolean =>
    (code === "S40" || code === "S41") && span.file === file;
  if (diagnostics.some(unreadable)) return false;
  try {
    return readFileSync(file).equals(Buffer.from(sources.get(file) ?? "", "utf8"));
  } catch {
    // What cannot be read now cannot be written either.
    return false;
  }
}

function hasMoreErrors(after: Judgement, before: Judgement): boolean {
  const counts = errorsByRule(before);
  return [...errorsByRule(after)].some(([code, count]) => count > (counts.get(code) ?? 0));
}

function errorsByRule({ diagnostics }: Judgement): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { severity, code } of diagnostics)
    if (severity === "error") counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}
