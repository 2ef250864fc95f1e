// Starting the VRRP process so that it outlives this one: a session of its own, no terminal, what
// it has to say at its very end in a file.

import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("./vrrp/vrrp-main.js", import.meta.url));

/**
 * A small heap is collected quickly, by the one thread that has real-time priority, and code that was
 * compiled once stays compiled.
 */
const nodeFlags = [
  "--max-semi-space-size=1",
  "--max-old-space-size=64",
  "--single-threaded-gc",
  "--no-flush-bytecode",
];

/** Bytes of its last words that are told. */
const lastWordsMax = 600;

export interface VrrpProcess {
  readonly pid: number | undefined;
  /** Resolves with how it ended, in words, when it has. */
  readonly ended: Promise<string>;
}

/** How a process is started. */
export interface VrrpProcessSettings {
  /** It will listen there. */
  readonly socketPath: string;
  /** Its standard output and error: empty unless it breaks. */
  readonly logPath: string;
  /** SCHED_RR, 1..99; 0: none. */
  readonly realtimePriority: number;
  /** -20..19; undefined: as inherited. */
  readonly nice: number | undefined;
  /** True: it takes the place of one that has died. */
  readonly hurry?: boolean;
  /** What ps shows; the command line when absent. */
  readonly title?: string;
  /** True: a SIGTERM to the process leaves the addresses where they are. */
  readonly keepAddresses?: boolean;
}

/** Starts one. */
export function startVrrpProcess(settings: VrrpProcessSettings): VrrpProcess {
  const { socketPath, logPath, realtimePriority, nice } = settings;
  const log = openSync(logPath, "w", 0o600);
  const argv = ["--socket", socketPath, "--rt-priority", String(realtimePriority)];
  if (nice !== undefined) argv.push("--nice", String(nice));
  if (settings.hurry === true) argv.push("--hurry");
  if (settings.title !== undefined) argv.push("--title", settings.title);
  if (settings.keepAddresses === true) argv.push("--keep-addresses");
  // It lives long and needs nothing of what this process was started with.
  const environment: NodeJS.ProcessEnv = {};
  for (const name of ["PATH", "TZ", "LANG"])
    if (process.env[name] !== undefined) environment[name] = process.env[name];
  const child = spawn(process.execPath, [...nodeFlags, program, ...argv], {
    detached: true,
    stdio: ["ignore", log, log],
    cwd: "/",
    env: environment,
  });
  closeSync(log);
  child.unref();
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => {
      const how = signal === null ? `exit status ${code}` : signal;
      resolve(`${how}${lastWords(logPath)}`);
    });
  });
  return { pid: child.pid, ended };
}

function lastWords(logPath: string): string {
  try {
    const text = readFileSync(logPath, "utf8").trim().slice(-lastWordsMax);
    return text === "" ? "" : `: ${text.replace(/\s*\n\s*/g, " | ")}`;
  } catch {
    // The file is a comfort, not a necessity.
    return "";
  }
}
