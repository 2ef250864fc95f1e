// What the stories share: a lab with directors in it, and ways to tell what the directors say.

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DirectorStatus, RealServerStatus, VrrpInstanceStatus } from "../model/status.ts";
import { Director, type DirectorProgram } from "./director.ts";
import type { Lab } from "./lab.ts";
import type { Story } from "./story.ts";
import type { Topology } from "./topology.ts";
import { monotonicMs } from "./waiting.ts";

export const examplesDirectory: string = fileURLToPath(
  new URL("../../../examples", import.meta.url),
);

/** A cluster and the story that is played on it. */
export interface Scenario {
  /** Its directory in examples/. */
  readonly name: string;
  readonly title: string;
  /** The cluster as a drawing. */
  readonly picture: string;
  readonly topology: Topology;
  /** Whether the directors forward to real servers, which keepalived needs IPVS for. */
  readonly balances: boolean;
  /** Whether it asks for what only Keelson has. */
  readonly onlyKeelson?: boolean;
  /** Programs that it needs beyond those of every scenario. */
  readonly programs: readonly string[];
  play(stage: Stage): Promise<void>;
}

/** How long a restarted or newly appointed director may take until the story calls it a failure. */
export const takeOverLimitMs = 20_000;

export interface StageOptions {
  readonly lab: Lab;
  readonly story: Story;
  readonly program: DirectorProgram;
  readonly topology: Topology;
  /** Changes a configuration of examples/ before a director reads it; absent: as it stands there. */
  readonly rewrite?: (configuration: string) => string;
}

export class Stage {
  readonly lab: Lab;
  readonly story: Story;
  readonly program: DirectorProgram;
  readonly directors: Director[] = [];
  /** Names of hosts by address, to speak of real servers as people do. */
  readonly #names: ReadonlyMap<string, string>;
  readonly #rewrite: ((configuration: string) => string) | undefined;

  constructor(options: StageOptions) {
    this.lab = options.lab;
    this.story = options.story;
    this.program = options.program;
    this.#rewrite = options.rewrite;
    this.#names = new Map(
      options.topology.hosts.flatMap((host) =>
        host.interfaces.flatMap((plan) =>
          plan.addresses.map((address) => [address.split("/")[0] ?? "", host.name] as const),
        ),
      ),
    );
  }

  /** A director on a host, with a file of examples/. */
  director(hostName: string, file: string): Director {
    const host = this.lab.host(hostName);
    let path = join(examplesDirectory, file);
    if (this.#rewrite !== undefined) {
      const text = this.#rewrite(readFileSync(path, "utf8"));
      path = `/run/${basename(file)}`;
      host.writeFile(path, text);
    }
    const director = new Director(host, this.program, path);
    this.directors.push(director);
    return director;
  }

  nameOf(address: string): string {
    return this.#names.get(address) ?? address;
  }

  /** Starts a director and ends the story when the program does not stay. */
  async start(director: Director): Promise<void> {
    const started = await director.start();
    const ended = await Promise.race([started.ended, settle(300)]);
    if (ended === undefined) return;
    this.story.terminal.line(started.output.trimEnd());
    this.story.require(false, `${this.program.name} on ${director.name} ended at once`);
  }

  /** Waits until `director` holds `address` in its kernel and says that it is MASTER. */
  async waitForMaster(director: Director, address: string): Promise<boolean> {
    const text = `waiting for ${director.name} to take ${address}`;
    const held = await this.story.waitFor(text, takeOverLimitMs, async () => {
      if (!director.holds(address)) return undefined;
      const status = await director.status();
      if (status === undefined) return director.programName === "keepalived" || undefined;
      return instanceOf(status, address)?.state === "MASTER" || undefined;
    });
    return held === true;
  }

  /** Waits until `director` has given `address` back. */
  async waitForRelease(director: Director, address: string): Promise<boolean> {
    const text = `waiting for ${director.name} to give ${address} back`;
    const released = await this.story.waitFor(
      text,
      takeOverLimitMs,
      () => !director.holds(address) || undefined,
    );
    return released === true;
  }

  /** Shows the VRRP instances of a director, and why each is in its state. */
  async showInstances(director: Director): Promise<void> {
    const status = await director.status();
    if (status === undefined) {
      this.story.fact(director.name, "(no status)");
      return;
    }
    for (const instance of status.vrrpInstances) {
      const held =
        instance.heldAddresses.length > 0 ? `holds ${instance.heldAddresses.join(", ")}` : "";
      const priority = `priority ${instance.priority}`.padEnd(14);
      this.story.fact(
        director.name,
        `${instance.state.padEnd(7)} ${priority} ${instance.name.padEnd(12)} ${held}`,
      );
      this.story.why(instance.cause.text);
    }
  }

  /** Shows the virtual servers of a director, a line for each real server. */
  async showPools(director: Director): Promise<void> {
    const status = await director.status();
    for (const server of status?.virtualServers ?? []) {
      const reals = server.realServers.map((real) => this.describeRealServer(real)).join(", ");
      this.story.fact("pool", `${server.name} ${server.scheduler} ${server.forwarding}: ${reals}`);
    }
  }

  describeRealServer(real: RealServerStatus): string {
    const weight = real.weight === undefined ? "out of the pool" : `weight ${real.weight}`;
    return `${this.nameOf(real.address)} ${real.health} (${weight})`;
  }

  /** The real server on `host`, as `director` sees it. */
  async realServer(director: Director, host: string): Promise<RealServerStatus | undefined> {
    const status = await director.status();
    return status?.virtualServers
      .flatMap((server) => server.realServers)
      .find((real) => this.nameOf(real.address) === host);
  }

  /** Waits until `director` calls the real server on `host` up or down, and is using it or not. */
  waitForHealth(
    director: Director,
    host: string,
    health: "up" | "down",
  ): Promise<RealServerStatus | undefined> {
    const text = `waiting for ${director.name}'s health check to see that ${host} is ${health}`;
    return this.story.waitFor(text, 90_000, async () => {
      const real = await this.realServer(director, host);
      if (real === undefined || real.health !== health) return undefined;
      return (real.weight ?? 0) > 0 === (health === "up") ? real : undefined;
    });
  }
}

/** The instance that an address belongs to. */
export function instanceOf(
  status: DirectorStatus,
  address: string,
): VrrpInstanceStatus | undefined {
  return status.vrrpInstances.find((instance) =>
    instance.virtualAddresses.some((virtual) => virtual.split("/")[0] === address),
  );
}

/** Lets the story stand still, for traffic to flow. */
export function settle(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms);
  });
}

/** Milliseconds from a moment of the monotonic clock to one of the wall clock, as a status has it. */
export function wallSinceMs(monotonicStartMs: number, wallMs: number): number {
  return wallMs - Date.now() + (monotonicMs() - monotonicStartMs);
}
