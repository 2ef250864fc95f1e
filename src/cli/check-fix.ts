// `keelson check --fix`: edits that need no further thought are made, until none is left to make.

import { readFileSync } from "node:fs";
import { applyEditGroups } from "../conf/text/apply-edits.ts";
import type { Diagnostic } from "../conf/text/diagnostic.ts";
import { renderLineDiff } from "../conf/text/line-diff.ts";
import { paintText } from "../conf/text/render-options.ts";
import { checkFiles } from "./check-files.ts";
import { type Judgement, type JudgeRequest, judgeFiles } from "./check-judge.ts";
import type { CommandIo } from "./command-io.ts";
import { paintDiff } from "./paint-diff.ts";
import { replaceFile } from "./write-file.ts";

const roundsMax = 10;

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
  const left = new Set([...before.sources.keys()].filter((file) => !isMendable(file, before)));
  let judged = before;
  for (let round = 0; round < roundsMax; round++) {
    const texts = editedTexts(judged, left);
    if (texts.size === 0) break;
    for (const [file, text] of texts) {
      const attempt = new Map(changed).set(file, text);
      const after = judgeFiles(request, checkFiles(attempt));
      // A mend that breaks something else is none.
      if (errorCount(after) > errorCount(judged)) left.add(file);
      else {
        changed.set(file, text);
        judged = after;
      }
    }
  }
  return changed;
}

/** The next texts of files, from the edits of the findings about them. */
function editedTexts(
  { diagnostics, sources }: Judgement,
  left: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [file, text] of sources) {
    if (left.has(file)) continue;
    const groups = diagnostics
      .map(({ edits = [] }) => edits)
      .filter((edits) => edits.length > 0 && edits.every(({ span }) => span.file === file));
    const edited = applyEditGroups(text, groups).text;
    if (edited !== text) texts.set(file, edited);
  }
  return texts;
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

function errorCount({ diagnostics }: Judgement): number {
  return diagnostics.filter(({ severity }) => severity === "error").length;
}
