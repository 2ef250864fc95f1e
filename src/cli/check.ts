// `keelson check`: judges configuration files and says everything that is to be said about them.
// Exit status: 0 clean or warnings only, 1 errors, 2 wrong usage.

import { keelsonVersion } from "../api/version.ts";
import { ruleOf } from "../conf/rules/catalogue.ts";
import type { Diagnostic } from "../conf/text/diagnostic.ts";
import { renderDiagnostics } from "../conf/text/render-diagnostics.ts";
import type { RenderOptions } from "../conf/text/render-options.ts";
import { type CheckRequest, checkUsage, parseCheckArguments } from "./check-arguments.ts";
import { renderCoverage } from "./check-coverage.ts";
import { explainRuleByName, listRules } from "./check-explain.ts";
import { checkFiles } from "./check-files.ts";
import { fixFiles } from "./check-fix.ts";
import { type Judgement, type JudgeRequest, judgeFiles } from "./check-judge.ts";
import { type CommandIo, processIo, wantsColor } from "./command-io.ts";
import { exitStatus } from "./command-line.ts";
import { readTopology } from "./read-topology.ts";

/** Findings of one rule that the pretty form shows for one file. */
const perRuleMax = 20;

/** Runs `keelson check` with the arguments behind the word `check`; gives the exit status. */
export async function runCheck(
  args: readonly string[],
  io: CommandIo = processIo(),
): Promise<number> {
  const parsed = parseCheckArguments(args);
  if (!parsed.ok) {
    io.stderr(`keelson check: ${parsed.fault}\n${checkUsage.split("\n\n")[0]}\n`);
    return exitStatus.usage;
  }
  const request = parsed.value;
  if (request.help) {
    io.stdout(checkUsage);
    return exitStatus.ok;
  }
  const color = wantsColor(request.color, io);
  if (request.explain !== undefined) return explainRuleByName(request.explain, io, color);
  if (request.listRules) return listRules(io, color);
  return check(request, io, color);
}

function check(request: CheckRequest, io: CommandIo, color: boolean): number {
  const startedMs = performance.now();
  const topology = request.topology === undefined ? undefined : readTopology(request.topology);
  if (topology?.ok === false) {
    io.stderr(topology.fault.map((line) => `keelson check: ${line}\n`).join(""));
    return exitStatus.usage;
  }
  const judge: JudgeRequest = {
    files: request.files,
    configIds: request.configIds,
    separately: request.separately,
    ...(topology === undefined ? {} : { topology: topology.value }),
  };
  const judged = request.fix
    ? fixFiles(judge, io, { dryRun: request.dryRun, color, toStderr: request.format !== "pretty" })
    : judgeFiles(judge, checkFiles());
  if (request.coverage) {
    const { all, format } = request;
    io.stdout(renderCoverage(judged.loaded, { json: format === "json", color, all }));
    return judged.loaded.every(({ configuration }) => configuration !== undefined)
      ? exitStatus.ok
      : exitStatus.failed;
  }
  const status = failing(judged, request.strict) ? exitStatus.failed : exitStatus.ok;
  if (request.dryRun) return status;
  const options = { ...renderOptions(request, io, color), suppressed: judged.suppressed };
  const elapsedMs = performance.now() - startedMs;
  io.stdout(renderDiagnostics(judged.diagnostics, judged.sources, { ...options, elapsedMs }));
  return status;
}

function renderOptions(request: CheckRequest, io: CommandIo, color: boolean): RenderOptions {
  return {
    format: request.format,
    color,
    ruleOf,
    version: keelsonVersion,
    root: `${process.cwd()}/`,
    ...(request.all ? {} : { perRuleMax }),
    ...(io.width === undefined ? {} : { width: io.width }),
  };
}

function failing({ diagnostics }: Judgement, strict: boolean): boolean {
  const counts = ({ severity }: Diagnostic): boolean =>
    severity === "error" || (strict && severity === "warning");
  return diagnostics.some(counts);
}
