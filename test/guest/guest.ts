// A virtual machine with Debian's kernel, which has the real IPVS, over this machine's file system. It boots once,
// in some seconds, and runs as many scripts as a test likes. tools/guest.sh says what it is made of.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The root of the repository, which the guest sees under the same path, read-only. */
export const repository = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

/** How a script ended. */
export interface GuestResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Longest time that one script may take; the guest is emulated, and the host may be busy. */
const patienceMs = 3_000_000;
const bootPatienceMs = 300_000;
const pollMs = 30;

/** Why no guest can be booted here, in one clause; undefined when one can. */
export function whyNoGuest(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root";
  const missing = ["qemu-system-x86_64", "busybox", "depmod", "cpio", "ipvsadm"].filter(
    (command) => {
      try {
        execFileSync("sh", ["-c", `PATH="$PATH:/usr/sbin:/sbin" command -v ${command}`]);
        return false;
      } catch {
        return true;
      }
    },
  );
  return missing.length === 0 ? undefined : `needs ${missing.join(", ")}: tools/packages.sh guest`;
}

/** Text as one word of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A booted guest. Its /tmp, /run and /var/lib are empty and its own; all else is the host's, read-only. */
export class Guest {
  /** Shared and writable; the guest sees it as /mnt. */
  readonly folder: string;
  readonly #machine: ChildProcess;
  readonly #endWithUs: () => void;
  #number = 0;
  #last: Promise<unknown> = Promise.resolve();
  #ended = false;

  private constructor(folder: string, machine: ChildProcess) {
    this.folder = folder;
    this.#machine = machine;
    this.#endWithUs = () => this.#kill();
    process.once("exit", this.#endWithUs);
    machine.once("exit", () => {
      this.#ended = true;
    });
  }

  /** Boots; `memory` as qemu takes it. The test that boots closes. */
  static async boot(options: { readonly memory?: string } = {}): Promise<Guest> {
    const folder = mkdtempSync(join(tmpdir(), "guest-"));
    const agent = join(repository, "test/guest/agent.sh");
    const machine = spawn(join(repository, "tools/guest.sh"), ["bash", agent], {
      cwd: repository,
      detached: true,
      stdio: "ignore",
      env: {
        ...process.env,
        GUEST_OUT: folder,
        GUEST_TIMEOUT: "7200",
        ...(options.memory === undefined ? {} : { GUEST_MEMORY: options.memory }),
      },
    });
    const guest = new Guest(folder, machine);
    try {
      await guest.#until(() => existsSync(join(folder, "ready")), bootPatienceMs, "to boot");
    } catch (error) {
      guest.#remove();
      throw error;
    }
    return guest;
  }

  /** Runs a script of bash in the repository's folder, as root, after those that were asked for before. */
  run(script: string): Promise<GuestResult> {
    const result = this.#last.then(() => this.#run(script));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** The output of a script that must succeed. */
  async output(script: string): Promise<string> {
    const { status, stdout, stderr } = await this.run(script);
    if (status !== 0)
      throw new Error(`in the guest: ${script}\nended with ${status}: ${stderr}${stdout}`);
    return stdout;
  }

  /** Runs a compiled module below dist/, for instance `dist/test/guest/reader.js`, with this host's Node. */
  node(module: string, ...args: readonly string[]): Promise<GuestResult> {
    const words = [process.execPath, "--enable-source-maps", join(repository, module), ...args];
    return this.run(words.map(quoted).join(" "));
  }

  /** Runs `keelson ...` as it was built. */
  keelson(...args: readonly string[]): Promise<GuestResult> {
    const words = [join(repository, "bin/keelson"), ...args];
    return this.run(words.map(quoted).join(" "));
  }

  /** Shuts the guest down. */
  async close(): Promise<void> {
    if (!this.#ended) {
      writeFileSync(join(this.folder, "end"), "");
      await this.#until(() => this.#ended, 20_000, "to end").catch(() => this.#kill());
    }
    this.#remove();
  }

  async #run(script: string): Promise<GuestResult> {
    this.#number++;
    const path = (suffix: string): string => join(this.folder, `${this.#number}.${suffix}`);
    const node = process.execPath.replace(/\/[^/]+$/, "");
    writeFileSync(path("writing"), `PATH="${node}:$PATH"\ncd ${quoted(repository)}\n${script}\n`);
    renameSync(path("writing"), path("sh"));
    await this.#until(() => existsSync(path("status")), patienceMs, `to run: ${script}`);
    const text = (suffix: string): string => readFileSync(path(suffix), "utf8");
    return { status: Number(text("status")), stdout: text("out"), stderr: text("err") };
  }

  async #until(condition: () => boolean, limitMs: number, what: string): Promise<void> {
    const deadline = Date.now() + limitMs;
    while (!condition()) {
      if (this.#ended) throw new Error(`the guest ended and was ${what}:\n${this.#console()}`);
      if (Date.now() > deadline)
        throw new Error(`the guest took more than ${limitMs} ms ${what}:\n${this.#console()}`);
      await sleep(pollMs);
    }
  }

  #console(): string {
    const path = join(this.folder, ".console");
    return existsSync(path) ? readFileSync(path, "utf8").slice(-2000) : "(it said nothing)";
  }

  #kill(): void {
    const { pid } = this.#machine;
    if (this.#ended || pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  }

  #remove(): void {
    this.#kill();
    process.removeListener("exit", this.#endWithUs);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
