import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { isRunning } from "../../src/lab/processes.ts";
import { waitFor } from "../../src/lab/waiting.ts";

const keeperProgram = fileURLToPath(new URL("./lab-keeper.js", import.meta.url));
const isRoot = process.getuid?.() === 0;

interface Traces {
  readonly namespaces: readonly string[];
  readonly pids: readonly number[];
}

async function startKeeper(): Promise<{ keeper: ChildProcess; traces: Traces }> {
  const keeper = spawn(process.execPath, [keeperProgram], { stdio: ["pipe", "pipe", "inherit"] });
  assert.ok(keeper.stdout !== null);
  const [line] = (await once(createInterface({ input: keeper.stdout }), "line")) as [string];
  return { keeper, traces: JSON.parse(line) as Traces };
}

/** Namespaces that some process of the machine is in. */
function usedNamespaces(): Set<string> {
  const used = new Set<string>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    for (const kind of ["net", "mnt", "pid"]) {
      try {
        used.add(readlinkSync(`/proc/${pid}/ns/${kind}`));
      } catch {
        // The process ended in the meantime.
      }
    }
  return used;
}

/** Links and mounts of the machine that could only come from the lab. */
function strayLinksAndMounts(): string[] {
  const links = execFileSync("ip", ["-o", "link"], { encoding: "utf8" }).split("\n");
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  return [
    ...links.filter((line) => /: ([ab]-eth0|lan)[@:]/.test(line)),
    ...mounts.filter((line) => / - tmpfs (lab|run) /.test(line) || line.includes("/.machine")),
  ];
}

const endings: readonly [string, (keeper: ChildProcess) => void][] = [
  ["is closed", (keeper) => keeper.stdin?.end()],
  ["is interrupted (SIGINT)", (keeper) => keeper.kill("SIGINT")],
  ["is ended (SIGTERM)", (keeper) => keeper.kill("SIGTERM")],
  ["is killed (SIGKILL)", (keeper) => keeper.kill("SIGKILL")],
];

for (const [ending, end] of endings)
  test(`nothing is left of a lab whose process ${ending}`, async (t) => {
    if (!isRoot) return t.skip("needs root");
    const { keeper, traces } = await startKeeper();
    t.after(() => keeper.kill("SIGKILL"));
    assert.deepEqual(
      strayLinksAndMounts(),
      [],
      "the machine sees neither its links nor its mounts",
    );
    const standing = usedNamespaces();
    assert.ok(traces.namespaces.every((name) => standing.has(name)));
    const ended = once(keeper, "exit");
    end(keeper);
    await ended;
    const gone = await waitFor(
      () => {
        const used = usedNamespaces();
        const left = traces.namespaces.some((name) => used.has(name));
        return left || traces.pids.some(isRunning) ? undefined : true;
      },
      { timeoutMs: 30_000 },
    );
    assert.equal(gone, true, "its processes and namespaces are gone");
    assert.deepEqual(strayLinksAndMounts(), []);
    return undefined;
  });
