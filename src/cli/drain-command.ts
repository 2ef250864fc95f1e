// `keelson drain SERVER` and `keelson undrain SERVER`: real servers leave, and come back, without losing connections.

import { parseArgs } from "node:util";
import type { ControlRequest } from "../api/control-protocol.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { realServerIdentity } from "../model/health.ts";
import type { DirectorStatus } from "../model/status.ts";
import { parseTime } from "./apply-command.ts";
import { exitStatus } from "./command-line.ts";
import { askOrExplain, controlSocketPath } from "./control-commands.ts";

type Verb = "drain" | "undrain";

/** Counters come every two seconds: more often shows nothing new. */
const lookEveryMs = 1000;

interface DrainArguments {
  readonly server: string;
  readonly virtualServer?: string;
  readonly withinMs?: number;
  readonly wait: boolean;
  readonly socket: string;
}

/** Gives the exit status. */
export async function runDrain(verb: Verb, argv: readonly string[]): Promise<number> {
  const parsed = parseDrain(verb, argv);
  if (!parsed.ok) {
    console.error(`keelson ${verb}: ${parsed.fault}`);
    return exitStatus.usage;
  }
  const { server, virtualServer, withinMs, wait, socket } = parsed.value;
  const target = { server, ...(virtualServer === undefined ? {} : { virtualServer }) };
  const request: ControlRequest =
    verb === "undrain"
      ? { command: verb, ...target }
      : { command: verb, ...target, ...(withinMs === undefined ? {} : { withinMs }) };
  const answer = await askOrExplain(socket, request);
  if (typeof answer === "number") return answer;
  if (!answer.ok) {
    console.error(`keelson: ${answer.error}`);
    return exitStatus.failed;
  }
  if ("text" in answer) console.log(answer.text);
  return wait ? awaitEmpty(parsed.value) : exitStatus.ok;
}

/** Says how many connections are left whenever that has changed, until none is. */
async function awaitEmpty({ server, virtualServer, socket }: DrainArguments): Promise<number> {
  let told: string | undefined;
  // The first counters may be from before the server had a connection.
  for (let looks = 0; ; looks++) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    const answer = await askOrExplain(socket, { command: "status" });
    if (typeof answer === "number") return answer;
    if (!answer.ok || !("status" in answer)) return exitStatus.failed;
    const drains = drainsOf(answer.status, server, virtualServer);
    const left = drains.reduce((sum, one) => sum + (one.cut ? 0 : one.left), 0);
    const text = left === 1 ? "1 connection is left" : `${left} connections are left`;
    if (text !== told && (left > 0 || looks >= 3)) console.log(text);
    told = left > 0 || looks >= 3 ? text : told;
    if (left === 0 && looks >= 3) return exitStatus.ok;
  }
}

function drainsOf({ virtualServers }: DirectorStatus, server: string, virtualServer?: string) {
  return virtualServers
    .filter(({ name }) => virtualServer === undefined || name === virtualServer)
    .flatMap(({ realServers }) => realServers)
    .filter((one) => one.address === server || realServerIdentity(one) === server)
    .flatMap(({ drain }) => drain ?? []);
}

function parseDrain(verb: Verb, argv: readonly string[]): Result<DrainArguments, string> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    // parseArgs names the option that it does not know.
    return fail(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  const [server, ...others] = positionals;
  if (server === undefined) return fail("which real server? 10.0.0.7 or 10.0.0.7:80");
  if (others.length > 0) return fail(`one real server only, not \`${others.join(" ")}\` as well`);
  if (verb === "undrain" && (values.within !== undefined || values.wait === true))
    return fail("--within and --wait belong to `keelson drain`");
  const withinMs = values.within === undefined ? undefined : parseTime(values.within);
  if (values.within !== undefined && withinMs === undefined)
    return fail(`\`${values.within}\` is no time from 1 s to a day`);
  const runDirectory = values["run-dir"];
  return ok({
    server,
    ...(values.of === undefined ? {} : { virtualServer: values.of }),
    ...(withinMs === undefined ? {} : { withinMs }),
    wait: values.wait === true,
    socket: controlSocketPath(runDirectory === undefined ? {} : { "run-dir": runDirectory }),
  });
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      of: { type: "string" },
      within: { type: "string" },
      wait: { type: "boolean" },
      "run-dir": { type: "string" },
    },
  });
}
