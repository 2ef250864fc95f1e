// A director: a host that runs a high-availability program on a configuration file. The program is
// Keelson, or keepalived for comparison.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { present } from "../base/assert.ts";
import type { DirectorStatus } from "../model/status.ts";
import type { Host } from "./host.ts";
import type { LabProcess } from "./lab-process.ts";
import { waitFor } from "./waiting.ts";

/** A program that can run a director. */
export interface DirectorProgram {
  readonly name: "keelson" | "keepalived";
  /** Its arguments, to run in the foreground on a configuration file. */
  command(configFile: string): readonly string[];
  /** Arguments that print its status as JSON; absent when it has no such thing. */
  readonly statusCommand?: readonly string[];
  /** Arguments that make a MASTER hand an instance over; absent when it has no such thing. */
  failoverCommand?(instance: string): readonly string[];
  /** Files that a killed process leaves and that would stop the next one. */
  readonly staleFiles: readonly string[];
}

const keelsonPath = fileURLToPath(new URL("../../../bin/keelson", import.meta.url));

export const keelson: DirectorProgram = {
  name: "keelson",
  command: (configFile) => [keelsonPath, "run", "-f", configFile],
  statusCommand: [keelsonPath, "status", "--json"],
  failoverCommand: (instance) => [keelsonPath, "failover", instance],
  staleFiles: [],
};

/** Only its VRRP part: its virtual servers need IPVS in the kernel. */
export const keepalived: DirectorProgram = {
  name: "keepalived",
  command: (configFile) => [
    "keepalived",
    "--vrrp",
    "--dont-fork",
    "--log-console",
    "-f",
    configFile,
  ],
  staleFiles: ["/run/keepalived.pid", "/run/vrrp.pid", "/run/checkers.pid"],
};

/** The same without a word, as it should be measured: its log would slow it. */
export const quietKeepalived: DirectorProgram = {
  ...keepalived,
  command: (configFile) => ["keepalived", "--vrrp", "--dont-fork", "-f", configFile],
};

export class Director {
  readonly host: Host;
  readonly configFile: string;
  readonly #program: DirectorProgram;
  #process: LabProcess | undefined;

  constructor(host: Host, program: DirectorProgram, configFile: string) {
    this.host = host;
    this.#program = program;
    this.configFile = configFile;
  }

  get name(): string {
    return this.host.name;
  }

  get programName(): string {
    return this.#program.name;
  }

  /** The running program; undefined before the first start. */
  get process(): LabProcess | undefined {
    return this.#process;
  }

  /**
   * Starts the program. Its process id is in `/run/director.pid` of the host, for scripts there
   * that stop it.
   */
  async start(): Promise<LabProcess> {
    const stale = this.#program.staleFiles.join(" ");
    const enter = `rm -f ${stale}; echo $$ > /run/director.pid; exec "$@"`;
    const command = this.#program.command(this.configFile);
    // Node may be installed where no search path leads.
    const path = `${process.execPath.replace(/\/[^/]+$/, "")}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
    this.#process = await this.host.start(["sh", "-c", enter, "director", ...command], {
      environment: { PATH: path },
    });
    return this.#process;
  }

  /** What the program says of itself; undefined when it does not answer or cannot say. */
  async status(): Promise<DirectorStatus | undefined> {
    const command = this.#program.statusCommand;
    if (command === undefined) return undefined;
    const answer = await this.host.run([process.execPath, ...command], { timeoutMs: 5000 });
    if (answer.code !== 0) return undefined;
    try {
      return JSON.parse(answer.stdout) as DirectorStatus;
    } catch {
      // Half an answer of a program that was just ending: the same as none.
      return undefined;
    }
  }

  /** Makes it hand an instance over; gives what it says. */
  async failover(instance: string): Promise<string> {
    const command = present(this.#program.failoverCommand, "the program can hand over")(instance);
    const answer = await this.host.run([process.execPath, ...command]);
    return `${answer.stdout}${answer.stderr}`.trim();
  }

  /** Whether the kernel of the host has an address; asked of the kernel, not of the program. */
  holds(address: string): boolean {
    const table = readFileSync(`/proc/${this.host.pid}/net/fib_trie`, "latin1");
    return new RegExp(`\\|-- ${address.replaceAll(".", "\\.")}\\n\\s+/32 host LOCAL`).test(table);
  }

  /** Ends all its processes with SIGKILL. */
  async kill(): Promise<void> {
    await this.#process?.killFamily();
  }

  /** Asks it to end (SIGTERM) and waits. */
  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  /** Waits until the host has the address; false when it does not get it in time. */
  async waitUntilHolding(address: string, timeoutMs: number): Promise<boolean> {
    const held = await waitFor(() => this.holds(address) || undefined, { timeoutMs, everyMs: 20 });
    return held === true;
  }
}
