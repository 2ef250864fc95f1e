// One router of the chaos runs: its director, its files, and what can be seen of it from outside.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import type { Host } from "../../../src/lab/host.ts";
import type { LabProcess } from "../../../src/lab/lab-process.ts";
import { waitFor } from "../../../src/lab/waiting.ts";
import type { DirectorStatus } from "../../../src/model/status.ts";
import { printSite, type Site } from "./site.ts";

const program = fileURLToPath(new URL("../../../../bin/keelson", import.meta.url));
const nodeDirectory = process.execPath.replace(/\/[^/]+$/, "");
const environment = { PATH: `${nodeDirectory}:/usr/sbin:/usr/bin:/sbin:/bin` };
const configFile = "/run/site/keelson.conf";
const notifyLog = "/run/site/notify.log";
const patienceMs = 30_000;

/** What the kernel of a router has of ours. */
export interface Held {
  readonly addresses: string;
  readonly routes: string;
  readonly tables: string;
  readonly processes: string;
}

/** Memory and descriptors of both processes. */
export interface Figures {
  readonly mainKib: number;
  readonly mainDescriptors: number;
  readonly vrrpKib: number;
  readonly vrrpDescriptors: number;
}

export class Router {
  readonly host: Host;
  readonly macs: Readonly<Record<string, string>>;
  site: Site;
  /** True: it was told to run. */
  isWanted = false;
  /** Numbers of its processes in its host, as it said last. */
  pids: { readonly main: number; readonly vrrp: number } = { main: 0, vrrp: 0 };
  #director: LabProcess | undefined;
  #earlierOutput = "";

  private constructor(host: Host, macs: Readonly<Record<string, string>>, site: Site) {
    this.host = host;
    this.macs = macs;
    this.site = site;
  }

  static async prepare(host: Host, site: Site): Promise<Router> {
    const macs: Record<string, string> = {};
    for (const name of ["eth0", "eth1"])
      macs[name] = (await host.shell(`cat /sys/class/net/${name}/address`)).trim();
    const script = `#!/bin/sh\necho "$1 $2 $3" >> ${notifyLog}\n`;
    host.writeFile("/run/site/notify.sh", script, 0o755);
    return new Router(host, macs, site);
  }

  get name(): string {
    return this.host.name;
  }

  /** `keelson run`, until it answers. */
  async start(): Promise<void> {
    this.writeSite(this.site);
    this.#earlierOutput = this.output;
    this.#director = await this.host.start([program, "run", "-f", configFile], { environment });
    this.isWanted = true;
    const answered = await waitFor(() => this.status(), { timeoutMs: patienceMs, everyMs: 50 });
    if (answered === undefined) throw new Error(`${this.name} never answered: ${this.output}`);
  }

  /** Waits for the end of the main process. */
  async untilEnded(): Promise<boolean> {
    const director = this.#director;
    this.isWanted = false;
    if (director === undefined) return true;
    const ended = await waitFor(() => director.end, { timeoutMs: patienceMs, everyMs: 20 });
    return ended !== undefined;
  }

  writeSite(site: Site): void {
    this.site = site;
    this.host.writeFile(configFile, printSite(site));
  }

  /** `keelson ARGUMENTS` on the host, to its end. */
  async ask(...argv: readonly string[]): Promise<{ code: number; output: string }> {
    const asked = await this.host.start([program, ...argv], { environment });
    const { code } = await asked.ended;
    return { code: code ?? 137, output: asked.output };
  }

  /** Everything that its main processes ever wrote. */
  get output(): string {
    return this.#earlierOutput + (this.#director?.output ?? "");
  }

  /** What the VRRP process wrote where nothing should be written. */
  get vrrpLog(): string {
    const path = this.host.outside("/run/keelson/vrrp.log");
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  /** Lines of the notify program: `INSTANCE OUT MASTER`. */
  get notified(): readonly string[] {
    const path = this.host.outside(notifyLog);
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  }

  /** Undefined while no director answers. */
  async status(): Promise<DirectorStatus | undefined> {
    const text = await converse(this.host.outside("/run/keelson/control.sock"));
    if (text === "") return undefined;
    const { status } = JSON.parse(text) as { readonly status?: DirectorStatus };
    if (status?.vrrpPid !== undefined) this.pids = { main: status.pid, vrrp: status.vrrpPid };
    return status;
  }

  /** A signal to processes by their number in the host. */
  async signal(signal: string, ...pids: readonly number[]): Promise<void> {
    await this.host.shell(`kill -${signal} ${pids.join(" ")}`);
  }

  async held(): Promise<Held> {
    const text = await this.host.shell(
      "ip -o address show; echo ====; ip route; echo ====; nft list tables; echo ====; ps -eo args",
    );
    const [addresses = "", routes = "", tables = "", processes = ""] = text.split("====\n");
    return { addresses, routes, tables, processes };
  }

  figures(): Figures {
    const { main, vrrp } = this.pids;
    return {
      mainKib: this.#residentKib(main),
      mainDescriptors: this.#descriptors(main),
      vrrpKib: this.#residentKib(vrrp),
      vrrpDescriptors: this.#descriptors(vrrp),
    };
  }

  #residentKib(pid: number): number {
    const path = this.host.outside(`/proc/${pid}/status`);
    if (!existsSync(path)) return 0;
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(path, "utf8"))?.[1] ?? 0);
  }

  #descriptors(pid: number): number {
    const path = this.host.outside(`/proc/${pid}/fd`);
    return existsSync(path) ? readdirSync(path).length : 0;
  }
}

/** What a director answers to `status`; empty when none does within a second. */
function converse(path: string): Promise<string> {
  const answerWithinMs = 1000;
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(path, () => socket.write('{"command":"status"}\n'));
    const end = (answer: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end(""), answerWithinMs);
    socket.setEncoding("utf8");
    socket.on("error", () => end(""));
    socket.on("close", () => end(""));
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (text.endsWith("\n")) end(text);
    });
  });
}
