// Asks a MASTER whose adverts have stopped whether it lives. When it answers although no advert arrives,
// something filters multicast or protocol 112, and a take-over would make two MASTERs of one.

import type { IpAddress } from "../../base/address.ts";
import { sameBytes } from "../../wire/digest/hmac.ts";
import type { VrrpEvent } from "../state.ts";
import type { Alarms } from "./alarms.ts";
import type { HeardMessage, PeerDialogue } from "./peer-dialogue.ts";
import type { RunningInstance } from "./running-instance.ts";

/** An answer that takes longer is worth nothing. */
const ANSWER_MS = 1000;
/** Answers of one instance are at least this far apart, so that questions cannot keep it busy. */
const ANSWER_GAP_MS = 5;

interface Question {
  readonly nonce: Uint8Array;
  readonly to: IpAddress;
  readonly untilMs: number;
}

export class MasterQuery {
  readonly #dialogue: PeerDialogue;
  readonly #alarms: Alarms;
  readonly #take: (instance: RunningInstance, event: VrrpEvent) => void;
  readonly #questions = new Map<RunningInstance, Question>();
  readonly #answeredAtMs = new WeakMap<RunningInstance, number>();

  constructor(
    dialogue: PeerDialogue,
    alarms: Alarms,
    take: (instance: RunningInstance, event: VrrpEvent) => void,
  ) {
    this.#dialogue = dialogue;
    this.#alarms = alarms;
    this.#take = take;
  }

  /** Asks a router whether it is MASTER. */
  ask(instance: RunningInstance, to: IpAddress): void {
    if (!this.#dialogue.possible) return;
    const nonce = this.#dialogue.say(instance, "query", [to]);
    this.#questions.set(instance, { nonce, to, untilMs: this.#dialogue.nowMs + ANSWER_MS });
  }

  hear(instance: RunningInstance, heard: HeardMessage): void {
    if (heard.message.kind === "query") this.#answer(instance, heard);
    else if (heard.message.kind === "answer") this.#judge(instance, heard);
  }

  /** An advert proves that nothing is filtered. */
  advertHeard(instance: RunningInstance): void {
    this.#questions.delete(instance);
    this.#alarms.clear(instance, "adverts-missing");
  }

  #answer(instance: RunningInstance, { message, source }: HeardMessage): void {
    const { nowMs } = this.#dialogue;
    if (nowMs < (this.#answeredAtMs.get(instance) ?? Number.NEGATIVE_INFINITY) + ANSWER_GAP_MS)
      return;
    this.#answeredAtMs.set(instance, nowMs);
    this.#dialogue.say(instance, "answer", [source], message.nonce);
  }

  #judge(instance: RunningInstance, { message, source }: HeardMessage): void {
    const question = this.#questions.get(instance);
    if (question === undefined || question.to !== source) return;
    if (!sameBytes(message.echo, question.nonce)) return;
    this.#questions.delete(instance);
    const { nowMs } = this.#dialogue;
    if (nowMs > question.untilMs || message.state !== "MASTER") return;
    const { interface: interfaceName, multicastGroup, options } = instance.config;
    const way =
      options?.unicast === undefined ? `${multicastGroup} or protocol 112` : "protocol 112";
    const text = `no adverts of ${source} arrive, but it answers that it is MASTER: something filters ${way} on ${interfaceName}`;
    this.#alarms.raise(instance, "adverts-missing", text);
    this.#take(instance, {
      kind: "master-answers",
      source,
      priority: message.priority,
      atMs: nowMs,
    });
  }
}
