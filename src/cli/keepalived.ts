// `keelson keepalived`, or the program called by the name `keepalived`: keepalived's own command line, for scripts and
// exporters that know it. Everything is printed on stderr, as keepalived does, except what `--signum` answers.

import { appendFileSync } from "node:fs";
import { hostname } from "node:os";
import { keelsonVersion } from "../api/version.ts";
import { parseKeepalivedArguments } from "../conf/keepalived/command-line.ts";
import type { Configuration } from "../conf/rules/rule.ts";
import type { Diagnostic, Sources } from "../conf/text/diagnostic.ts";
import { orderDiagnostics } from "../conf/text/order-diagnostics.ts";
import { renderStock, stockStatus, stockStatuses } from "../conf/text/render-stock.ts";
import { checkFiles } from "./check-files.ts";
import { judgeFiles } from "./check-judge.ts";
import { type CommandIo, processIo } from "./command-io.ts";
import { defaultConfigFile } from "./command-line.ts";
import { withScriptsOfMachine } from "./keepalived-scripts.ts";
import { withOldSpellings } from "./keepalived-spellings.ts";
import { withLinesOfUnknownBlocks } from "./keepalived-unknown-blocks.ts";

/** The version whose configuration and command line are served. */
const servedVersion = "2.2.7";

/** Signals by keepalived's names for what they do. */
const signals: Readonly<Record<string, number>> = {
  STOP: 15,
  RELOAD: 1,
  DATA: 10,
  STATS: 12,
  STATS_CLEAR: 63,
  JSON: 36,
};

/** The page of `keelson keepalived --help`. */
export const keepalivedUsage: string = `usage: keepalived -t [-f FILE] [-i ID] [-e]
       keepalived -v | -h | --signum=NAME

Keelson under the name of keepalived ${servedVersion}: its command line, its messages, its exit statuses.

  -f, --use-file=FILE     the configuration [${defaultConfigFile}]
  -t, --config-test[=LOG] judge the configuration, and write to the file LOG instead of stderr
  -i, --config-id=ID      the id whose @ID lines count [the name of this host]
  -e, --all-config        an include that matches nothing is an error
      --signum=NAME       the signal for STOP, RELOAD, DATA, STATS, STATS_CLEAR or JSON
  -v, --version           the version
  -h, --help              this page

The other options of keepalived are read and have no effect on a test.

Exit status of a test: 0 fine; 2 a missing argument; 4 nothing can run; 5 errors, but it runs;
6 scripts run without script security.
`;

/** Runs keepalived's command line; gives the exit status. */
export async function runKeepalived(
  args: readonly string[],
  io: CommandIo = processIo(),
): Promise<number> {
  const parsed = parseKeepalivedArguments(args);
  if (!parsed.ok) {
    io.stderr(`${parsed.fault}\n`);
    return 1;
  }
  const { options, others } = parsed.value;
  const signum = options.get("signum");
  if (options.has("version")) io.stderr(versionPage());
  else if (options.has("help")) io.stderr(keepalivedUsage);
  else if (signum !== undefined) return printSignal(signum, io);
  else if (options.has("config-test")) return testConfiguration(options, others, io);
  else {
    io.stderr("keepalived: this is Keelson; start it with `keelson run -f FILE`\n");
    return 1;
  }
  return stockStatuses.ok;
}

/** Exporters read the first line. */
function versionPage(): string {
  return `Keepalived v${servedVersion} (Keelson ${keelsonVersion})

Keelson ${keelsonVersion} under the name of keepalived; it reads the configuration of keepalived ${servedVersion}.
`;
}

function printSignal(name: string, io: CommandIo): number {
  const number = signals[name];
  if (number === undefined) {
    io.stderr(`Unknown sigfunc ${name}\n`);
    return 1;
  }
  io.stdout(`${number}\n`);
  return 0;
}

function testConfiguration(
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
