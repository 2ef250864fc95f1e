// Real programs as routers of a pair: how each is started, told a new priority, and what it says of
// its states.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Host } from "../../../src/lab/host.ts";
import type { LabProcess } from "../../../src/lab/lab-process.ts";
import { familyOf, signalProcess } from "../../../src/lab/processes.ts";
import { waitFor } from "../../../src/lab/waiting.ts";
import type { VrrpInstance } from "../../../src/model/vrrp-instance.ts";
import { readWish } from "./prediction.ts";
import type { Move, ProgramName } from "./story.ts";

const FRR = "/run/frr";
/** What the instance of a story is called. */
export const INSTANCE = "VI_1";
const CONFIG = "/run/interop.conf";
const keelson = fileURLToPath(new URL("../../../../bin/keelson", import.meta.url));
const PATH = `${process.execPath.replace(/\/[^/]+$/, "")}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

/** A state that an instance entered, at a wall-clock time. */
export interface Entered {
  readonly instance: string;
  readonly state: Move["state"];
  readonly atMs: number;
}

type Phrase = readonly [instance: string, state: string];

/** One program on one host. */
export abstract class Router {
  readonly host: Host;
  /** Every change of state, over all starts. */
  readonly entered: Entered[] = [];
  readonly #last = new Map<string, string>();
  #text = "";

  constructor(host: Host) {
    this.host = host;
  }

  /** Everything that it has said. */
  get text(): string {
    return this.#text;
  }

  /** The instances that have said something since the start. */
  get instances(): readonly string[] {
    return [...this.#last.keys()];
  }

  /** Starts the program on a configuration. */
  abstract start(configuration: string): Promise<void>;
  /** Gives the running program a changed configuration. */
  abstract reload(configuration: string): Promise<void>;
  protected abstract process(): LabProcess | undefined;
  /** The instances and the states that a line is about. */
  protected abstract read(line: string): readonly Phrase[];

  async stop(): Promise<void> {
    this.process()?.signal("SIGTERM");
    this.#last.clear();
    await this.process()?.ended;
  }

  /** SIGKILL to all at once: a parent that saw its child die would start another one. */
  async kill(): Promise<void> {
    const running = this.#running();
    this.freeze();
    for (const pid of this.#family().toReversed()) signalProcess(pid, "SIGKILL");
    this.#last.clear();
    await running.killFamily();
  }

  freeze(): void {
    for (const pid of this.#family()) signalProcess(pid, "SIGSTOP");
  }

  thaw(): void {
    for (const pid of this.#family()) signalProcess(pid, "SIGCONT");
  }

  #running(): LabProcess {
    return this.process() ?? assert.fail(`${this.host.name} runs nothing`);
  }

  #family(): readonly number[] {
    return familyOf(this.#running().pid);
  }

  /** Starts a program whose output is heard line by line. */
  protected async launch(argv: readonly string[], before = ""): Promise<LabProcess> {
    this.#last.clear();
    const script = `${before}; exec "$@" 2>&1`;
    const running = await this.host.start(["sh", "-c", script, "router", ...argv], {
      environment: { PATH },
    });
    let rest = "";
    running.stdout?.on("data", (chunk: Buffer) => {
      const atMs = Date.now();
      const text = chunk.toString("utf8");
      this.#text += text;
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#hear(line, atMs);
    });
    return running;
  }

  #hear(line: string, atMs: number): void {
    for (const [instance, word] of this.read(line)) this.#enter(instance, word, atMs);
  }

  #enter(instance: string, word: string, atMs: number): void {
    const state = word.toUpperCase();
    if (state !== "BACKUP" && state !== "MASTER" && state !== "FAULT") return;
    if (this.#last.get(instance) === state) return;
    this.#last.set(instance, state);
    this.entered.push({ instance, state, atMs });
  }
}

class Keelson extends Router {
  #process: LabProcess | undefined;

  async start(configuration: string): Promise<void> {
    this.host.writeFile(CONFIG, configuration);
    this.#process = await this.launch([keelson, "run", "-f", CONFIG], ":");
  }

  async reload(configuration: string): Promise<void> {
    this.host.writeFile(CONFIG, configuration);
    this.#process?.signal("SIGHUP");
  }

  protected process(): LabProcess | undefined {
    return this.#process;
  }

  protected read(line: string): readonly Phrase[] {
    const found = / (VI_\d+): \w+ -> (\w+): /.exec(line);
    return found === null ? [] : [[found[1] ?? "", found[2] ?? ""]];
  }
}

class Keepalived extends Router {
  #process: LabProcess | undefined;

  async start(configuration: string): Promise<void> {
    this.host.writeFile(CONFIG, configuration);
    const files = ["-f", CONFIG, "-p", "/run/keepalived.pid", "-r", "/run/vrrp.pid"];
    // It gets the processor when it needs it, as Keelson does: a busy machine makes no false MASTER.
    const argv = [
      "nice",
      "-n",
      "-20",
      "keepalived",
      "--vrrp",
      "--dont-fork",
      "--log-console",
      ...files,
    ];
    this.#process = await this.launch(argv, "rm -f /run/keepalived.pid /run/vrrp.pid");
  }

  async reload(configuration: string): Promise<void> {
    this.host.writeFile(CONFIG, configuration);
    this.#process?.signal("SIGHUP");
  }

  protected process(): LabProcess | undefined {
    return this.#process;
  }

  protected read(line: string): readonly Phrase[] {
    // Only the first member of a group says that it is at fault.
    if (line.includes("Syncing instances to FAULT state"))
      return this.instances.map((instance) => [instance, "FAULT"]);
    const found = /: \((\w+)\) Entering (\w+) STATE/.exec(line);
    return found === null ? [] : [[found[1] ?? "", found[2] ?? ""]];
  }
}

/** FRR's vrrpd. It reads no keepalived.conf: what it needs is taken from the wish in one. */
class FreeRangeRouting extends Router {
  #process: LabProcess | undefined;
  #zebra: LabProcess | undefined;

  async start(configuration: string): Promise<void> {
    const [wish] = readWish(configuration).instances;
    assert.ok(wish !== undefined, "one instance");
    await this.#prepare(wish);
    const common = ["-z", `${FRR}/zserv.api`, "--vty_socket", FRR, "-u", "frr", "-g", "frr"];
    const files = (name: string): string[] => [
      ...["-i", `${FRR}/${name}.pid`, "-f", `${FRR}/${name}.conf`],
      ...["-A", "127.0.0.1", "-P", "0", "--log", "stdout"],
    ];
    this.host.writeFile(`${FRR}/zebra.conf`, "");
    this.host.writeFile(`${FRR}/vrrpd.conf`, printFrr(wish));
    this.#zebra ??= await this.host.start(["/usr/lib/frr/zebra", ...common, ...files("zebra")]);
    const ready = await waitFor(
      () => existsSync(this.host.outside(`${FRR}/zserv.api`)) || undefined,
      {
        timeoutMs: 10_000,
        everyMs: 10,
      },
    );
    assert.ok(ready, `zebra listens: ${this.#zebra.output}`);
    const argv = ["nice", "-n", "-20", "/usr/lib/frr/vrrpd", ...common, ...files("vrrpd")];
    this.#process = await this.launch(argv, ":");
  }

  async reload(configuration: string): Promise<void> {
    const [wish] = readWish(configuration).instances;
    const order = `vrrp ${wish?.vrid} priority ${wish?.priority}`;
    const said = ["configure terminal", "interface eth0", order].flatMap((line) => ["-c", line]);
    const { code, stdout } = await this.host.run(["vtysh", "--vty_socket", FRR, ...said]);
    assert.equal(code, 0, stdout);
  }

  protected process(): LabProcess | undefined {
    return this.#process;
  }

  protected read(line: string): readonly Phrase[] {
    const found = /\[VRID \d+\] \[IPv[46]\] \w+ -> (\w+)/.exec(line);
    return found === null ? [] : [[INSTANCE, found[1] ?? ""]];
  }

  /** vrrpd finds its addresses on an interface with the address of the virtual router. */
  async #prepare({ vrid, family, virtualAddresses }: VrrpInstance): Promise<void> {
    const name = `vrrp${family}-${vrid}`;
    const mac = `00:00:5e:00:0${family === 4 ? 1 : 2}:${vrid.toString(16).padStart(2, "0")}`;
    const addresses = virtualAddresses.map(
      ({ address }) => `ip address add ${address}/${family === 4 ? 24 : 64} dev ${name}`,
    );
    await this.host.shell(`mkdir -p ${FRR}; chmod 777 ${FRR}
      ip link show ${name} >/dev/null 2>&1 && exit
      ip link add ${name} link eth0 address ${mac} type macvlan mode bridge
      ${addresses.join("\n")}
      ip link set ${name} up`);
  }
}

function printFrr({
  vrid,
  version,
  priority,
  advertIntervalCs,
  preempt,
  family,
  virtualAddresses,
}: VrrpInstance): string {
  const protocol = family === 4 ? "ip" : "ipv6";
  return `debug vrrp
interface eth0
 vrrp ${vrid} version ${version}
 vrrp ${vrid} priority ${priority}
 vrrp ${vrid} advertisement-interval ${advertIntervalCs * 10}
${preempt ? "" : ` no vrrp ${vrid} preempt\n`}${virtualAddresses.map(({ address }) => ` vrrp ${vrid} ${protocol} ${address}\n`).join("")}`;
}

/** A router that runs a program. */
export function routerOf(program: ProgramName, host: Host): Router {
  switch (program) {
    case "keelson":
      return new Keelson(host);
    case "keepalived":
      return new Keepalived(host);
    case "frr":
      return new FreeRangeRouting(host);
  }
}
