// A pair of directors of one program with a client that measures: the unit of the failover
// benchmark.

import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { present } from "../src/base/assert.ts";
import { Director, type DirectorProgram } from "../src/lab/director.ts";
import { Lab } from "../src/lab/lab.ts";
import type { LabProcess } from "../src/lab/lab-process.ts";
import { waitFor } from "../src/lab/waiting.ts";
import type { FailoverOutcome, ProberCommand, ProberReply } from "./failover-protocol.ts";

const vip = "10.0.0.100";
const port = "7000";

/** An advert interval as keepalived.conf has it, with the protocol version that knows it. */
export interface AdvertCase {
  readonly version: 2 | 3;
  readonly intervalS: number;
}

export type FailoverEvent = "kill -9" | "clean stop";

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

export class FailoverPair {
  readonly program: DirectorProgram;
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
    theProgram: DirectorProgram,
  ) {
    this.#lab = lab;
    this.#directors = directors;
    this.#prober = prober;
    this.advert = advert;
    this.program = theProgram;
    const lines = createInterface({ input: present(prober.stdout, "its output is a pipe") });
    lines.on("line", (line) => this.#replies.push(JSON.parse(line) as ProberReply));
  }

  /** Builds the lab and starts both directors; resolves when the first is MASTER and answers. */
  static async open(theProgram: DirectorProgram, advert: AdvertCase): Promise<FailoverPair> {
    const host = (name: string, address: string) => ({
      name,
      interfaces: [{ name: "eth0", network: "lan", addresses: [`10.0.0.${address}/24`] }],
    });
    const hosts = [host("client", "10"), host("lb1", "1"), host("lb2", "2")];
    const lab = await Lab.build({ networks: ["lan"], hosts });
    const directors = ["lb1", "lb2"].map((name, index) => {
      lab.host(name).writeFile("/run/pair.conf", configuration(advert, 150 - 50 * index));
      return new Director(lab.host(name), theProgram, "/run/pair.conf");
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
      theProgram,
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
    const stretchMs = Math.max(200, this.advert.intervalS * 1000);
    let good = 0;
    const settled = await waitFor(
      async () => {
        const { node: answering } = await this.#ask({ kind: "who" }, "who", 5000);
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
        `${this.program.name}: node ${node} does not serve the address\n${this.#directors[node - 1]?.process?.output ?? ""}`,
      );
  }

  /** One event at the MASTER, `phase` (0..1) of an interval after an advert, and the way back. */
  async round(event: FailoverEvent, phase: number): Promise<FailoverOutcome> {
    const [master] = this.#directors;
    const running = present(master.process, "the MASTER runs");
    const intervalMs = this.advert.intervalS * 1000;
    const limitMs = intervalMs * 6 + 2000;
    const outcome = await this.#ask(
      {
        kind: "event",
        pids: event === "kill -9" ? running.family() : [running.pid],
        signal: event === "kill -9" ? "SIGKILL" : "SIGTERM",
        afterAdvertOf: 1,
        phaseMs: phase * intervalMs,
        limitMs,
      },
      "outcome",
      limitMs + intervalMs * 3 + 5000,
    );
    await running.stop();
    // Nobody cleans up after a killed MASTER; both programs start on the same clean host.
    if (master.holds(vip)) await master.host.shell(`ip address del ${vip}/32 dev eth0`);
    await master.start();
    await this.waitForNode(1);
    return outcome;
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
