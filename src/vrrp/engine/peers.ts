// Everything between this router and other Keelson routers: hand-over, and questions to silent MASTERs.

import { PEER_PORT_DEFAULT } from "../../wire/peer-message.ts";
import type { VrrpEvent } from "../state.ts";
import type { Alarms } from "./alarms.ts";
import { Handover } from "./handover.ts";
import type { LinkTable } from "./link-table.ts";
import { MasterQuery } from "./master-query.ts";
import type { EngineWorld } from "./output.ts";
import { PeerDialogue } from "./peer-dialogue.ts";
import { PeerPorts } from "./peer-ports.ts";
import type { Ports } from "./ports.ts";
import type { RunningInstance } from "./running-instance.ts";

/** What the way to other routers stands on. */
export interface PeersParts {
  readonly world: EngineWorld;
  readonly links: LinkTable;
  readonly ports: Ports;
  readonly alarms: Alarms;
  readonly step: (instance: RunningInstance, event: VrrpEvent) => void;
  readonly onReadable: () => void;
}

export class Peers {
  readonly #ports: PeerPorts;
  readonly #dialogue: PeerDialogue;
  readonly handover: Handover;
  readonly query: MasterQuery;

  constructor({ world, links, ports, alarms, step, onReadable }: PeersParts) {
    const port = PEER_PORT_DEFAULT;
    this.#ports = new PeerPorts(world, links, port, onReadable);
    this.#dialogue = new PeerDialogue({ world, ports, peerPorts: this.#ports, port });
    this.handover = new Handover(this.#dialogue, step);
    this.query = new MasterQuery(this.#dialogue, alarms, step);
  }

  /** True when there is a way to other routers. */
  get possible(): boolean {
    return this.#dialogue.possible;
  }

  /** Opens what the instances need, and closes the rest. */
  arrange(instances: readonly RunningInstance[]): void {
    this.#ports.arrange(instances);
  }

  /** Reads everything that has arrived. */
  drain(): void {
    this.#dialogue.drain((instance, heard) => {
      this.handover.hear(instance, heard);
      this.query.hear(instance, heard);
    });
  }

  close(): void {
    this.#ports.close();
  }
}
