// `keelson failover`: asks for it, and waits for what came of it.

import type { DirectorStatus, VrrpInstanceStatus } from "../model/status.ts";
import { exitStatus, parseOptions } from "./command-line.ts";
import { askOrExplain, controlSocketPath } from "./control-commands.ts";

const lookEveryMs = 50;
/** Beyond the time that the addresses are kept for a successor: for a busy machine. */
const graceMs = 3000;

/** `keelson failover NAME`: an instance or a sync group; gives the exit status. */
export async function runFailover(argv: readonly string[]): Promise<number> {
  const { name, rest } = takeName(argv);
  const options = parseOptions("failover", rest, { "run-dir": { type: "string" } });
  if (!options.ok) return refuse(options.fault.text, exitStatus.usage);
  if (name === undefined)
    return refuse("failover takes the name of a VRRP instance or sync group", exitStatus.usage);
  const path = controlSocketPath(options.value);
  const answer = await askOrExplain(path, { command: "failover", name });
  if (typeof answer === "number") return answer;
  if (!answer.ok) return refuse(answer.error, exitStatus.failed);
  if ("text" in answer) console.log(answer.text);
  return awaitOutcome(path, name);
}

/** The first word that is no option, and the others. */
function takeName(argv: readonly string[]): {
  readonly name: string | undefined;
  readonly rest: readonly string[];
} {
  const at = argv.findIndex((word, i) => !word.startsWith("-") && argv[i - 1] !== "--run-dir");
  return { name: argv[at], rest: argv.filter((_, i) => i !== at) };
}

async function awaitOutcome(path: string, name: string): Promise<number> {
  const startedAtMs = Date.now();
  for (;;) {
    const answer = await askOrExplain(path, { command: "status" });
    if (typeof answer === "number") return answer;
    if (!answer.ok || !("status" in answer)) return exitStatus.failed;
    const concerned = instancesNamed(answer.status, name);
    const masters = concerned.filter(({ state }) => state === "MASTER");
    if (masters.length === 0) {
      for (const one of concerned) console.log(`${one.name}: ${one.state}: ${one.cause.text}`);
      return exitStatus.ok;
    }
    // As long as priority 0 leaves to others: an interval and the longest skew time.
    const intervalMs = Math.max(...masters.map((one) => one.advertIntervalCs * 10));
    if (Date.now() - startedAtMs > 3 * intervalMs + graceMs) {
      const names = masters.map((one) => one.name).join(", ");
      return refuse(`${names}: still MASTER: no other router took over`, exitStatus.failed);
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** The instances that a name means: one, or the members of a group. */
function instancesNamed(status: DirectorStatus, name: string): readonly VrrpInstanceStatus[] {
  const members = status.syncGroups?.find((group) => group.name === name)?.members ?? [name];
  return status.vrrpInstances.filter((instance) => members.includes(instance.name));
}

function refuse(text: string, status: number): number {
  console.error(`keelson: ${text}`);
  return status;
}
