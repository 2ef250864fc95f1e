// What the checker says about texts, for the tests of rules. Texts stand in files of their own that exist in
// memory only; the first one is the configuration.

import { loadConfiguration } from "../../src/conf/load-configuration.ts";
import type { Diagnostic } from "../../src/conf/text/diagnostic.ts";

/** The findings about one text. `others` are the files that it may include. */
export function checkText(
  text: string,
  others: ReadonlyMap<string, string> = new Map(),
): readonly Diagnostic[] {
  const files = new Map([["keepalived.conf", text], ...others]);
  const { diagnostics } = loadConfiguration({
    path: "keepalived.conf",
    readFile: (path) => {
      const value = files.get(path);
      return value === undefined
        ? { ok: false, fault: { kind: "no-such-file", text: "there is no such file" } }
        : { ok: true, value };
    },
    listFiles: () => [],
  });
  return diagnostics;
}

/** The findings of one rule about one text. */
export function findingsOf(id: string, text: string): readonly Diagnostic[] {
  return checkText(text).filter((finding) => finding.code === id);
}
