// `keelson status`.

import { exitStatus, parseOptions } from "./command-line.ts";
import { askOrExplain, controlSocketPath } from "./control-commands.ts";
import { choosePaint } from "./paint.ts";
import { renderStatus } from "./render-status.ts";

const widthDefault = 80;
const widthMax = 120;

/** Prints the status as a page, or as JSON with `--json`. */
export async function runStatus(argv: readonly string[]): Promise<number> {
  const options = parseOptions("status", argv, {
    json: { type: "boolean" },
    "run-dir": { type: "string" },
  });
  if (!options.ok) {
    console.error(`keelson: ${options.fault.text}`);
    return exitStatus.usage;
  }
  const answer = await askOrExplain(controlSocketPath(options.value), { command: "status" });
  if (typeof answer === "number") return answer;
  if (!answer.ok || !("status" in answer)) {
    console.error(`keelson: ${answer.ok ? "the director gave no status" : answer.error}`);
    return exitStatus.failed;
  }
  if (options.value["json"] === true) {
    console.log(JSON.stringify(answer.status, undefined, 2));
    return exitStatus.ok;
  }
  const columns = process.stdout.columns ?? widthDefault;
  const page = renderStatus(answer.status, {
    nowMs: Date.now(),
    width: Math.max(widthDefault, Math.min(columns, widthMax)),
    paint: choosePaint(process.stdout.isTTY === true, process.env["NO_COLOR"]),
  });
  console.log(page);
  return exitStatus.ok;
}
