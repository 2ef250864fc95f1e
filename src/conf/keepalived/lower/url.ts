// url: one page that an HTTP check fetches.

import type { HttpRequest } from "../../../model/virtual-server.ts";
import { type Setting, settingsOf } from "../section.ts";
import { textOf } from "./setting-values.ts";

/** Reads one url; undefined when it has no path (rule L15). */
export function lowerUrl(setting: Setting): HttpRequest | undefined {
  const { section } = setting;
  const path = section && textOf(section, "path");
  if (section === undefined || path === undefined) return undefined;
  const virtualHost = textOf(section, "virtualhost");
  const digest = textOf(section, "digest")?.toLowerCase();
  const codes = settingsOf(section, "status_code").flatMap(({ line }) =>
    line.words.slice(1).flatMap(({ text }) => statusCodes(text)),
  );
  return {
    path,
    ...(virtualHost === undefined ? {} : { virtualHost }),
    statusCodes: codes.length === 0 ? [{ from: 200, to: 299 }] : codes,
    ...(digest === undefined ? {} : { digest }),
  };
}

/** One code or a range of them; none when the word is neither. */
function statusCodes(text: string): readonly { readonly from: number; readonly to: number }[] {
  const match = /^(\d{3})(?:-(\d{3}))?$/.exec(text);
  const from = Number(match?.[1]);
  const to = Number(match?.[2] ?? match?.[1]);
  return from >= 100 && to <= 599 && from <= to ? [{ from, to }] : [];
}
