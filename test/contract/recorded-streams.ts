// Streams for every scheduler, method and protocol. They are made by letting seeded clients and
// servers talk through the model once and writing down every frame: a data plane that chooses
// otherwise gets replies from a server that it did not choose, and shows it at once.

import type { Family } from "../../src/base/address.ts";
import { Prng } from "../../src/base/prng.ts";
import type { Destination, Service } from "../../src/model/balancer-table.ts";
import {
  endpointName,
  type ForwardingMethod,
  type SchedulerName,
  type TransportProtocol,
} from "../../src/model/virtual-server.ts";
import type { BalancerOperation } from "../../src/plan/operation.ts";
import { ip, sctpFrame, tcpFrame, udpFrame } from "./frames.ts";
import { modelUnderTest } from "./model-under-test.ts";
import type { Stream, StreamStep } from "./stream.ts";
import {
  addDestination,
  addService,
  changeDestination,
  keyOf,
  removeDestination,
} from "./tables.ts";

/** Clients are ::2 to ::9 or .2 to .9 of the first, real servers ::11 to ::13 or .11 to .13 of the second. */
const networks = { 4: ["10.1.0.", "10.2.0."], 6: ["fd00:1::", "fd00:2::"] } as const;
/** Ports of clients that one stream uses; no two streams share any. */
const portsAStream = 250;
/** Streams that one data plane can play without sharing ports. */
export const streamsMax = 215;

/** What a stream is about. */
export interface StreamTopic {
  readonly scheduler: SchedulerName;
  readonly forwarding: ForwardingMethod;
  readonly protocol: TransportProtocol;
  readonly family: Family;
  readonly service?: Partial<Service>;
  readonly destination?: Partial<Destination>;
  /** A server leaves for a while, and its connections with it. */
  readonly removal: boolean;
  readonly length: number;
  /** From 1 to `streamsMax`, another for each stream: it numbers virtual address and client ports too. */
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

/** The same for SCTP: types of chunks. */
const associations: readonly (readonly string[])[] = [
  ["1", "<2", "10", "<11", "0", "<3", "7", "<8", "14"],
  ["1", "<2", "10", "<11", "<0", "3", "<7", "8", "<14"],
  ["1", "<6"],
  ["1", "<2", "10", "<9"],
  ["1", "1", "<2", "10", "<11", "4", "<5", "6", "1", "<2", "10", "<11"],
  ["1", "<2", "10 0", "<11 0", "0", "11 6", "0"],
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
    this.#virtual = endpointName(ip(virtual), 80);
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
    const more = this.#topic.protocol === "UDP" ? this.#continueUdp(talk) : this.#converse(talk);
    if (!more) this.#talks.splice(this.#talks.indexOf(talk), 1);
  }

  #begin(): Talk {
    const host = this.#prng.integer(2, 9);
    const client = endpointName(ip(`${networks[this.#topic.family][0]}${host}`), this.#nextPort++);
    const talk: Talk = { client, server: undefined, stage: 0 };
    this.#talks.push(talk);
    return talk;
  }

  #converse(talk: Talk): boolean {
    const port = Number(talk.client.split(":").at(-1));
    const scripts = this.#topic.protocol === "TCP" ? conversations : associations;
    const word = scripts[port % scripts.length]?.[talk.stage];
    talk.stage++;
    if (word === undefined) return false;
    if (word.startsWith("<")) {
      if (talk.server !== undefined && this.#topic.forwarding === "NAT")
        this.#send(this.#say(talk.server, talk.client, word.slice(1), this.#words()));
      return true;
    }
    const payload = word === "PA" || word === "0" ? this.#words() : new Uint8Array(0);
    const hop = this.#send(this.#say(talk.client, this.#virtual, word, payload));
    if (hop === undefined) return false;
    talk.server = endpointName(ip(hop), 8080);
    return true;
  }

  #say(from: string, to: string, word: string, payload: Uint8Array): Uint8Array {
    if (this.#topic.protocol === "TCP") return tcpFrame(from, to, word, { payload });
    return sctpFrame(from, to, word.split(" ").map(Number), { payload });
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
    talk.server = endpointName(ip(hop), 8080);
    return talk.stage < 6;
  }

  #words(): Uint8Array {
    const length = this.#prng.integer(1, 90);
    return Uint8Array.from({ length }, () => this.#prng.integer(0, 255));
  }
}

/** Records one stream: traffic, and in between the changes that an administrator makes. */
export function recordStream(topic: StreamTopic): Stream {
  const { scheduler, forwarding, protocol, family, seed } = topic;
  const virtual = virtualAddress(family, seed);
  const recorder = new Recorder(topic, virtual);
  const key = keyOf(protocol, endpointName(ip(virtual), 80));
  const port = forwarding === "NAT" ? 8080 : 80;
  const at = (n: number): string => endpointName(ip(`${networks[family][1]}1${n}`), port);
  const about = (weight: number): Partial<Destination> => ({
    weight,
    forwarding,
    ...topic.destination,
  });
  const talk = (turns: number): void => {
    for (let i = 0; i < turns * topic.length; i++) recorder.speak();
  };
  const persistencePrefixLength = family === 4 ? 32 : 128;
  recorder.apply(addService(key, scheduler, { persistencePrefixLength, ...topic.service }));
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
  const more = Object.keys({ ...topic.service, ...topic.destination }).join(", ");
  const name = [
    `${scheduler} ${forwarding} ${protocol}${family === 6 ? " IPv6" : ""}`,
    ...(more === "" ? [] : [`with ${more}`]),
    ...(topic.removal ? ["and a server that leaves and returns"] : []),
  ].join(" ");
  return { name, virtual, removal: topic.removal, steps: recorder.steps };
}

/** The address that only one stream has. */
function virtualAddress(family: Family, seed: number): string {
  const [network] = networks[family];
  if (family === 6) return `${network}${100 + seed}`;
  return seed <= 100 ? `${network}${100 + seed}` : `10.3.0.${seed}`;
}

/** What streams are to be about; by default what every data plane does. */
export interface Reach {
  readonly methods?: readonly ForwardingMethod[];
  readonly protocols?: readonly TransportProtocol[];
  readonly families?: readonly Family[];
  /** Of the usual number of packets, above 0; 1 unless said otherwise. */
  readonly length?: number;
  /** Streams of other calls, whose addresses and ports these must not have. */
  readonly after?: number;
}

/** Every scheduler by every method and protocol, persistence, thresholds, a server that returns. */
export function recordedStreams(
  schedulers: readonly SchedulerName[],
  reach: Reach = {},
): readonly Stream[] {
  const { methods = ["NAT", "DR"], protocols = ["TCP", "UDP"], families = [4] } = reach;
  const { length = 1, after = 0 } = reach;
  const narrow = { upperThreshold: 8, lowerThreshold: 0 };
  const streams: Stream[] = [];
  const record = (topic: Omit<StreamTopic, "seed" | "length">): void => {
    streams.push(recordStream({ ...topic, length, seed: after + streams.length + 1 }));
  };
  for (const family of families) {
    const bits = family === 4 ? 32 : 128;
    const persistent = { persistenceTimeoutS: 300, persistencePrefixLength: bits };
    const wide = { persistenceTimeoutS: 300, persistencePrefixLength: bits - 2 };
    for (const forwarding of methods) {
      for (const protocol of protocols) {
        const common = { family, forwarding, protocol, removal: false };
        for (const scheduler of schedulers) record({ ...common, scheduler });
        record({ ...common, scheduler: "rr", service: persistent });
        record({ ...common, scheduler: "wlc", service: wide });
        record({ ...common, scheduler: "wlc", destination: narrow });
        record({ ...common, scheduler: "wrr", removal: true });
        record({ ...common, scheduler: "rr", service: persistent, removal: true });
      }
    }
  }
  return streams;
}
