// A host of the lab: network, mount, process and name namespaces of its own, held open by one
// process that ends, and takes everything in the host with it, when the lab closes its input.

import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { present } from "../base/assert.ts";
import { hostScript } from "./host-script.ts";
import { enteredProcess, LabProcess } from "./lab-process.ts";
import { familyOf, processesInNamespaceOf, signalProcess } from "./processes.ts";

/** What a finished command left. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** `pipe` gives the program a standard input that stays open; nothing by default. */
  readonly input?: "ignore" | "pipe";
}

export interface RunOptions {
  /** Written to standard input. */
  readonly input?: string;
  /** SIGKILL after this time; 20,000 by default. */
  readonly timeoutMs?: number;
}

const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/**
 * With a socket as its input bash takes itself for a remote login and reads ~/.bashrc, unless the
 * environment says that another shell is above it.
 */
const env = { PATH: searchPath, HOME: "/root", LANG: "C.UTF-8", SHLVL: "1" };

/** A host has its own /tmp, unless a program that it must run lies there. */
function privateDirectory(): string {
  const needed = [process.execPath, import.meta.dirname, process.cwd()];
  return needed.some((path) => path.startsWith("/tmp/")) ? "" : "tmp";
}

export class Host {
  readonly name: string;
  /** Process id of the holder, as the lab sees it. */
  readonly pid: number;
  readonly #gone: Promise<void>;
  readonly #entrances = new Set<ChildProcess>();

  private constructor(name: string, pid: number, holder: ChildProcess) {
    this.name = name;
    this.pid = pid;
    this.#gone = new Promise((resolve) => {
      if (holder.exitCode !== null || holder.signalCode !== null) resolve();
      else holder.once("exit", () => resolve());
    });
  }

  /** Makes the namespaces. Rejects with the words of the failing command when it may not. */
  static open(name: string): Promise<Host> {
    const namespaces = ["--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child"];
    // A session of its own: Ctrl-C in the terminal is for the lab, which then ends the hosts.
    const holder = spawn(
      "unshare",
      [
        ...namespaces,
        "bash",
        "-c",
        'eval "$LAB_HOST_SCRIPT"',
        `lab-host-${name}`,
        privateDirectory(),
        name,
      ],
      {
        detached: true,
        stdio: ["pipe", "pipe", "pipe"],
        env: { ...env, LAB_HOST_SCRIPT: hostScript },
      },
    );
    return new Promise((resolve, reject) => {
      let output = "";
      let errors = "";
      holder.once("error", reject);
      holder.once("exit", () =>
        reject(new Error(`host ${name}: ${errors.trim() || "no reason given"}`)),
      );
      holder.stderr.on("data", (chunk: Buffer) => {
        errors += chunk.toString("utf8");
      });
      holder.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString("utf8");
        const ready = /^ready (\d+)$/m.exec(output);
        if (ready !== null) resolve(new Host(name, Number(ready[1]), holder));
      });
    });
  }

  #enter(argv: readonly string[], options: StartOptions): ChildProcess {
    const into = ["--target", String(this.pid), "--net", "--mount", "--uts", "--ipc", "--pid"];
    // The kernel waits with the end of a host until nobody outside waits for a process in it.
    const withLab = ["--pdeathsig", "KILL", "nsenter", ...into, "--", ...argv];
    const entrance = spawn("setpriv", withLab, {
      detached: true,
      stdio: [options.input ?? "ignore", "pipe", "pipe"],
      env: { ...env, ...options.environment },
    });
    this.#entrances.add(entrance);
    entrance.once("exit", () => this.#entrances.delete(entrance));
    return entrance;
  }

  /** Starts a program that goes on running. */
  start(argv: readonly string[], options: StartOptions = {}): Promise<LabProcess> {
    return enteredProcess(this.#enter(argv, options));
  }

  /**
   * Runs a shell program in the network of the host but with the lab's own view of processes, so
   * that it can name other hosts by process id. It must succeed.
   */
  async wire(program: string): Promise<void> {
    const into = ["--target", String(this.pid), "--net", "--", "sh", "-euc", program];
    const child = spawn("nsenter", into, { stdio: ["ignore", "ignore", "pipe"], env });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => {
      errors += chunk.toString("utf8");
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    if (code !== 0) throw new Error(`${this.name}: ${errors.trim()}: ${program}`);
  }

  /**
   * Starts a program in the network of the host alone: it sees the processes and files of the lab,
   * so that it can act on other hosts at a precise moment. It must end when its input closes.
   */
  startBeside(argv: readonly string[]): Promise<LabProcess> {
    const into = ["--target", String(this.pid), "--net", "--", ...argv];
    const entered = spawn("nsenter", into, {
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      env,
    });
    return Promise.resolve(new LabProcess(entered, present(entered.pid, "nsenter was started")));
  }

  /** Runs a command to its end. Code 127: not found, as in a shell. */
  run(argv: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    const child = this.#enter(argv, { input: "pipe" });
    child.stdin?.on("error", () => {
      // The command ended without reading its input; its exit status says what happened.
    });
    child.stdin?.end(options.input ?? "");
    const timer = setTimeout(() => {
      if (child.pid !== undefined)
        for (const pid of familyOf(child.pid)) signalProcess(pid, "SIGKILL");
    }, options.timeoutMs ?? 20_000);
    return new Promise((resolve, reject) => {
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
      child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
      child.once("error", reject);
      child.once("close", (code) => {
        clearTimeout(timer);
        resolve({
          code: code ?? 137,
          stdout: Buffer.concat(out).toString("utf8"),
          stderr: Buffer.concat(err).toString("utf8"),
        });
      });
    });
  }

  /** Runs a shell program that must succeed; returns what it printed. */
  async shell(program: string): Promise<string> {
    const result = await this.run(["sh", "-euc", program]);
    if (result.code !== 0)
      throw new Error(
        `${this.name}: ${result.stderr.trim() || `status ${result.code}`}: ${program}`,
      );
    return result.stdout;
  }

  /** Process ids, as the lab sees them, of the programs of a name that run in the host. */
  processes(command: string): number[] {
    return processesInNamespaceOf(this.pid, command);
  }

  /** A path of the host as the lab can open it. */
  outside(path: string): string {
    return `/proc/${this.pid}/root${path}`;
  }

  /**
   * Writes a file in the host. Only where the host has directories of its own: `/run`, `/tmp`, and
   * new directories under `/`.
   */
  writeFile(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(this.outside(path)), { recursive: true });
    writeFileSync(this.outside(path), text);
    chmodSync(this.outside(path), mode);
  }

  /** Copies a file of the machine into the host, with `writeFile`'s limits. */
  copyFile(source: string, path: string, mode = 0o644): void {
    this.writeFile(path, readFileSync(source, "utf8"), mode);
  }

  /** Adds files to a directory of the machine for this host alone; what is there stays there. */
  async overlay(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
    const below = `/run/below${directory}`;
    await this.shell(
      `mkdir -p ${below}; mount --rbind ${directory} ${below}; mount -t tmpfs -o mode=755 lab ${directory}
       for f in ${below}/*; do [ ! -e "$f" ] || ln -s "$f" ${directory}/; done`,
    );
    for (const [name, text] of Object.entries(files)) {
      const path = `${directory}/${name}`;
      await this.shell(`rm -f ${path}`);
      this.writeFile(path, text, 0o755);
    }
  }

  /** Ends everything in the host at once. For use when the lab itself is ending. */
  killNow(): void {
    signalProcess(this.pid, "SIGKILL");
    for (const { pid } of this.#entrances) if (pid !== undefined) signalProcess(pid, "SIGKILL");
  }

  /** Ends everything in the host; resolves when its namespaces are released. */
  async close(): Promise<void> {
    this.killNow();
    await this.#gone;
  }
}
