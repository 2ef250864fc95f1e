// UDP sockets that hear other Keelson routers: one for each interface and family, shared by the
// instances there.

import type { PeerDatagram, PeerSocket } from "../../world/peer-network.ts";
import type { LinkTable } from "./link-table.ts";
import { type EngineWorld, LogLimiter } from "./output.ts";
import type { RunningInstance } from "./running-instance.ts";

const COMPLAINT_GAP_MS = 600_000;

interface PeerPort {
  readonly ifindex: number;
  readonly interface: string;
  readonly socket: PeerSocket;
  instances: RunningInstance[];
}

/** Takes one datagram and the instances that it can be for. */
export type DatagramTaker = (instances: readonly RunningInstance[], datagram: PeerDatagram) => void;

export class PeerPorts {
  readonly #world: EngineWorld;
  readonly #links: LinkTable;
  readonly #port: number;
  readonly #onReadable: () => void;
  readonly #ports = new Map<string, PeerPort>();
  readonly #complaints = new LogLimiter(COMPLAINT_GAP_MS);

  constructor(world: EngineWorld, links: LinkTable, port: number, onReadable: () => void) {
    this.#world = world;
    this.#links = links;
    this.#port = port;
    this.#onReadable = onReadable;
  }

  /** Opens what the instances need, and closes the rest. Without a socket nothing is offered. */
  arrange(instances: readonly RunningInstance[]): void {
    if (this.#world.peers === undefined) return;
    const needed = new Set(instances.map(portName));
    for (const [name, port] of this.#ports) {
      port.instances = [];
      if (needed.has(name) && this.#links.link(port.interface)?.index === port.ifindex) continue;
      port.socket.close();
      this.#ports.delete(name);
    }
    for (const instance of instances) {
      const name = portName(instance);
      const port = this.#ports.get(name) ?? this.#open(name, instance);
      if (port === undefined || instance.retiring) continue;
      port.instances.push(instance);
      if (instance.config.options?.unicast === undefined)
        port.socket.join(instance.config.multicastGroup);
    }
  }

  drain(take: DatagramTaker): void {
    for (const port of this.#ports.values())
      for (const datagram of port.socket.receive()) take(port.instances, datagram);
  }

  close(): void {
    for (const port of this.#ports.values()) port.socket.close();
    this.#ports.clear();
  }

  #open(name: string, { config }: RunningInstance): PeerPort | undefined {
    const { interface: interfaceName, family } = config;
    const link = this.#links.link(interfaceName);
    if (link === undefined || !link.up) return undefined;
    const opened = this.#world.peers?.open(
      { ifindex: link.index, interface: interfaceName, family, port: this.#port },
      this.#onReadable,
    );
    if (opened === undefined) return undefined;
    if (!opened.ok) {
      if (this.#complaints.allows(name, this.#world.clock.nowMs())) {
        const text = `no hand-over without skew on ${interfaceName}: ${opened.fault.text}`;
        this.#world.tell({ kind: "log", event: { level: "notice", kind: "socket-failed", text } });
      }
      return undefined;
    }
    const port: PeerPort = {
      ifindex: link.index,
      interface: interfaceName,
      socket: opened.value,
      instances: [],
    };
    this.#ports.set(name, port);
    return port;
  }
}

function portName({ config }: RunningInstance): string {
  return `${config.interface} ${config.family}`;
}
