// Stories about schedulers: connections open and end while somebody edits the table. A story is made
// from a seed; any director can play it, and what it chose is one letter a connection.

import { Prng } from "../../src/base/prng.ts";
import type { Destination, SchedulerFlag, Service } from "../../src/model/balancer-table.ts";
import type {
  SchedulerName,
  TransportProtocol,
  VirtualServerKey,
} from "../../src/model/virtual-server.ts";
import type { BalancerOperation } from "../../src/plan/operation.ts";
import { tcpFrame, udpFrame } from "./frames.ts";
import type { FrameOutcome } from "./stream.ts";
import {
  addDestination,
  addService,
  changeDestination,
  keyOf,
  removeDestination,
} from "./tables.ts";

/** What a story needs of a data plane. */
export interface Director {
  apply(operation: BalancerOperation): void | Promise<void>;
  handle(frame: Uint8Array): FrameOutcome | Promise<FrameOutcome>;
}

/** A connection that a client opens, or ends with a FIN of its own. */
type StoryStep =
  | { readonly kind: "apply"; readonly operation: BalancerOperation }
  | { readonly kind: "open" | "finish"; readonly client: string; readonly virtual: string };

export interface Story {
  readonly name: string;
  readonly protocol: TransportProtocol;
  readonly steps: readonly StoryStep[];
}

/** What a story is about. */
export interface StoryTopic {
  readonly scheduler: SchedulerName;
  readonly flags?: readonly SchedulerFlag[];
  readonly protocol: TransportProtocol;
  readonly service?: Partial<Service>;
  /** From 1 to 99: it numbers the virtual port and the client's ports. */
  readonly seed: number;
  /** Goes to the addresses that have this mark, and not to one address. */
  readonly fwmark?: number;
}

/** Real servers by letter: 10.2.0.11 is A. */
const letters = "ABC";
/** Where marked packets go. */
export const markedAddresses: readonly string[] = ["10.1.0.211", "10.1.0.212", "10.1.0.213"];
const serverPort = 5000;
/** How long a story is, unless somebody has less time: its beginning is the same. */
const turnsOfStory = 40;

function serverAt(letter: string): string {
  return `10.2.0.1${letters.indexOf(letter) + 1}:${serverPort}`;
}

class StoryTeller {
  readonly steps: StoryStep[] = [];
  readonly #topic: StoryTopic;
  readonly #prng: Prng;
  readonly #key: VirtualServerKey;
  readonly #port: number;
  readonly #present = new Set<string>();
  readonly #open: { readonly client: string; readonly virtual: string }[] = [];
  #clientPort: number;

  constructor(topic: StoryTopic) {
    this.#topic = topic;
    this.#prng = new Prng(topic.seed);
    this.#port = topic.fwmark === undefined ? 5000 + topic.seed : serverPort;
    this.#key =
      topic.fwmark === undefined
        ? keyOf(topic.protocol, `10.1.0.100:${this.#port}`)
        : { kind: "fwmark", fwmark: topic.fwmark, family: 4 };
    this.#clientPort = 20_000 + topic.seed * 400;
  }

  tell(turns: number): void {
    const { scheduler, flags = [], service } = this.#topic;
    this.#apply(addService(this.#key, scheduler, { ...service, schedulerFlags: flags }));
    for (const letter of letters) this.#add(letter);
    for (let turn = 0; turn < turns; turn++) {
      for (let i = this.#prng.integer(1, 6); i > 0; i--) this.#openOne();
      this.#edit();
    }
    this.#apply({ kind: "remove-service", key: this.#key });
  }

  #apply(operation: BalancerOperation): void {
    this.steps.push({ kind: "apply", operation });
  }

  /** Weights are often 0, small or with a common divisor; thresholds are few. */
  #attributes(): Partial<Destination> {
    const weight = [0, 1, 1, 2, 3, 4, 6, 10, 100][this.#prng.integer(0, 8)] ?? 1;
    const upperThreshold = this.#prng.chance(0.15) ? this.#prng.integer(1, 30) : 0;
    const lowerThreshold =
      upperThreshold > 0 && this.#prng.chance(0.5) ? this.#prng.integer(0, upperThreshold) : 0;
    return { weight, upperThreshold, lowerThreshold };
  }

  #add(letter: string): void {
    this.#present.add(letter);
    this.#apply(addDestination(this.#key, serverAt(letter), this.#attributes()));
  }

  #edit(): void {
    const letter = letters[this.#prng.integer(0, letters.length - 1)] ?? "A";
    const dice = this.#prng.next();
    if (!this.#present.has(letter)) {
      if (dice < 0.7) this.#add(letter);
    } else if (dice < 0.35) {
      this.#apply(changeDestination(this.#key, serverAt(letter), this.#attributes()));
    } else if (dice < 0.5) {
      this.#present.delete(letter);
      this.#apply(removeDestination(this.#key, serverAt(letter)));
    } else if (dice < 0.7) {
      this.#finishOne();
    }
  }

  #openOne(): void {
    const host = this.#prng.integer(2, 9);
    const client = `10.1.0.${host}:${this.#clientPort++}`;
    const address =
      this.#topic.fwmark === undefined
        ? "10.1.0.100"
        : (markedAddresses[this.#prng.integer(0, markedAddresses.length - 1)] ?? "");
    const virtual = `${address}:${this.#port}`;
    this.#open.push({ client, virtual });
    this.steps.push({ kind: "open", client, virtual });
  }

  #finishOne(): void {
    if (this.#topic.protocol !== "TCP") return;
    const place = this.#prng.integer(0, this.#open.length - 1);
    const [ended] = this.#open.splice(place, 1);
    if (ended !== undefined) this.steps.push({ kind: "finish", ...ended });
  }
}

/** Makes a story from its topic; the same one for the same topic. */
export function tellStory(topic: StoryTopic, turns: number = turnsOfStory): Story {
  const teller = new StoryTeller(topic);
  teller.tell(turns);
  const { scheduler, flags = [], protocol, fwmark, service, seed } = topic;
  const more = [
    ...(flags.length > 0 ? [`flags ${flags.join(" and ")}`] : []),
    ...(fwmark === undefined ? [] : ["a mark"]),
    ...Object.keys(service ?? {}),
  ];
  const withMore = more.length === 0 ? "" : ` with ${more.join(", ")}`;
  return {
    name: `${scheduler} over ${protocol}${withMore} (seed ${seed})`,
    protocol,
    steps: teller.steps,
  };
}

/** Plays a story: the letters of the servers that connections got, `-` for none. */
export async function playStory(director: Director, story: Story): Promise<string> {
  let chosen = "";
  for (const step of story.steps) {
    switch (step.kind) {
      case "apply":
        await director.apply(step.operation);
        break;
      case "open":
        chosen += await openConnection(director, story.protocol, step.client, step.virtual);
        break;
      case "finish":
        await director.handle(tcpFrame(step.client, step.virtual, "FA"));
        break;
    }
  }
  return chosen;
}

async function openConnection(
  director: Director,
  protocol: TransportProtocol,
  client: string,
  virtual: string,
): Promise<string> {
  const tcp = protocol === "TCP";
  const outcome = await director.handle(
    tcp ? tcpFrame(client, virtual, "S") : udpFrame(client, virtual),
  );
  if (outcome.kind !== "forward") return "-";
  if (tcp) {
    await director.handle(tcpFrame(`${outcome.nextHop}:${serverPort}`, client, "SA"));
    await director.handle(tcpFrame(client, virtual, "A"));
  }
  return letters[Number(outcome.nextHop.slice(-1)) - 1] ?? "?";
}

const persistent = { persistenceTimeoutS: 300, persistencePrefixLength: 31 };

/** What every scheduler is tried with; twos draws by chance, so it has no story. */
export function storyTopics(): readonly StoryTopic[] {
  const topics: Omit<StoryTopic, "seed">[] = [];
  const plain: readonly SchedulerName[] = [
    ...["rr", "wrr", "lc", "wlc", "sed", "nq", "fo", "ovf", "lblc", "lblcr", "dh", "sh", "mh"],
  ] as SchedulerName[];
  for (const scheduler of plain)
    for (const protocol of ["TCP", "UDP"] as const) topics.push({ scheduler, protocol });
  for (const scheduler of ["sh", "mh"] as const)
    for (const flags of [[1], [2], [1, 2]] as const)
      topics.push({ scheduler, flags, protocol: "UDP" });
  for (const scheduler of ["rr", "wlc", "mh"] as const)
    topics.push({ scheduler, protocol: "TCP", service: persistent });
  return topics.map((topic, i) => ({ ...topic, seed: i + 1 }));
}

/** The same with services by mark, whose clients ask for several addresses. */
export function markedTopics(): readonly StoryTopic[] {
  return (["lblc", "lblcr", "dh", "wlc"] as const).flatMap((scheduler, i) => [
    { scheduler, protocol: "TCP", seed: 60 + 2 * i, fwmark: 7 + 2 * i } as const,
    { scheduler, protocol: "UDP", seed: 61 + 2 * i, fwmark: 8 + 2 * i } as const,
  ]);
}
