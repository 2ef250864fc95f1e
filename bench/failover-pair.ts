// A pair of directors of one program with a client that measures: the unit of the failover
// benchmark.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { present } from "../src/base/assert.ts";
import { Director, type DirectorProgram } from "../src/lab/director.ts";
import { Lab } from "../src/lab/lab.ts";
import type { LabProcess } from "../src/lab/lab-process.ts";
import { waitFor } from "../src/lab/waiting.ts";
import type { Deed, FailoverOutcome, ProberCommand, ProberReply } from "./failover-protocol.ts";

const vip = "10.0.0.100";
const port = "7000";
const configFile = "/run/pair.conf";
/** The port of the switch that leads to the MASTER. */
const masterPort = "lb1-eth0";

/** An advert interval as keepalived.conf has it, with the protocol version that knows it. */
export interface AdvertCase {
  readonly version: 2 | 3;
  readonly intervalS: number;
}

export type FailoverEvent =
  | "kill -9"
  | "clean stop"
  | "link down"
  | "VRRP process killed"
  | "failover command";

/** The programs of the MASTER and of the BACKUP. */
export type PairPrograms = readonly [DirectorProgram, DirectorProgram];

function configuration(advert: AdvertCase, priority: number): string {
  return `vrrp_instance VI_1 {
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority ${priority}
    version ${advert.version}
    advert_int ${advert.intervalS}
    virtual_ipaddress {
        ${vip}
    }
}
`;
}

function program(name: string): string {
  return fileURLToPath(new URL(`./${name}.js`, import.meta.url));
}

/** Blind clients find the new place of an address by themselves within about five seconds. */
const healingLimitMs = 12_000;

/** The process of a director that speaks VRRP: a child with a name of its own, or the only one. */
function vrrpProcess(running: LabProcess): number {
  const children = running.family().filter((pid) => pid !== running.pid);
  const named = children.find((pid) => commandOf(pid) === "keelson-vrrp");
  return present(named ?? children[0], "a process for VRRP");
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    // It has ended since it was listed.
    return "";
  }
}

export class FailoverPair {
  readonly programs: PairPrograms;
  readonly advert: AdvertCase;
  readonly #lab: Lab;
  readonly #directors: readonly [Director, Director];
  readonly #prober: LabProcess;
  readonly #replies: ProberReply[] = [];

  private constructor(
    lab: Lab,
    directors: readonly [Director, Director],
    prober: LabProcess,
    advert: AdvertCase,
    programs: PairPrograms,
  ) {
    this.#lab = lab;
    this.#directors = directors;
    this.#prober = prober;
    this.advert = advert;
    this.programs = programs;
    const lines = createInterface({ input: present(prober.stdout, "its output is a pipe") });
    lines.on("line", (line) => this.#replies.push(JSON.parse(line) as ProberReply));
  }

  /** Builds the lab and starts both directors; resolves when the first is MASTER and answers. */
  static async open(programs: PairPrograms, advert: AdvertCase): Promise<FailoverPair> {
    const host = (name: string, address: string) => ({
      name,
      interfaces: [{ name: "eth0", network: "lan", addresses: [`10.0.0.${address}/24`] }],
    });
    const hosts = [host("client", "10"), host("lb1", "1"), host("lb2", "2")];
    const lab = await Lab.build({ networks: ["lan"], hosts });
    const directors = programs.map((program, index) => {
      const theHost = lab.host(`lb${index + 1}`);
      theHost.writeFile(configFile, configuration(advert, 150 - 50 * index));
      return new Director(theHost, program, configFile);
    });
    const [first, second] = directors;
    for (const [index, director] of directors.entries())
      await director.host.start([
        process.execPath,
        program("failover-answerer"),
        port,
        `${index + 1}`,
      ]);
    const prober = await lab
      .host("client")
      .startBeside([process.execPath, program("failover-prober"), vip, port, "eth0"]);
    const pair = new FailoverPair(
      lab,
      [present(first, "two directors"), present(second, "two directors")],
      prober,
      advert,
      programs,
    );
    for (const director of directors) await director.start();
    await pair.waitForNode(1);
    return pair;
  }

  async #ask<Kind extends ProberReply["kind"]>(
    command: ProberCommand,
    kind: Kind,
    timeoutMs: number,
  ): Promise<ProberReply & { kind: Kind }> {
    present(this.#prober.stdin, "its input is a pipe").write(`${JSON.stringify(command)}\n`);
    const answer = await waitFor(() => this.#replies.shift(), { timeoutMs, everyMs: 5 });
    if (answer?.kind !== kind)
      throw new Error(
        `the prober did not answer ${command.kind}: ${this.#prober.output.slice(-2000)}`,
      );
    return answer as ProberReply & { kind: Kind };
  }

  /** Waits until a node answers, and only that one, for three adverts on end. */
  async waitForNode(node: number): Promise<void> {
    const stretchMs = Math.max(200, this.#intervalMs);
    let good = 0;
    const settled = await waitFor(
      async () => {
        const answering = await this.#answering();
        const [first, second] = this.#directors;
        const alone =
          (node === 1 ? first : second).holds(vip) && !(node === 1 ? second : first).holds(vip);
        good = answering === node && alone ? good + 1 : 0;
        return good >= 3 || undefined;
      },
      { timeoutMs: 30_000, everyMs: stretchMs / 2 },
    );
    if (settled === undefined)
      throw new Error(
        `${this.programs.map(({ name }) => name).join(" and ")}: node ${node} does not serve the address\n${this.#directors[node - 1]?.process?.output ?? ""}`,
      );
  }

  /** One event at the MASTER, `phase` (0..1) of an interval after an advert, and the way back. */
  async round(event: FailoverEvent, phase: number): Promise<FailoverOutcome> {
    const [master] = this.#directors;
    const running = present(master.process, "the MASTER runs");
    const limitMs = this.#intervalMs * 6 + 2000;
    const outcome = await this.#measure(this.#deed(event, running), 1, phase, limitMs);
    if (event === "link down") await this.lab.switch.shell(`ip link set ${masterPort} up`);
    else {
      await running.stop();
      // Nobody cleans up after a killed MASTER; both programs start on the same clean host. A lease may
      // end on its own meanwhile.
      if (master.holds(vip)) await master.host.shell(`ip address del ${vip}/32 dev eth0 || true`);
      await master.start();
    }
    await this.waitForNode(1);
    return outcome;
  }

  /**
   * The switch carries nothing of the MASTER, which notices nothing; the BACKUP takes over. Measured
   * is what clients miss when the network is whole again.
   */
  async heal(phase: number): Promise<FailoverOutcome> {
    await this.lab.switch.shell(`bridge link set dev ${masterPort} state 0`);
    const served = await waitFor(async () => ((await this.#answering()) === 2 ? true : undefined), {
      timeoutMs: 30_000,
      everyMs: 50,
    });
    if (served === undefined) throw new Error("the BACKUP does not take over in a partition");
    const deed = this.#inSwitch(["bridge", "link", "set", "dev", masterPort, "state", "3"]);
    const outcome = await this.#measure(deed, 2, phase, healingLimitMs);
    await this.waitForNode(1);
    return outcome;
  }

  get #intervalMs(): number {
    return this.advert.intervalS * 1000;
  }

  async #answering(): Promise<number> {
    return (await this.#ask({ kind: "who" }, "who", 5000)).node;
  }

  #measure(
    deed: Deed,
    afterAdvertOf: number,
    phase: number,
    limitMs: number,
  ): Promise<FailoverOutcome> {
    const phaseMs = phase * this.#intervalMs;
    return this.#ask(
      { kind: "event", deed, afterAdvertOf, phaseMs, limitMs },
      "outcome",
      limitMs + this.#intervalMs * 3 + 5000,
    );
  }

  #deed(event: FailoverEvent, running: LabProcess): Deed {
    switch (event) {
      case "kill -9":
        return { kind: "signal", pids: running.family(), signal: "SIGKILL" };
      case "clean stop":
        return { kind: "signal", pids: [running.pid], signal: "SIGTERM" };
      case "VRRP process killed":
        return { kind: "signal", pids: [vrrpProcess(running)], signal: "SIGKILL" };
      case "link down":
        return this.#inSwitch(["ip", "link", "set", masterPort, "down"]);
      case "failover command": {
        const command = present(this.programs[0].failoverCommand, "a program with this command");
        return this.#inside(
          this.#directors[0].host.pid,
          ["--mount", "--pid"],
          [process.execPath, ...command("VI_1")],
        );
      }
    }
  }

  #inSwitch(argv: readonly string[]): Deed {
    return this.#inside(this.lab.switch.pid, [], argv);
  }

  #inside(pid: number, namespaces: readonly string[], argv: readonly string[]): Deed {
    const enter = ["nsenter", "--target", String(pid), "--net", ...namespaces, "--"];
    return { kind: "command", argv: [...enter, ...argv] };
  }

  /** Changes of the sender of adverts, and adverts of the BACKUP, in a time without any event. */
  async watchIdle(
    seconds: number,
  ): Promise<{ readonly falseChanges: number; readonly adverts: number }> {
    await this.#ask({ kind: "count-adverts" }, "adverts", 5000);
    await new Promise((resolve) => {
      setTimeout(resolve, seconds * 1000);
    });
    const counted = await this.#ask({ kind: "count-adverts" }, "adverts", 10_000);
    return { falseChanges: counted.senderChanges, adverts: counted.bySender["1"] ?? 0 };
  }

  /** The hosts, to keep them busy. */
  get lab(): Lab {
    return this.#lab;
  }

  async close(): Promise<void> {
    await this.#lab.close();
    await this.#prober.killFamily();
  }
}
