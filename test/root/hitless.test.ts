// Packets of established flows run through a director while everything is done to it that an operator does
// to a running one. Not one may be missing at the real servers. PACKETS sets how many (`make hitless`: 5 million).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Host } from "../../src/lab/host.ts";
import { Lab } from "../../src/lab/lab.ts";
import type { LabProcess } from "../../src/lab/lab-process.ts";
import { waitFor } from "../../src/lab/waiting.ts";

const program = fileURLToPath(new URL("../../../bin/keelson", import.meta.url));
const packets = Number(process.env["PACKETS"] ?? 400_000);
const seconds = Math.max(20, packets / 100_000);
const flows = 1024;
const configFile = "/run/site/keelson.conf";
const target = "10.8.255.100";
const patienceMs = 60_000;

interface Site {
  readonly scheduler?: string;
  readonly weights?: readonly [number, number];
  readonly third?: boolean;
  readonly persistent?: boolean;
  readonly other?: boolean;
  readonly threshold?: boolean;
}

function configuration(forwarding: "DR" | "NAT", site: Site): string {
  const { scheduler = "rr", weights = [1, 1], threshold = false } = site;
  const server = (address: string, weight: number): string => `
  real_server ${address} ${forwarding === "NAT" ? 8080 : 80} {
    weight ${weight}${threshold ? "\n    uthreshold 100000" : ""}
  }`;
  const service = (port: number): string => `
virtual_server ${target} ${port} {
  lb_algo ${scheduler}
  lb_kind ${forwarding}
  protocol UDP${site.persistent === true ? "\n  persistence_timeout 300" : ""}
${server("10.9.0.2", weights[0])}${server("10.9.0.3", weights[1])}${site.third === true ? server("10.9.0.4", 1) : ""}
}
`;
  return `global_defs {
  router_id HITLESS
  lb_attach native
  lb_interfaces g1 b0
}
${service(80)}${site.other === true ? service(81) : ""}`;
}

for (const forwarding of ["DR", "NAT"] as const) {
  test(`${forwarding}: no packet is lost`, async (t) => {
    if (process.getuid?.() !== 0) return t.skip("needs root");
    const stage = await Stage.build();
    try {
      await stage.play(forwarding, t.diagnostic.bind(t));
    } finally {
      await stage.lab.close();
    }
    return undefined;
  });
}

/** A client and a host of real servers, each on a cable of its own to the director. */
class Stage {
  readonly lab: Lab;
  readonly #director: Host;
  #running: LabProcess | undefined;

  private constructor(lab: Lab) {
    this.lab = lab;
    this.#director = lab.host("lb");
  }

  static async build(): Promise<Stage> {
    const hosts = ["cl", "lb", "rs"].map((name) => ({ name, interfaces: [] }));
    const lab = await Lab.build({ networks: [], hosts });
    const [client, director, servers] = ["cl", "lb", "rs"].map((name) => lab.host(name));
    if (client === undefined || director === undefined || servers === undefined)
      throw new Error("three hosts");
    await lab.switch.wire(`
      ip link add g0 netns ${client.pid} type veth peer name g1 netns ${director.pid}
      ip link add b0 netns ${director.pid} type veth peer name b1 netns ${servers.pid}`);
    await client.shell("ip link set g0 up; ip address add 10.8.0.2/16 dev g0");
    await servers.shell(
      "ip link set b1 up; for i in 2 3 4; do ip address add 10.9.0.$i/24 dev b1; done",
    );
    const mac = (await servers.shell("cat /sys/class/net/b1/address")).trim();
    await director.shell(`ip link set g1 up; ip link set b0 up; sysctl -qw net.ipv4.ip_forward=1
      ip address add 10.8.0.1/16 dev g1; ip address add 10.9.0.1/24 dev b0
      for i in 2 3 4; do ip neigh replace 10.9.0.$i lladdr ${mac} dev b0; done`);
    return new Stage(lab);
  }

  async play(forwarding: "DR" | "NAT", say: (line: string) => void): Promise<void> {
    const site = (changes: Site = {}): string => configuration(forwarding, changes);
    await this.#start(site());
    const counter = await this.#node("rs", "counter", ["b1"], "counting");
    const mac = (await this.#director.shell("cat /sys/class/net/g1/address")).trim();
    const load = [mac, target, "80", String(packets), String(seconds), String(flows)];
    const sender = await this.#node("cl", "sender", ["g0", ...load], "sending");
    const events: readonly (readonly [string, () => Promise<void>])[] = [
      ["weights", () => this.#reload(site({ weights: [3, 1] }))],
      ["a server that takes no new connections", () => this.#reload(site({ weights: [0, 1] }))],
      ["a new server", () => this.#reload(site({ third: true }))],
      ["main process killed", () => this.#restart("kill")],
      ["scheduler", () => this.#reload(site({ third: true, scheduler: "wlc" }))],
      ["a new service", () => this.#reload(site({ third: true, other: true }))],
      ["upgrade: stop --keep, start", () => this.#restart("keep")],
      ["persistence", () => this.#reload(site({ third: true, other: true, persistent: true }))],
      ["thresholds", () => this.#reload(site({ third: true, threshold: true }))],
      ["reload without a change", () => this.#reload(site({ third: true, threshold: true }))],
      ["everything as it was, and back", () => this.#reload(site({ third: true }))],
    ];
    for (const [name, happen] of events) {
      assert.equal(sender.end, undefined, `packets still come before: ${name}`);
      await happen();
      say(`${name}: done`);
    }
    sender.stdin?.write("end\n");
    await until(() => sender.end !== undefined, "the sender ends", seconds * 1000 + patienceMs);
    const sent = Number(/sent (\d+)/.exec(sender.output)?.[1]);
    const received = await this.#received(counter);
    say(`sent ${sent}, received ${received}`);
    assert.ok(sent > 0, sender.output);
    assert.equal(received, sent, "packets that the real servers saw");
  }

  async #start(text: string): Promise<void> {
    this.#director.writeFile(configFile, text);
    this.#running = await this.#director.start([program, "run", "-f", configFile], {
      environment: {
        PATH: `${process.execPath.replace(/\/[^/]+$/, "")}:/usr/sbin:/usr/bin:/sbin:/bin`,
      },
    });
    await this.#settled("the director forwards");
  }

  async #reload(text: string): Promise<void> {
    this.#director.writeFile(configFile, text);
    await this.#keelson("reload");
    await this.#settled("the reload has acted");
  }

  async #restart(how: "kill" | "keep"): Promise<void> {
    const running = this.#running;
    if (how === "kill") running?.signal("SIGKILL");
    else await this.#keelson("stop", "--keep");
    await until(() => running?.end !== undefined, "the main process has ended");
    await this.#start(readFileSync(this.#director.outside(configFile), "utf8"));
  }

  async #keelson(...argv: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.#director.run([program, ...argv]);
    assert.equal(code, 0, `keelson ${argv.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  }

  /** Until the table in the kernel is what the configuration asks for. */
  async #settled(what: string): Promise<void> {
    await until(async () => (await this.#director.run([program, "status"])).code === 0, what);
  }

  async #node(
    host: string,
    name: string,
    argv: readonly string[],
    ready: string,
  ): Promise<LabProcess> {
    const script = fileURLToPath(new URL(`./hitless/${name}.js`, import.meta.url));
    const command = [process.execPath, script, ...argv];
    const running = await this.lab.host(host).start(command, { input: "pipe" });
    await until(() => running.output.includes(ready), `${name}: ${ready}`);
    return running;
  }

  async #received(counter: LabProcess): Promise<number> {
    const before = counter.output.length;
    counter.stdin?.write("how many\n");
    await until(() => counter.output.slice(before).includes("\n"), "the counter answers");
    return Number(/received (\d+)/.exec(counter.output.slice(before))?.[1]);
  }
}

async function until(
  look: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs: number = patienceMs,
): Promise<void> {
  const found = await waitFor(async () => ((await look()) ? true : undefined), {
    timeoutMs,
    everyMs: 20,
  });
  assert.ok(found, what);
}
