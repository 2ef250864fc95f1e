// `keepalived -t`: judges a configuration, and prints what keepalived prints about it.

import { appendFileSync } from "node:fs";
import { hostname } from "node:os";
import type { Configuration } from "../conf/rules/rule.ts";
import type { Diagnostic, Sources } from "../conf/text/diagnostic.ts";
import { orderDiagnostics } from "../conf/text/order-diagnostics.ts";
import { renderStock, stockStatus, stockStatuses } from "../conf/text/render-stock.ts";
import { checkFiles } from "./check-files.ts";
import { judgeFiles } from "./check-judge.ts";
import type { CommandIo } from "./command-io.ts";
import { defaultConfigFile } from "./command-line.ts";
import { withScriptsOfMachine } from "./keepalived-scripts.ts";
import { withOldSpellings } from "./keepalived-spellings.ts";
import { withLinesOfUnknownBlocks } from "./keepalived-unknown-blocks.ts";

/** Runs such a test; gives keepalived's exit status. */
export function testConfiguration(
  options: ReadonlyMap<string, string>,
  others: readonly string[],
  io: CommandIo,
): number {
  const log = options.get("config-test") ?? "";
  const write = (text: string): void => {
    if (log === "") io.stderr(text);
    else appendFileSync(log, text);
  };
  // keepalived takes no other words; the one behind -t can only be meant as the file.
  const [named, ...unexpected] = options.has("use-file") ? [undefined, ...others] : others;
  if (unexpected.length > 0) io.stderr(`Unexpected argument(s): ${unexpected.join(" ")} \n`);
  const file = options.get("use-file") ?? named ?? defaultConfigFile;
  const id = options.get("config-id") ?? hostname().split(".")[0] ?? "";
  const judged = judgeFiles({ files: [file], configIds: [id], separately: true }, checkFiles());
  if (!judged.sources.has(file) && judged.diagnostics.some(({ code }) => code === "S40")) {
    write(`Config files missing '${file}'.\n`);
    return stockStatuses.cannotRun;
  }
  // A comment for Keelson does not silence keepalived.
  const stock = judged.suppressed.flatMap(({ diagnostic }): readonly Diagnostic[] =>
    diagnostic.stock === undefined ? [] : [diagnostic],
  );
  const all = [...judged.diagnostics, ...stock];
  const configuration = judged.loaded[0]?.configuration;
  const here = configuration === undefined ? all : asKeepalived(configuration, all, judged.sources);
  write(renderStock(here, judged.sources));
  const status = stockStatus(here);
  const isMissing = options.has("all-config") && here.some(({ code }) => code === "S13");
  return isMissing && status === stockStatuses.ok ? stockStatuses.security : status;
}

/** What keepalived says beyond our findings, and what it does not say of them. */
function asKeepalived(
  configuration: Configuration,
  diagnostics: readonly Diagnostic[],
  sources: Sources,
): readonly Diagnostic[] {
  const spelled = withOldSpellings(configuration, diagnostics);
  const lines = withLinesOfUnknownBlocks(configuration, spelled, sources);
  return orderDiagnostics(withScriptsOfMachine(configuration, lines), [...sources.keys()]);
}
