// Streams for every scheduler, method and protocol. They are made by letting seeded clients and
// servers talk through the model once and writing down every frame: a data plane that chooses
// otherwise gets replies from a server that it did not choose, and shows it at once.

import { Prng } from "../../src/base/prng.ts";
import type { Destination, Service } from "../../src/model/balancer-table.ts";
import type {
  ForwardingMethod,
  SchedulerName,
  TransportProtocol,
} from "../../src/model/virtual-server.ts";
import type { BalancerOperation } from "../../src/plan/operation.ts";
import { tcpFrame, udpFrame } from "./frames.ts";
import { modelUnderTest } from "./model-under-test.ts";
import type { Stream, StreamStep } from "./stream.ts";
import {
  addDestination,
  addService,
  changeDestination,
  keyOf,
  removeDestination,
} from "./tables.ts";

/** Clients are 10.1.0.2 to .9; the real servers are 10.2.0.11, .12 and .13. */
const clientNetwork = "10.1.0.";
/** Ports of clients that one stream uses; no two streams share any. */
const portsAStream = 500;

/** What a stream is about. */
export interface StreamTopic {
  readonly scheduler: SchedulerName;
  readonly forwarding: ForwardingMethod;
  readonly protocol: TransportProtocol;
  readonly service?: Partial<Service>;
  readonly destination?: Partial<Destination>;
  /** A server leaves for a while, and its connections with it. */
  readonly removal: boolean;
  /** From 1 to 100, another for each stream: it numbers virtual address and client ports too. */
  readonly seed: number;
}

interface Talk {
  readonly client: string;
  /** Where the real server answers from, once it is known. */
  server: string | undefined;
  /** How far the conversation has come. */
  stage: number;
}

/** Client's flags, or server's after a `<`, in the order of a conversation that ends in some way. */
const conversations: readonly (readonly string[])[] = [
  ["S", "<SA", "A", "PA", "<PA", "FA", "<FA", "A"],
  ["S", "<SA", "A", "PA", "<FA", "A", "FA", "<A"],
  ["S", "<RA"],
  ["S", "<SA", "A", "PA", "R"],
  ["S", "<SA", "A", "PA", "<PA", "A", "FA", "<A", "<FA", "A", "S", "<SA", "A"],
  ["S", "S", "<SA", "<SA", "A"],
];

class Recorder {
  readonly steps: StreamStep[] = [];
  readonly #engine = modelUnderTest();
  readonly #topic: StreamTopic;
  readonly #prng: Prng;
  readonly #talks: Talk[] = [];
  readonly #virtual: string;
  #nextPort: number;

  constructor(topic: StreamTopic, virtual: string) {
    this.#topic = topic;
    this.#virtual = `${virtual}:80`;
    this.#nextPort = 10_000 + topic.seed * portsAStream;
    this.#prng = new Prng(topic.seed);
  }

  apply(operation: BalancerOperation): void {
    this.steps.push({ kind: "apply", operation });
    this.#engine.apply(operation);
  }

  #send(frame: Uint8Array): string | undefined {
    this.steps.push({ kind: "frame", frame });
    const outcome = this.#engine.handle(frame);
    return outcome instanceof Promise || outcome.kind !== "forward" ? undefined : outcome.nextHop;
  }

  /** One client or server says its next word. */
  speak(): void {
    const fresh = this.#talks.length < 3 || this.#prng.chance(0.3);
    const talk = fresh ? this.#begin() : this.#talks[this.#prng.integer(0, this.#talks.length - 1)];
    if (talk === undefined) return;
    const more = this.#topic.protocol === "TCP" ? this.#continueTcp(talk) : this.#continueUdp(talk);
    if (!more) this.#talks.splice(this.#talks.indexOf(talk), 1);
  }

  #begin(): Talk {
    const host = this.#prng.integer(2, 9);
    const client = `${clientNetwork}${host}:${this.#nextPort++}`;
    const talk: Talk = { client, server: undefined, stage: 0 };
    this.#talks.push(talk);
    return talk;
  }

  #continueTcp(talk: Talk): boolean {
    const port = Number(talk.client.split(":")[1]);
    const conversation = conversations[port % conversations.length] ?? [];
    const word = conversation[talk.stage];
    talk.stage++;
    if (word === undefined) return false;
    if (word.startsWith("<")) {
      if (talk.server !== undefined && this.#topic.forwarding === "NAT")
        this.#send(tcpFrame(talk.server, talk.client, word.slice(1), { payload: this.#words() }));
      return true;
    }
    const payload = word === "PA" ? this.#words() : new Uint8Array(0);
    const hop = this.#send(tcpFrame(talk.client, this.#virtual, word, { payload }));
    if (hop === undefined) return false;
    talk.server = `${hop}:8080`;
    return true;
  }

  #continueUdp(talk: Talk): boolean {
    talk.stage++;
    const isReply = talk.stage % 2 === 0 && talk.server !== undefined;
    if (isReply && this.#topic.forwarding === "NAT") {
      this.#send(udpFrame(talk.server ?? "", talk.client, { payload: this.#words() }));
      return true;
    }
    const hop = this.#send(udpFrame(talk.client, this.#virtual, { payload: this.#words() }));
    if (hop === undefined) return false;
    talk.server = `${hop}:8080`;
    return talk.stage < 6;
  }

  #words(): Uint8Array {
    const length = this.#prng.integer(1, 90);
    return Uint8Array.from({ length }, () => this.#prng.integer(0, 255));
  }
}

/** Records one stream: traffic, and in between the changes that an administrator makes. */
export function recordStream(topic: StreamTopic): Stream {
  const virtual = `10.1.0.${100 + topic.seed}`;
  const recorder = new Recorder(topic, virtual);
  const key = keyOf(topic.protocol, `${virtual}:80`);
  const port = topic.forwarding === "NAT" ? 8080 : 80;
  const at = (n: number): string => `10.2.0.1${n}:${port}`;
  const about = (weight: number): Partial<Destination> => ({
    weight,
    forwarding: topic.forwarding,
    ...topic.destination,
  });
  const talk = (turns: number): void => {
    for (let i = 0; i < turns; i++) recorder.speak();
  };
  recorder.apply(addService(key, topic.scheduler, topic.service));
  talk(3);
  for (const n of [1, 2, 3]) recorder.apply(addDestination(key, at(n), about(n)));
  talk(120);
  recorder.apply(changeDestination(key, at(1), about(4)));
  talk(60);
  recorder.apply(changeDestination(key, at(2), about(0)));
  talk(60);
  if (topic.removal) {
    recorder.apply(removeDestination(key, at(3)));
    talk(60);
    recorder.apply(addDestination(key, at(3), about(2)));
  }
  recorder.apply(changeDestination(key, at(2), about(2)));
  talk(120);
  const { scheduler, forwarding, protocol } = topic;
  const more = Object.keys({ ...topic.service, ...topic.destination }).join(", ");
  const name = [
    `${scheduler} ${forwarding} ${protocol}`,
    ...(more === "" ? [] : [`with ${more}`]),
    ...(topic.removal ? ["and a server that leaves and returns"] : []),
  ].join(" ");
  return { name, virtual, removal: topic.removal, steps: recorder.steps };
}

const methods: readonly ForwardingMethod[] = ["NAT", "DR"];
const protocols: readonly TransportProtocol[] = ["TCP", "UDP"];

/** Every scheduler by every method and protocol, persistence, thresholds, a server that returns. */
export function recordedStreams(schedulers: readonly SchedulerName[]): readonly Stream[] {
  const persistent = { persistenceTimeoutS: 300, persistencePrefixLength: 32 };
  const wide = { persistenceTimeoutS: 300, persistencePrefixLength: 30 };
  const narrow = { upperThreshold: 8, lowerThreshold: 0 };
  const streams: Stream[] = [];
  const record = (topic: Omit<StreamTopic, "seed">): void => {
    streams.push(recordStream({ ...topic, seed: streams.length + 1 }));
  };
  for (const forwarding of methods) {
    for (const protocol of protocols) {
      const common = { forwarding, protocol, removal: false };
      for (const scheduler of schedulers) record({ ...common, scheduler });
      record({ ...common, scheduler: "rr", service: persistent });
      record({ ...common, scheduler: "wlc", service: wide });
      record({ ...common, scheduler: "wlc", destination: narrow });
      record({ ...common, scheduler: "wrr", removal: true });
      record({ ...common, scheduler: "rr", service: persistent, removal: true });
    }
  }
  return streams;
}
