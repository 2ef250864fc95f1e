// Commands that ask a running director for something over its control socket.

import { join } from "node:path";
import { askDirector } from "../api/control-client.ts";
import type { ControlAnswer, ControlRequest } from "../api/control-protocol.ts";
import {
  defaultRunDirectory,
  exitStatus,
  type OptionValues,
  parseOptions,
} from "./command-line.ts";

/** A clean stop waits for the peer to take over, which can take a few long advert intervals. */
const answerTimeoutMs = 120_000;

/** Where the director of `--run-dir` listens. */
export function controlSocketPath(options: OptionValues): string {
  return join(String(options["run-dir"] ?? defaultRunDirectory), "control.sock");
}

/** Sends a request. Gives the answer, or the exit status after having said what is wrong. */
export async function askOrExplain(
  path: string,
  request: ControlRequest,
): Promise<ControlAnswer | number> {
  const answer = await askDirector(path, request, answerTimeoutMs);
  if (answer.ok) return answer.value;
  if (answer.fault.kind === "not-running") {
    console.error(
      `keelson: no director is running here (${answer.fault.text}); start one with \`keelson run -f FILE\`, or name its directory with --run-dir`,
    );
    return exitStatus.notRunning;
  }
  const hint = answer.fault.kind === "not-permitted" ? "; try as root" : "";
  console.error(`keelson: ${answer.fault.text}${hint}`);
  return exitStatus.failed;
}

/** `keelson reload`. */
export async function runReload(argv: readonly string[]): Promise<number> {
  return ask("reload", argv, {}, () => ({ command: "reload" }));
}

/** `keelson stop`. */
export async function runStop(argv: readonly string[]): Promise<number> {
  return ask("stop", argv, { keep: { type: "boolean" } }, (options) => ({
    command: "stop",
    keep: options["keep"] === true,
  }));
}

async function ask(
  command: string,
  argv: readonly string[],
  table: Readonly<Record<string, { readonly type: "boolean" }>>,
  requestOf: (options: OptionValues) => ControlRequest,
): Promise<number> {
  const options = parseOptions(command, argv, { ...table, "run-dir": { type: "string" } });
  if (!options.ok) {
    console.error(`keelson: ${options.fault.text}`);
    return exitStatus.usage;
  }
  const answer = await askOrExplain(controlSocketPath(options.value), requestOf(options.value));
  if (typeof answer === "number") return answer;
  if (!answer.ok) {
    console.error(`keelson: ${answer.error}`);
    return exitStatus.failed;
  }
  if ("text" in answer) console.log(answer.text);
  return exitStatus.ok;
}
