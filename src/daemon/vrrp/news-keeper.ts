// News of the engine until the main process has said that it has them, so that none is lost while it is
// dead, starts anew, or reads slowly. Memory only, and bounded: of one kind of news about one object the
// oldest makes room, because what came last counts most; how many went is told.

import type { EngineNews } from "../vrrp-channel.ts";

/** Of one kind about one object. */
const keptOfTopicMax = 64;
const keptMax = 16_384;

interface KeptNews {
  readonly topic: string;
  readonly line: string;
}

export class NewsKeeper {
  readonly #kept = new Map<number, KeptNews>();
  readonly #topics = new Map<string, number[]>();
  #last = 0;
  #dropped = 0;

  /** Keeps one; gives its number. */
  add(news: EngineNews): number {
    const sequence = ++this.#last;
    const topic = topicOf(news);
    const line = `${JSON.stringify({ ...news, sequence })}\n`;
    this.#kept.set(sequence, { topic, line });
    const numbers = this.#topics.get(topic) ?? [];
    numbers.push(sequence);
    this.#topics.set(topic, numbers);
    if (numbers.length > keptOfTopicMax) this.#drop(numbers[0]);
    else if (this.#kept.size > keptMax) this.#drop(this.#kept.keys().next().value);
    return sequence;
  }

  /** Forgets everything up to a number. */
  heard(sequence: number): void {
    for (const number of this.#kept.keys()) {
      if (number > sequence) return;
      this.#forget(number);
    }
  }

  /** The numbers of what is kept, in order. */
  get numbers(): readonly number[] {
    return [...this.#kept.keys()];
  }

  /** The line of a message, with its newline; undefined when it has been dropped. */
  line(sequence: number): string | undefined {
    return this.#kept.get(sequence)?.line;
  }

  /** How many were dropped since the last call. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  #drop(sequence: number | undefined): void {
    if (sequence === undefined) return;
    this.#dropped++;
    this.#forget(sequence);
  }

  #forget(sequence: number): void {
    const kept = this.#kept.get(sequence);
    if (kept === undefined) return;
    this.#kept.delete(sequence);
    const numbers = this.#topics.get(kept.topic)?.filter((one) => one !== sequence) ?? [];
    if (numbers.length === 0) this.#topics.delete(kept.topic);
    else this.#topics.set(kept.topic, numbers);
  }
}

function topicOf(news: EngineNews): string {
  switch (news.kind) {
    case "transition":
    case "priority-changed":
    case "lower-priority-heard":
      return `${news.kind} ${news.instance}`;
    case "group-transition":
      return `${news.kind} ${news.group}`;
    case "bfd-session":
      return `${news.kind} ${news.session}`;
    case "alarm":
      return `${news.kind} ${news.instance} ${news.alarm}`;
    case "repair":
      return news.kind;
  }
}
