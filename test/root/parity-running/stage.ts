// Plays one scene with keepalived on one host and Keelson on another, and notes what each shows.

import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Host } from "../../../src/lab/host.ts";
import { Lab } from "../../../src/lab/lab.ts";
import type { LabProcess } from "../../../src/lab/lab-process.ts";
import { waitFor } from "../../../src/lab/waiting.ts";
import { Rivals } from "./rival.ts";
import type { Scene, Step } from "./scene.ts";
import { takeSnapshot } from "./snapshot.ts";
import { type Packet, Recording } from "./wire.ts";

const keelson = fileURLToPath(new URL("../../../../bin/keelson", import.meta.url));
const nodePath = process.execPath.replace(/\/[^/]+$/, "");
const PATH = `${nodePath}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
const CONFIG = "/run/parity.conf";
const FIFO = "/run/parity.fifo";
const WAIT_MS = 20_000;
const SETTLE_MS = 1500;

export const SIDES = ["keepalived", "keelson"] as const;
export type Side = (typeof SIDES)[number];

/** A line of the FIFO. */
export interface Told {
  readonly text: string;
  readonly atMs: number;
}

/** What one host showed at the end of a step. */
export interface Seen {
  readonly facts: readonly string[];
  /** Lines of the FIFO during the step. */
  readonly told: readonly Told[];
  /** Lines of /run/calls during the step: what scripts wrote. */
  readonly calls: readonly string[];
  readonly packets: readonly Packet[];
  /** Of each address that is asked for: the MAC address that answered, and whether a ping did. */
  readonly answers: readonly string[];
  readonly running: boolean;
  /** States that were waited for in vain. */
  readonly missing: readonly string[];
}

export interface PlayedStep {
  readonly step: Step;
  readonly startedMs: number;
  readonly seen: Readonly<Record<Side, Seen>>;
}

export interface Played {
  readonly scene: Scene;
  readonly steps: readonly PlayedStep[];
  readonly logs: Readonly<Record<Side, string>>;
}

/** What every scene says before its own lines. */
export const preamble = `global_defs {
 vrrp_notify_fifo ${FIFO}
 script_user root
 vrrp_garp_master_delay 1
 vrrp_garp_master_refresh 0
}
`;

/** Plays a scene in a lab of its own. */
export async function play(scene: Scene): Promise<Played> {
  const stage = await Stage.open(scene);
  try {
    const steps: PlayedStep[] = [];
    for (const step of scene.story) steps.push(await stage.perform(step));
    return { scene, steps, logs: stage.logs() };
  } finally {
    await stage.close();
  }
}

/** One of the two hosts. */
class Actor {
  readonly side: Side;
  readonly host: Host;
  readonly told: Told[] = [];
  daemon: LabProcess | undefined;
  output = "";
  #calls = 0;

  constructor(side: Side, host: Host) {
    this.side = side;
    this.host = host;
  }

  async listen(): Promise<void> {
    const program = `mkfifo -m 600 ${FIFO}; exec 3<>${FIFO}; echo ready
      while read -r line <&3; do echo "$EPOCHREALTIME $line"; done`;
    const reader = await this.host.start(["bash", "-c", program]);
    let rest = "";
    let ready = false;
    const hear = (chunk: Buffer | string): void => {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const found = /^(\d+\.\d+) (.*)$/.exec(line);
        if (found === null) ready = true;
        else this.told.push({ text: found[2] ?? "", atMs: Number(found[1]) * 1000 });
      }
    };
    reader.stdout?.on("data", hear);
    await waitFor(() => ready || reader.output.includes("ready") || undefined, {
      timeoutMs: WAIT_MS,
      everyMs: 5,
    });
  }

  async start(): Promise<void> {
    const argv =
      this.side === "keelson"
        ? [keelson, "run", "-f", CONFIG]
        : [
            "nice",
            "-n",
            "-20",
            "keepalived",
            "--vrrp",
            "--dont-fork",
            "--log-console",
            "--log-detail",
          ];
    const more =
      this.side === "keelson" ? [] : ["-f", CONFIG, "-p", "/run/k.pid", "-r", "/run/v.pid"];
    const script = 'exec "$@" 2>&1';
    this.daemon = await this.host.start(["sh", "-c", script, "router", ...argv, ...more], {
      environment: { PATH },
    });
    this.daemon.stdout?.on("data", (chunk: Buffer) => {
      this.output += chunk.toString("utf8");
    });
  }

  async newCalls(): Promise<readonly string[]> {
    const text = (await this.host.run(["cat", "/run/calls"])).stdout;
    const lines = text.split("\n").filter((line) => line !== "");
    const fresh = lines.slice(this.#calls);
    this.#calls = lines.length;
    return fresh;
  }

  get running(): boolean {
    return this.daemon !== undefined && this.daemon.end === undefined;
  }
}

class Stage {
  readonly #scene: Scene;
  readonly #lab: Lab;
  readonly #actors: readonly Actor[];
  readonly #recording: Recording;
  readonly #rivals: Rivals;
  #packetsSeen = 0;

  private constructor(scene: Scene, lab: Lab, actors: readonly Actor[], recording: Recording) {
    this.#scene = scene;
    this.#lab = lab;
    this.#actors = actors;
    this.#recording = recording;
    this.#rivals = new Rivals(lab.switch.pid);
  }

  static async open(scene: Scene): Promise<Stage> {
    const off = scene.ipv6 === true ? "0" : "1";
    const settings = {
      "net/ipv6/conf/all/disable_ipv6": off,
      "net/ipv6/conf/default/disable_ipv6": off,
      "net/ipv6/conf/default/accept_dad": "0",
      "net/ipv6/conf/default/accept_ra": "0",
    };
    const networks = SIDES.flatMap((side) => [`${side}0`, `${side}1`]);
    const hosts = SIDES.map((side) => ({
      name: short(side),
      interfaces: [0, 1].map((i) => ({
        name: `eth${i}`,
        network: `${side}${i}`,
        addresses: [],
      })),
      settings,
    }));
    const lab = await Lab.build({ networks, hosts });
    try {
      const actors = SIDES.map((side) => new Actor(side, lab.host(short(side))));
      await Promise.all(actors.map((actor) => prepare(actor, scene)));
      await prepareNeighbour(lab.switch, scene);
      const recording = await Recording.start(lab.switch);
      return new Stage(scene, lab, actors, recording);
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  async perform(step: Step): Promise<PlayedStep> {
    const startedMs = Date.now();
    const before = this.#actors.map((actor) => actor.told.length);
    await this.#act(step);
    const missing = await Promise.all(
      this.#actors.map((actor, i) => untilTold(actor, before[i] ?? 0, step.until ?? {})),
    );
    await delay(step.settleMs ?? SETTLE_MS);
    const answers = await Promise.all(this.#actors.map((actor) => this.#ask(actor)));
    const packets = this.#recording.packets();
    const fresh = packets.slice(this.#packetsSeen);
    this.#packetsSeen = packets.length;
    const seen = await Promise.all(
      this.#actors.map(
        async (actor, i): Promise<readonly [Side, Seen]> => [
          actor.side,
          {
            facts: await takeSnapshot(actor.host),
            told: actor.told.slice(before[i]),
            calls: await actor.newCalls(),
            packets: fresh
              .filter(({ port }) => port.startsWith(`${short(actor.side)}-`))
              .map((packet) => ({
                ...packet,
                port: packet.port.slice(packet.port.indexOf("-") + 1),
              })),
            answers: answers[i] ?? [],
            running: actor.running,
            missing: missing[i] ?? [],
          },
        ],
      ),
    );
    return { step, startedMs, seen: Object.fromEntries(seen) as PlayedStep["seen"] };
  }

  logs(): Played["logs"] {
    return Object.fromEntries(
      this.#actors.map((actor) => [actor.side, actor.output]),
    ) as Played["logs"];
  }

  async close(): Promise<void> {
    this.#rivals.silence();
    await this.#recording.end();
    await this.#lab.close();
  }

  async #act({ act }: Step): Promise<void> {
    const all = (deed: (actor: Actor) => Promise<unknown>): Promise<unknown> =>
      Promise.all(this.#actors.map(deed));
    switch (act.kind) {
      case "start":
        await all((actor) => actor.start());
        return;
      case "stop":
        await all(async (actor) => {
          actor.daemon?.signal("SIGTERM");
          await waitFor(() => actor.daemon?.end, { timeoutMs: WAIT_MS, everyMs: 10 });
        });
        return;
      case "reload":
        await all(async (actor) => {
          actor.host.writeFile(CONFIG, preamble + act.text);
          actor.daemon?.signal("SIGHUP");
        });
        return;
      case "shell":
        await all((actor) => actor.host.shell(act.program));
        return;
      case "cable":
        await this.#lab.switch.shell(
          SIDES.map(
            (side) => `ip link set ${short(side)}-${act.port} ${act.plugged ? "up" : "down"}`,
          ).join("\n"),
        );
        return;
      case "rival":
        this.#rivals.begin(
          act.rival,
          SIDES.map((side) => `${side}${(act.rival.port ?? "eth0").slice(-1)}`),
        );
        return;
      case "silence":
        this.#rivals.silence();
        return;
      case "nothing":
        return;
    }
  }

  /** Asks for addresses as a neighbour that has forgotten everything. */
  async #ask(actor: Actor): Promise<readonly string[]> {
    const { probes = [] } = this.#scene;
    return Promise.all(
      probes.map(async (probe) => {
        const device = `${actor.side}${probe.startsWith("10.10.") ? 1 : 0}`;
        const { stdout } = await this.#lab.switch.run([
          "sh",
          "-c",
          `ip neigh flush to ${probe} dev ${device} 2>/dev/null
           ping -n -c 1 -W 1 -I ${device} ${probe} >/dev/null && printf 'answers ' || printf 'is silent '
           ip -o neigh show to ${probe} dev ${device} | grep -o 'lladdr [0-9a-f:]*' || echo unknown`,
        ]);
        return `${probe} ${stdout.trim()}`;
      }),
    );
  }
}

const short = (side: Side): string => (side === "keelson" ? "ours" : "theirs");

async function untilTold(
  actor: Actor,
  from: number,
  wanted: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const missing = (): readonly string[] =>
    Object.entries(wanted)
      .filter(
        ([name, state]) =>
          !actor.told.slice(from).some(({ text }) => text.includes(` "${name}" ${state}`)),
      )
      .map(([name, state]) => `${name} ${state}`);
  await waitFor(() => missing().length === 0 || undefined, { timeoutMs: WAIT_MS, everyMs: 10 });
  return missing();
}

async function prepare(actor: Actor, scene: Scene): Promise<void> {
  const { host } = actor;
  const six = scene.ipv6 === true;
  const lines = [0, 1].flatMap((i) => [
    `ip link set eth${i} down`,
    `ip link set eth${i} address 02:00:00:00:00:0${i + 1}`,
    `ip link set eth${i} up`,
    `ip address add ${10}.${9 + i}.0.1/24 dev eth${i}`,
    ...(six ? [`ip address add fd00:${9 + i}::1/64 dev eth${i}`] : []),
  ]);
  await host.shell([...lines, ": >/run/calls", scene.prepare ?? ""].join("\n"));
  for (const [path, text] of Object.entries(scene.files ?? {})) host.writeFile(path, text, 0o755);
  host.writeFile(CONFIG, preamble + scene.text);
  await actor.listen();
}

/** The switch has an address in every network: the neighbour that asks for addresses. */
async function prepareNeighbour(theSwitch: Host, scene: Scene): Promise<void> {
  const six = scene.ipv6 === true;
  await theSwitch.shell(
    SIDES.flatMap((side) =>
      [0, 1].flatMap((i) => [
        `ip address add 10.${9 + i}.0.254/24 dev ${side}${i}`,
        ...(six
          ? [
              `echo 0 >/proc/sys/net/ipv6/conf/${side}${i}/disable_ipv6`,
              `ip address add fd00:${9 + i}::fe/64 dev ${side}${i} nodad`,
            ]
          : []),
      ]),
    ).join("\n"),
  );
}
