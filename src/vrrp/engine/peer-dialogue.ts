// Messages to and from other Keelson routers: encoded, signed, checked, and passed to whom they are for.

import type { IpAddress } from "../../base/address.ts";
import {
  decodePeerMessage,
  encodePeerMessage,
  encodePeerPacket,
  type PeerMessage,
  peerMessageRouter,
} from "../../wire/peer-message.ts";
import type { PeerDatagram } from "../../world/peer-network.ts";
import { vrrpStateName } from "../state.ts";
import type { EngineWorld } from "./output.ts";
import type { PeerPorts } from "./peer-ports.ts";
import { peerMac } from "./peer-secret.ts";
import type { Ports } from "./ports.ts";
import type { RunningInstance } from "./running-instance.ts";

const NO_ECHO = new Uint8Array(8);

/** A message that has been checked, and the router that sent it. */
export interface HeardMessage {
  readonly message: PeerMessage;
  readonly source: IpAddress;
}

/** Takes what was said to an instance. */
export type MessageTaker = (instance: RunningInstance, heard: HeardMessage) => void;

/** What a dialogue stands on. */
export interface DialogueParts {
  readonly world: EngineWorld;
  /** Hear. */
  readonly peerPorts: PeerPorts;
  /** Speak: messages leave from the address of the adverts. */
  readonly ports: Ports;
  readonly port: number;
}

export class PeerDialogue {
  readonly #parts: DialogueParts;

  constructor(parts: DialogueParts) {
    this.#parts = parts;
  }

  /** True when there is a way to other routers. */
  get possible(): boolean {
    return this.#parts.world.peers !== undefined;
  }

  get nowMs(): number {
    return this.#parts.world.clock.nowMs();
  }

  /** Says something to routers; gives the nonce that an answer must have. */
  say(
    instance: RunningInstance,
    kind: PeerMessage["kind"],
    to: readonly IpAddress[],
    echo: Uint8Array = NO_ECHO,
  ): Uint8Array {
    const nonce = this.#parts.world.peers?.random(8) ?? NO_ECHO;
    const { source, config, condition } = instance;
    if (source === undefined) return nonce;
    const message: PeerMessage = {
      kind,
      vrid: config.vrid,
      family: config.family,
      priority: condition.kind === "ready" ? condition.priority : config.priority,
      state: vrrpStateName(instance.state),
      nonce,
      echo,
    };
    const bytes = encodePeerMessage(message, peerMac(config));
    const { ports, port } = this.#parts;
    for (const destination of to)
      ports
        .socketOf(instance)
        ?.send(encodePeerPacket(bytes, { source, destination, port }), destination);
    return nonce;
  }

  /** Reads everything that has arrived. */
  drain(take: MessageTaker): void {
    this.#parts.peerPorts.drain((instances, datagram) => this.#hear(instances, datagram, take));
  }

  #hear(
    instances: readonly RunningInstance[],
    { bytes, source }: PeerDatagram,
    take: MessageTaker,
  ): void {
    const router = peerMessageRouter(bytes);
    const instance = instances.find(
      ({ config }) => config.vrid === router?.vrid && config.family === router.family,
    );
    // A message of another virtual router, or of another program on this port.
    if (instance === undefined || source === instance.source) return;
    const decoded = decodePeerMessage(bytes, peerMac(instance.config));
    if (decoded.ok) take(instance, { message: decoded.value, source });
    else instance.reject("peer-message-wrong");
  }
}
