// vrrp_script: a program whose exit status is watched. keepalived.conf(5), "VRRP track scripts".

import type { VrrpScript } from "../../../model/vrrp-instance.ts";
import type { Line } from "../language/expand.ts";
import { splitCommand } from "./command.ts";
import { flag, integer, type KeywordTable, seconds } from "./keyword.ts";
import { lowerBlock } from "./lower-block.ts";
import type { Draft, Lowering } from "./lowering.ts";

interface ScriptDraft extends Draft {
  command?: readonly string[];
  intervalMs?: number;
  timeoutMs?: number;
  rise?: number;
  fall?: number;
  weight?: number;
  initFail?: boolean;
  user?: string;
}

/** A script and where it is defined. */
export interface PlacedScript {
  readonly value: VrrpScript;
  readonly span: Draft["span"];
  readonly keywordSpan: Draft["span"];
}

const intMax = 2_147_483_647;
const longestS = 4_294_967;

const scriptKeywords: KeywordTable<ScriptDraft> = {
  script: {
    lower: (line, draft, lowering) => {
      const word = lowering.argument(line);
      const extra = line.words[2];
      if (extra !== undefined)
        lowering.report(lowering.span(line, extra), {
          severity: "warning",
          code: "command-not-quoted",
          message: `\`${extra.text}\` does not belong to the command`,
          effect: "the script runs without it, as with keepalived",
          fix: "quote the whole command, program and arguments together",
        });
      if (word !== undefined) draft.command = word.quoted ? splitCommand(word.text) : [word.text];
    },
  },
  interval: seconds({ min: 0, max: longestS, otherwise: "1 second counts" }, (draft, value) => {
    draft.intervalMs = value === 0 ? 1000 : value;
  }),
  timeout: seconds({ min: 0, max: longestS, otherwise: "the interval counts" }, (draft, value) => {
    draft.timeoutMs = value === 0 ? 1000 : value;
  }),
  weight: {
    wordsMax: 3,
    lower: (line, draft, lowering) => {
      const word = lowering.argument(line);
      const range = { min: -253, max: 253, otherwise: "stop" };
      const value = word && lowering.integer(line, word, range);
      if (value !== undefined) draft.weight = value;
      if (line.words[2] !== undefined) reportReverse(line, line.words[2], lowering);
    },
  },
  rise: integer({ min: 1, max: intMax, otherwise: "1 counts" }, (draft, value) => {
    draft.rise = value;
  }),
  fall: integer({ min: 1, max: intMax, otherwise: "1 counts" }, (draft, value) => {
    draft.fall = value;
  }),
  user: {
    wordsMax: 3,
    lower: (line, draft, lowering) => {
      const word = lowering.argument(line);
      if (word !== undefined)
        draft.user = line.words
          .slice(1)
          .map((part) => part.text)
          .join(" ");
    },
  },
  init_fail: flag((draft) => {
    draft.initFail = true;
  }),
};

/** Says what becomes of `reverse` behind a weight. */
export function reportReverse(line: Line, word: Line["words"][number], lowering: Lowering): void {
  const known = word.text === "reverse" || word.text === "noreverse";
  if (word.text === "noreverse") return;
  lowering.report(lowering.span(line, word), {
    severity: "warning",
    code: known ? "keyword-not-acted-on" : "extra-words",
    message: known
      ? "`reverse` is read, but Keelson does not act on it yet"
      : `\`${word.text}\` is one word too many`,
    effect: known ? "the weight counts as without it" : "it is ignored",
  });
}

/** Reads one vrrp_script; undefined when it has no name or no command. */
export function lowerScript(line: Line, lowering: Lowering): PlacedScript | undefined {
  const name = lowering.argument(line);
  const draft: ScriptDraft = { span: lowering.keywordSpan(line), places: new Map() };
  lowerBlock(line, "vrrp_script", scriptKeywords, draft, lowering);
  if (name === undefined) return undefined;
  const span = lowering.span(line, name);
  if (draft.command === undefined || draft.command[0] === undefined) {
    lowering.report(span, {
      severity: "warning",
      code: "script-without-command",
      message: `the script \`${name.text}\` has no command`,
      effect: "it is ignored, and so is every track_script that names it",
      fix: 'add `script "/path/to/program arguments"`',
    });
    return undefined;
  }
  const intervalMs = draft.intervalMs ?? 1000;
  const value: VrrpScript = {
    name: name.text,
    command: draft.command,
    intervalMs,
    timeoutMs: draft.timeoutMs ?? intervalMs,
    rise: draft.rise ?? 1,
    fall: draft.fall ?? 1,
    weight: draft.weight ?? 0,
    initFail: draft.initFail ?? false,
    ...(draft.user === undefined ? {} : { user: draft.user }),
  };
  return { value, span, keywordSpan: draft.span };
}
