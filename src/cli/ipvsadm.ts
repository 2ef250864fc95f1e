// `keelson ipvsadm`, or the program called by the name `ipvsadm`, `ipvsadm-save` or `ipvsadm-restore`: ipvsadm's own command
// line, on whatever balances here.

import { readFileSync } from "node:fs";
import type { Result } from "../base/result.ts";
import { type IpvsadmPlane, type IpvsadmWorld, runIpvsadm } from "../ipvsadm/run-command.ts";
import { type CommandIo, processIo } from "./command-io.ts";
import { defaultRunDirectory } from "./command-line.ts";
import { lookUpNames, nameBook } from "./ipvsadm-names.ts";
import { openPlane } from "./ipvsadm-planes.ts";

const defaultPinDirectory = "/sys/fs/bpf/keelson";

/** Where the director that is meant has its places. */
interface Places {
  readonly runDirectory: string;
  readonly pinDirectory: string;
}

/** Runs ipvsadm's command line; gives the exit status. `--run-dir` and `--pin-dir` in front of it are Keelson's. */
export async function runIpvsadmCommand(
  args: readonly string[],
  io: CommandIo = processIo(),
): Promise<number> {
  const { words, places } = withoutPlaces(args);
  return inWorld(places, io, (world) => runIpvsadm(words, world));
}

/** `ipvsadm-save`: `ipvsadm -S`, with `-n` where it is given. */
export async function runIpvsadmSave(
  args: readonly string[],
  io: CommandIo = processIo(),
): Promise<number> {
  const { words, places } = withoutPlaces(args);
  if (words.some((word) => word.startsWith("-") && word !== "-n")) {
    io.stderr(
      "ipvsadm-save: Script to save the IPVS table to stdout.\n   With the -n option, prints out the table in numeric format.\n",
    );
    return 1;
  }
  const save = words.includes("-n") ? ["-S", "-n"] : ["-S"];
  return inWorld(places, io, (world) => runIpvsadm(save, world));
}

/** `ipvsadm-restore`: clears the table, and adds what stdin says; lines that begin with `#` are comments. */
export async function runIpvsadmRestore(
  args: readonly string[],
  io: CommandIo = processIo(),
): Promise<number> {
  const { places } = withoutPlaces(args);
  const text = readInput()
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n");
  return inWorld(places, io, async (world) => {
    await runIpvsadm(["-C"], world);
    return runIpvsadm(["-R"], { ...world, stdin: async () => text });
  });
}

function withoutPlaces(args: readonly string[]): {
  readonly words: readonly string[];
  readonly places: Places;
} {
  let places: Places = { runDirectory: defaultRunDirectory, pinDirectory: defaultPinDirectory };
  let words = args;
  for (;;) {
    const [option, value, ...rest] = words;
    if (value === undefined) return { words, places };
    if (option === "--run-dir") places = { ...places, runDirectory: value };
    else if (option === "--pin-dir") places = { ...places, pinDirectory: value };
    else return { words, places };
    words = rest;
  }
}

/** Works with one data plane, which is opened when it is first asked for, and lets go of it. */
async function inWorld(
  { runDirectory, pinDirectory }: Places,
  io: CommandIo,
  work: (world: IpvsadmWorld) => Promise<number>,
): Promise<number> {
  let opened: Promise<Result<IpvsadmPlane, string>> | undefined;
  const status = await work({
    openPlane: () => {
      opened ??= openPlane(runDirectory, pinDirectory);
      return opened;
    },
    names: nameBook,
    reverseNames: lookUpNames,
    stdout: io.stdout,
    stderr: io.stderr,
    stdin: async () => readInput(),
  });
  const plane = await opened;
  if (plane?.ok === true) await plane.value.close();
  return status;
}

function readInput(): string {
  return readFileSync(0, "utf8");
}
