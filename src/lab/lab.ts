// A lab: one switch, its networks, and hosts. Nothing of it has a name on the machine; when the
// process that built it ends, in whatever way, the kernel takes all of it away.

import { present } from "../base/assert.ts";
import { Host } from "./host.ts";
import {
  type HostPlan,
  renderCables,
  renderHost,
  renderSwitch,
  type Topology,
} from "./topology.ts";

export class Lab {
  readonly #hosts: Map<string, Host>;
  readonly #switch: Host;
  readonly #onExit: () => void;

  private constructor(theSwitch: Host, hosts: Map<string, Host>) {
    this.#switch = theSwitch;
    this.#hosts = hosts;
    this.#onExit = () => this.killNow();
    process.on("exit", this.#onExit);
  }

  /** Builds all hosts and cables. Rejects, leaving nothing behind, when the kernel refuses. */
  static async build(topology: Topology): Promise<Lab> {
    const opened = await Promise.allSettled([
      Host.open("switch"),
      ...topology.hosts.map((plan) => Host.open(plan.name)),
    ]);
    const refused = opened.find((outcome) => outcome.status === "rejected");
    const hosts = opened.flatMap((outcome) =>
      outcome.status === "fulfilled" ? [outcome.value] : [],
    );
    if (refused !== undefined) {
      for (const host of hosts) await host.close();
      throw refused.reason;
    }
    const theSwitch = present(hosts[0], "the switch was opened first");
    const lab = new Lab(theSwitch, new Map(hosts.slice(1).map((host) => [host.name, host])));
    try {
      await lab.#connect(topology);
    } catch (error) {
      await lab.close();
      throw error;
    }
    return lab;
  }

  async #connect(topology: Topology): Promise<void> {
    await this.#switch.shell(`echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6 || true
${renderSwitch(topology)}`);
    for (const plan of topology.hosts)
      await this.#switch.wire(renderCables(plan, this.host(plan.name).pid));
    await Promise.all(topology.hosts.map((plan) => this.#configure(plan)));
  }

  async #configure(plan: HostPlan): Promise<void> {
    await this.host(plan.name).shell(renderHost(plan));
  }

  /** A host by name. The names are the topology's, so a missing one is a mistake of the caller. */
  host(name: string): Host {
    return present(this.#hosts.get(name), `the lab has a host ${name}`);
  }

  /** The switch itself, for faults on the cables: port `lb1-ens4` leads to ens4 of lb1. */
  get switch(): Host {
    return this.#switch;
  }

  /** Ends everything at once, without waiting; for a process that is itself about to end. */
  killNow(): void {
    this.#switch.killNow();
    for (const host of this.#hosts.values()) host.killNow();
  }

  /** Ends everything and waits until it is gone. */
  async close(): Promise<void> {
    process.off("exit", this.#onExit);
    await Promise.all([this.#switch, ...this.#hosts.values()].map((host) => host.close()));
  }
}
