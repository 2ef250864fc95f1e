// url: one page that an HTTP check fetches.

import type { HttpRequest } from "../../../model/virtual-server.ts";
import type { Line } from "../language/expand.ts";
import type { Word } from "../language/tree.ts";
import { type KeywordTable, text } from "./keyword.ts";
import { lowerBlock } from "./lower-block.ts";
import type { Draft, Lowering } from "./lowering.ts";

interface UrlDraft extends Draft {
  path?: string;
  digest?: string;
  virtualHost?: string;
  readonly statusCodes: { from: number; to: number }[];
}

const urlKeywords: KeywordTable<UrlDraft> = {
  path: text((draft, value) => {
    draft.path = value;
  }),
  digest: {
    wordsMax: 2,
    lower: (line, draft, lowering) => {
      const word = lowering.argument(line);
      if (word === undefined) return;
      if (/^[0-9a-fA-F]{32}$/.test(word.text)) draft.digest = word.text.toLowerCase();
      else
        lowering.report(lowering.span(line, word), {
          severity: "warning",
          code: "not-a-digest",
          message: "a digest is 32 hexadecimal digits, the MD5 of the body",
          label: `${word.text.length} characters`,
          effect: "it is ignored: any body passes",
          fix: "take it from `curl -s URL | md5sum`",
        });
    },
  },
  status_code: {
    lower: (line, draft, lowering) => {
      lowering.argument(line);
      for (const word of line.words.slice(1)) lowerStatusCode(line, word, draft, lowering);
    },
  },
  virtualhost: text((draft, value) => {
    draft.virtualHost = value;
  }),
};

function lowerStatusCode(line: Line, word: Word, draft: UrlDraft, lowering: Lowering): void {
  const match = /^(\d{3})(?:-(\d{3}))?$/.exec(word.text);
  const from = Number(match?.[1]);
  const to = Number(match?.[2] ?? match?.[1]);
  if (match !== null && from >= 100 && to <= 599 && from <= to) {
    draft.statusCodes.push({ from, to });
    return;
  }
  lowering.report(lowering.span(line, word), {
    severity: "error",
    code: "not-a-status-code",
    message: `\`${word.text}\` is no status code and no range of them`,
    label: "100 to 599, or for instance 200-299",
  });
}

/** Reads one url; undefined when it has no path. */
export function lowerUrl(line: Line, lowering: Lowering): HttpRequest | undefined {
  const draft: UrlDraft = {
    span: lowering.keywordSpan(line),
    places: new Map(),
    statusCodes: [],
  };
  lowerBlock(line, "virtual_server/real_server/HTTP_GET/url", urlKeywords, draft, lowering);
  if (draft.path === undefined) {
    lowering.report(draft.span, {
      severity: "error",
      code: "url-without-path",
      message: "this `url` has no `path`",
      fix: "add `path /`",
    });
    return undefined;
  }
  return {
    path: draft.path,
    ...(draft.virtualHost === undefined ? {} : { virtualHost: draft.virtualHost }),
    statusCodes: draft.statusCodes.length === 0 ? [{ from: 200, to: 299 }] : draft.statusCodes,
    ...(draft.digest === undefined ? {} : { digest: draft.digest }),
  };
}
