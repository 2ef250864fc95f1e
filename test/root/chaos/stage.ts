// Two directors and a client on two segments, for faults of every kind.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Lab } from "../../../src/lab/lab.ts";
import type { LabProcess } from "../../../src/lab/lab-process.ts";
import { waitFor } from "../../../src/lab/waiting.ts";
import type { ProbeAnswer, ProbePlan, ProbeQuestion } from "./protocol.ts";
import { Router } from "./router.ts";

const prober = fileURLToPath(new URL("./prober.js", import.meta.url));
const rtnlWatch = fileURLToPath(new URL("./rtnl-watch.js", import.meta.url));
const echo = fileURLToPath(new URL("./echo.js", import.meta.url));
const port = 7000;
const probeEveryMs = 10;
const patienceMs = 30_000;

const settings = {
  "net/ipv6/conf/all/disable_ipv6": "0",
  "net/ipv6/conf/default/disable_ipv6": "0",
  "net/ipv6/conf/eth0/disable_ipv6": "0",
  "net/ipv6/conf/eth0/keep_addr_on_down": "1",
};

export class Stage {
  readonly lab: Lab;
  readonly routers: readonly [Router, Router];
  readonly #prober: LabProcess;
  readonly #rtnlWatch: LabProcess;
  #answers = 0;

  private constructor(
    lab: Lab,
    routers: readonly [Router, Router],
    asking: LabProcess,
    rtnlWatching: LabProcess,
  ) {
    this.lab = lab;
    this.routers = routers;
    this.#prober = asking;
    this.#rtnlWatch = rtnlWatching;
  }

  /** Routers `a` (priority 150) and `b` (100) run, the client asks. */
  static async build(advertIntervalS: number): Promise<Stage> {
    const names = ["a", "b", "c"];
    const hosts = names.map((name, i) => ({
      name,
      settings,
      interfaces: [
        { name: "eth0", network: "out", addresses: [`10.9.0.${i + 1}/24`, `fd09::${i + 1}/64`] },
        { name: "eth1", network: "in", addresses: [`10.8.0.${i + 1}/24`] },
      ],
    }));
    const lab = await Lab.build({ networks: ["out", "in"], hosts });
    try {
      const site = { advertIntervalS, hasExtraAddress: false };
      const a = await Router.prepare(lab.host("a"), { ...site, priority: 150 });
      const b = await Router.prepare(lab.host("b"), { ...site, priority: 100 });
      const routers = [a, b] as const;
      for (const [i, router] of routers.entries())
        await router.host.start([process.execPath, echo, String(port), String(i)]);
      const macs = (name: string): readonly string[] =>
        routers.map((router) => router.macs[name] ?? "");
      const plan: ProbePlan = {
        everyMs: probeEveryMs,
        port,
        clients: ["10.9.0.100", "10.8.0.100", "fd09::100"].map((address) => ({
          name: address,
          address,
        })),
        direct: [
          {
            interface: "eth0",
            ownAddress: "10.9.0.3",
            address: "10.9.0.100",
            routers: macs("eth0"),
          },
          {
            interface: "eth1",
            ownAddress: "10.8.0.3",
            address: "10.8.0.100",
            routers: macs("eth1"),
          },
        ],
      };
      const argv = [process.execPath, prober, JSON.stringify(plan)];
      const asking = await lab.host("c").start(argv, { input: "pipe" });
      const watch = [process.execPath, rtnlWatch];
      const watching = await lab.host("c").start(watch, { input: "pipe" });
      for (const router of routers) await router.start();
      return new Stage(lab, routers, asking, watching);
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  /** What clients saw in a stretch of time. Questions come in the order of time. */
  async seen(question: ProbeQuestion): Promise<ProbeAnswer> {
    const lines = (): readonly string[] =>
      this.#prober.output.split("\n").filter((line) => line.startsWith("{"));
    this.#prober.stdin?.write(`${JSON.stringify(question)}\n`);
    const wanted = ++this.#answers;
    const line = await waitFor(() => lines()[wanted - 1], { timeoutMs: patienceMs, everyMs: 5 });
    assert.ok(line !== undefined, `the prober is silent: ${this.#prober.output}`);
    return JSON.parse(line) as ProbeAnswer;
  }

  /** For how long others held the kernel's lock of network configuration, milliseconds. */
  stalledMs({ fromMs, toMs }: ProbeQuestion): number {
    const stalls = this.#rtnlWatch.output.matchAll(/^stall (\d+) (\d+)$/gm);
    let sumMs = 0;
    for (const [, from, to] of stalls)
      sumMs += Math.max(0, Math.min(Number(to), toMs) - Math.max(Number(from), fromMs));
    return sumMs;
  }

  close(): Promise<void> {
    return this.lab.close();
  }
}
