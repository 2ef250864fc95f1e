// Runs programs for their exit status: no shell, a process group of their own, no environment but PATH
// and what the caller gives, no input and no output.

import { type ChildProcess, spawn } from "node:child_process";
import type {
  ProcessOutcome,
  ProcessRequest,
  ProcessRunner,
  RunningProcess,
} from "../world/process.ts";
import { groupsOfUser } from "./accounts.ts";
import { spokenDuration } from "./probes/spoken-duration.ts";
import { judgeProgram, programPath, type RunnableProgram } from "./script-security.ts";

/** Between SIGTERM and SIGKILL, as keepalived has it. */
const termGraceMs = 2000;
/** After SIGKILL; a process that sleeps in the kernel may outlive it. */
const killGraceMs = 1000;

/** Longest delay that setTimeout takes. */
const timerMaxMs = 2 ** 31 - 1;

const setpriv = "/usr/bin/setpriv";

const environment = { PATH: programPath.join(":") };

/** The real runner of programs. */
export function openScriptRunner(): ProcessRunner {
  return { run: (request, onEnd) => new Run(request, onEnd) };
}

class Run implements RunningProcess {
  readonly pid?: number;
  readonly #request: ProcessRequest;
  #onEnd: ((outcome: ProcessOutcome) => void) | undefined;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timedOut = false;
  #gone = false;

  constructor(request: ProcessRequest, onEnd: (outcome: ProcessOutcome) => void) {
    this.#request = request;
    this.#onEnd = onEnd;
    try {
      const pid = this.#start();
      if (pid !== undefined) this.pid = pid;
    } catch (error) {
      setImmediate(() => this.#end({ success: false, text: this.#describeStart(error) }));
    }
  }

  cancel(): void {
    this.#onEnd = undefined;
    clearTimeout(this.#timer);
    if (this.#gone || this.#child === undefined) return;
    this.#signalGroup("SIGTERM");
    this.#timer = setTimeout(() => this.#signalGroup("SIGKILL"), termGraceMs);
    // A daemon that stops does not wait for a script that ignores SIGTERM.
    this.#timer.unref();
  }

  #start(): number | undefined {
    const { settings, timeoutMs } = this.#request;
    const judged = judgeProgram(this.#request, settings);
    if (!judged.ok) {
      setImmediate(() => this.#end({ success: false, text: `refused: ${judged.fault.text}` }));
      return undefined;
    }
    const { command, ids } = asAccount(judged.value, settings?.supplementaryGroups === true);
    const [program = "", ...args] = command;
    const child = spawn(program, args, {
      cwd: "/",
      detached: true,
      env: { ...environment, ...this.#request.environment },
      stdio: "ignore",
      ...ids,
    });
    this.#child = child;
    child.on("error", (error) => this.#end({ success: false, text: this.#describeStart(error) }));
    child.on("exit", (code, signal) => this.#onExit(code, signal));
    if (timeoutMs !== Number.POSITIVE_INFINITY)
      this.#timer = setTimeout(() => this.#onTimeout(), Math.min(timeoutMs, timerMaxMs));
    return child.pid;
  }

  #onTimeout(): void {
    this.#timedOut = true;
    this.#signalGroup("SIGTERM");
    this.#timer = setTimeout(() => {
      this.#signalGroup("SIGKILL");
      this.#timer = setTimeout(() => this.#end(this.#timeoutOutcome()), killGraceMs);
    }, termGraceMs);
  }

  #onExit(code: number | null, signal: NodeJS.Signals | null): void {
    // What a script started and left behind in a regular run is its own affair (it may be the
    // server that it restarted); what is left of a run that timed out is ended.
    const cancelled = this.#onEnd === undefined;
    if (this.#timedOut || cancelled) this.#signalGroup("SIGKILL");
    if (this.#timedOut) this.#end(this.#timeoutOutcome());
    else if (code === null) this.#end({ success: false, text: `killed by ${signal}` });
    else this.#end({ success: code === 0, text: `exit status ${code}` });
  }

  #end(outcome: ProcessOutcome): void {
    this.#gone = true;
    clearTimeout(this.#timer);
    const onEnd = this.#onEnd;
    this.#onEnd = undefined;
    onEnd?.(outcome);
  }

  #timeoutOutcome(): ProcessOutcome {
    const text = `timed out after ${spokenDuration(this.#request.timeoutMs)}`;
    return { success: false, text };
  }

  #signalGroup(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // ESRCH: the whole group has ended, which is what the signal is for.
    }
  }

  #describeStart(error: unknown): string {
    const program = this.#request.command[0] ?? "";
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return `not executable: ${program} (${code})`;
  }
}

/** What is started, and which ids Node is to set. */
interface Start {
  readonly command: readonly string[];
  readonly ids: { readonly uid?: number; readonly gid?: number };
}

function asAccount({ command, uid, gid }: RunnableProgram, supplementaryGroups: boolean): Start {
  // Setting the ids that the daemon has anyway would need a privilege, and would take its groups away.
  if (uid === process.getuid?.() && gid === process.getgid?.()) return { command, ids: {} };
  const groups = supplementaryGroups ? groupsOfUser(uid) : [];
  if (groups.length === 0) return { command, ids: { uid, gid } };
  // Node can only clear the list of groups; setpriv (util-linux) sets one and becomes the program.
  const become = [setpriv, `--reuid=${uid}`, `--regid=${gid}`, `--groups=${groups.join(",")}`];
  return { command: [...become, "--", ...command], ids: {} };
}
