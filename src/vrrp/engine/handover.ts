// Handing over without the skew time: a MASTER that leaves asks the other Keelson routers who would
// take over, and tells the best of them to. Nothing is sent until somebody leaves, and a router that
// does not know the messages hears nothing but UDP to the group that it has joined anyway.
//
// A grant is believed only by a router that has just answered an offer of the MASTER that it hears, and
// only with the nonce of that answer: who can neither be that MASTER nor read its packets cannot cause
// one.

import type { IpAddress } from "../../base/address.ts";
import { sameBytes } from "../../wire/digest/hmac.ts";
import {
  decodePeerMessage,
  encodePeerMessage,
  type PeerMessage,
  peerMessageRouter,
} from "../../wire/peer-message.ts";
import type { PeerDatagram } from "../../world/peer-network.ts";
import type { VrrpEvent } from "../state.ts";
import { vrrpStateName } from "../state.ts";
import type { EngineWorld } from "./output.ts";
import type { PeerPorts } from "./peer-ports.ts";
import { peerMac } from "./peer-secret.ts";
import type { RunningInstance } from "./running-instance.ts";

/** After the first answer, how long better candidates are waited for. */
const COLLECT_MS = 3;
/** How long a router that has answered an offer accepts the grant. */
const PENDING_MS = 1000;

interface Candidate {
  readonly address: IpAddress;
  readonly priority: number;
  readonly nonce: Uint8Array;
}

/** An offer of this router. */
interface Offer {
  readonly nonce: Uint8Array;
  readonly candidates: Candidate[];
  decideAtMs: number;
}

/** An answer that this router has given. */
interface Answered {
  readonly nonce: Uint8Array;
  readonly by: IpAddress;
  readonly untilMs: number;
}

/** Sends a message from the address of the instance's adverts. */
export type PeerSender = (instance: RunningInstance, bytes: Uint8Array, to: IpAddress) => void;

/** Takes an event that a message has caused. */
export type EventTaker = (instance: RunningInstance, event: VrrpEvent) => void;

export class Handover {
  readonly #world: EngineWorld;
  readonly #ports: PeerPorts;
  readonly #send: PeerSender;
  readonly #take: EventTaker;
  readonly #offers = new Map<RunningInstance, Offer>();
  readonly #answered = new Map<RunningInstance, Answered>();

  constructor(world: EngineWorld, ports: PeerPorts, send: PeerSender, take: EventTaker) {
    this.#world = world;
    this.#ports = ports;
    this.#send = send;
    this.#take = take;
  }

  /** True when other routers can be asked. */
  get possible(): boolean {
    return this.#world.peers !== undefined;
  }

  /** When an offer must be decided; undefined: none waits. */
  wakeAtMs(): number | undefined {
    let atMs: number | undefined;
    for (const { decideAtMs } of this.#offers.values())
      if (atMs === undefined || decideAtMs < atMs) atMs = decideAtMs;
    return atMs === Number.POSITIVE_INFINITY ? undefined : atMs;
  }

  /** Asks who would take over. */
  offer(instance: RunningInstance): void {
    const { peers } = this.#world;
    if (peers === undefined) return;
    const nonce = peers.random(8);
    this.#offers.set(instance, { nonce, candidates: [], decideAtMs: Number.POSITIVE_INFINITY });
    const message = this.#message(instance, "offer", nonce, new Uint8Array(8));
    for (const destination of instance.destinations) this.#send(instance, message, destination);
  }

  /** Tells a candidate to take over. */
  grant(instance: RunningInstance, to: IpAddress): void {
    const offer = this.#offers.get(instance);
    this.#offers.delete(instance);
    const candidate = offer?.candidates.find(({ address }) => address === to);
    if (offer === undefined || candidate === undefined) return;
    this.#send(instance, this.#message(instance, "grant", offer.nonce, candidate.nonce), to);
  }

  /** Reads what other routers have sent. */
  drain(): void {
    this.#ports.drain((instances, datagram) => this.#hear(instances, datagram));
  }

  /** Decides offers whose time has come. */
  decide(nowMs: number): void {
    for (const [instance, offer] of this.#offers) {
      if (instance.state.role !== "LEAVING") {
        this.#offers.delete(instance);
        continue;
      }
      if (nowMs < offer.decideAtMs) continue;
      offer.decideAtMs = Number.POSITIVE_INFINITY;
      const best = offer.candidates.reduce((a, b) => (b.priority > a.priority ? b : a));
      this.#take(instance, { kind: "successor-found", address: best.address });
    }
  }

  #hear(instances: readonly RunningInstance[], datagram: PeerDatagram): void {
    const router = peerMessageRouter(datagram.bytes);
    const instance = instances.find(
      ({ config }) => config.vrid === router?.vrid && config.family === router.family,
    );
    if (instance === undefined) return;
    const decoded = decodePeerMessage(datagram.bytes, peerMac(instance.config));
    if (!decoded.ok) {
      instance.reject("peer-message-wrong");
      return;
    }
    const { source } = datagram;
    switch (decoded.value.kind) {
      case "offer":
        this.#answer(instance, decoded.value, source);
        return;
      case "candidate":
        this.#collect(instance, decoded.value, source);
        return;
      case "grant":
        this.#takeOver(instance, decoded.value, source);
        return;
      case "query":
      case "answer":
        return;
    }
  }

  #answer(instance: RunningInstance, offer: PeerMessage, source: IpAddress): void {
    const { state, heard } = instance;
    const { peers, clock } = this.#world;
    if (state.role !== "BACKUP" || heard?.source !== source || peers === undefined) return;
    const nonce = peers.random(8);
    this.#answered.set(instance, { nonce, by: source, untilMs: clock.nowMs() + PENDING_MS });
    this.#send(instance, this.#message(instance, "candidate", nonce, offer.nonce), source);
  }

  #collect(instance: RunningInstance, message: PeerMessage, source: IpAddress): void {
    const offer = this.#offers.get(instance);
    if (offer === undefined || !sameBytes(message.echo, offer.nonce)) return;
    offer.candidates.push({ address: source, priority: message.priority, nonce: message.nonce });
    offer.decideAtMs = Math.min(offer.decideAtMs, this.#world.clock.nowMs() + COLLECT_MS);
  }

  #takeOver(instance: RunningInstance, message: PeerMessage, source: IpAddress): void {
    const answered = this.#answered.get(instance);
    if (answered === undefined || answered.by !== source) return;
    if (!sameBytes(message.echo, answered.nonce)) return;
    this.#answered.delete(instance);
    if (this.#world.clock.nowMs() > answered.untilMs || instance.state.role !== "BACKUP") return;
    this.#take(instance, { kind: "handed-over", by: source });
  }

  #message(
    instance: RunningInstance,
    kind: PeerMessage["kind"],
    nonce: Uint8Array,
    echo: Uint8Array,
  ): Uint8Array {
    const { vrid, family, priority: configured } = instance.config;
    const { condition } = instance;
    const priority = condition.kind === "ready" ? condition.priority : configured;
    const state = vrrpStateName(instance.state);
    const message: PeerMessage = { kind, vrid, family, priority, state, nonce, echo };
    return encodePeerMessage(message, peerMac(instance.config));
  }
}
