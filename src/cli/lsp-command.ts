// `keelson lsp`: the language server on standard input and output, as editors start it.

import { keelsonVersion } from "../api/version.ts";
import { formatOf } from "../conf/configuration-format.ts";
import { formatText } from "../conf/keepalived/language/format.ts";
import { serveLanguage } from "../lsp/server.ts";
import { checkFiles } from "./check-files.ts";
import { exitStatus } from "./command-line.ts";

/** Serves until the editor hangs up. `--stdio`, which editors add, changes nothing. */
export async function runLsp(argv: readonly string[]): Promise<number> {
  const other = argv.find((argument) => argument !== "--stdio");
  if (other !== undefined) {
    console.error(`keelson: lsp takes no argument ${JSON.stringify(other)}; it speaks over stdio`);
    return exitStatus.usage;
  }
  await serveLanguage(process.stdin, process.stdout, {
    ...checkFiles(),
    version: keelsonVersion,
    format: (text, indent) =>
      formatOf("", text) === "keepalived" ? formatText(text, { indent }) : undefined,
  });
  return exitStatus.ok;
}
