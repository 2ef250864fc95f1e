// Handing over without the skew time: a MASTER that leaves asks the other Keelson routers who would
// take over, and tells the best of them to. Nothing is sent until somebody leaves, and a router that
// does not know the messages hears nothing but UDP to the group that it has joined anyway.
//
// A grant is believed only by a router that has just answered an offer of the MASTER that it hears, and
// only with the nonce of that answer: who can neither be that MASTER nor read its packets cannot cause
// one.

import type { IpAddress } from "../../base/address.ts";
import { sameBytes } from "../../wire/digest/hmac.ts";
import type { VrrpEvent } from "../state.ts";
import type { HeardMessage, PeerDialogue } from "./peer-dialogue.ts";
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

/** Takes an event that a message has caused. */
export type EventTaker = (instance: RunningInstance, event: VrrpEvent) => void;

export class Handover {
  readonly #dialogue: PeerDialogue;
  readonly #take: EventTaker;
  readonly #offers = new Map<RunningInstance, Offer>();
  readonly #answered = new Map<RunningInstance, Answered>();

  constructor(dialogue: PeerDialogue, take: EventTaker) {
    this.#dialogue = dialogue;
    this.#take = take;
  }

  /** When an offer must be decided; undefined: none waits. */
  wakeAtMs(): number | undefined {
    let atMs = Number.POSITIVE_INFINITY;
    for (const { decideAtMs } of this.#offers.values()) atMs = Math.min(atMs, decideAtMs);
    return atMs === Number.POSITIVE_INFINITY ? undefined : atMs;
  }

  /** Asks who would take over. */
  offer(instance: RunningInstance): void {
    const nonce = this.#dialogue.say(instance, "offer", instance.destinations);
    this.#offers.set(instance, { nonce, candidates: [], decideAtMs: Number.POSITIVE_INFINITY });
  }

  /** Tells a candidate to take over. */
  grant(instance: RunningInstance, to: IpAddress): void {
    const offer = this.#offers.get(instance);
    this.#offers.delete(instance);
    const candidate = offer?.candidates.find(({ address }) => address === to);
    if (candidate !== undefined) this.#dialogue.say(instance, "grant", [to], candidate.nonce);
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

  hear(instance: RunningInstance, heard: HeardMessage): void {
    switch (heard.message.kind) {
      case "offer":
        this.#answer(instance, heard);
        return;
      case "candidate":
        this.#collect(instance, heard);
        return;
      case "grant":
        this.#takeOver(instance, heard);
        return;
      case "query":
      case "answer":
        return;
    }
  }

  #answer(instance: RunningInstance, { message, source }: HeardMessage): void {
    if (instance.state.role !== "BACKUP" || instance.heard?.source !== source) return;
    const nonce = this.#dialogue.say(instance, "candidate", [source], message.nonce);
    const untilMs = this.#dialogue.nowMs + PENDING_MS;
    this.#answered.set(instance, { nonce, by: source, untilMs });
  }

  #collect(instance: RunningInstance, { message, source }: HeardMessage): void {
    const offer = this.#offers.get(instance);
    if (offer === undefined || !sameBytes(message.echo, offer.nonce)) return;
    offer.candidates.push({ address: source, priority: message.priority, nonce: message.nonce });
    offer.decideAtMs = Math.min(offer.decideAtMs, this.#dialogue.nowMs + COLLECT_MS);
  }

  #takeOver(instance: RunningInstance, { message, source }: HeardMessage): void {
    const answered = this.#answered.get(instance);
    if (answered === undefined || answered.by !== source) return;
    if (!sameBytes(message.echo, answered.nonce)) return;
    this.#answered.delete(instance);
    if (this.#dialogue.nowMs > answered.untilMs || instance.state.role !== "BACKUP") return;
    this.#take(instance, { kind: "handed-over", by: source });
  }
}
