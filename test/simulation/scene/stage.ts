// The world of a scene: segments, clients, nodes, and the invariants that are looked at after every
// single event.

import { type IpAddress, ipAddressFromBytes } from "../../../src/base/address.ts";
import { NeighbourCache, readAnnouncement } from "../../../src/simulated/neighbour-cache.ts";
import { Segment } from "../../../src/simulated/segment.ts";
import { SimulatedHost } from "../../../src/simulated/simulated-host.ts";
import { VirtualTime } from "../../../src/simulated/virtual-time.ts";
import type { EngineOutput } from "../../../src/vrrp/engine/output.ts";
import type { Reached } from "./reached.ts";
import type { Scene } from "./scene.ts";
import { interfaceOf, type Part, SceneNode } from "./scene-node.ts";
import { type InvariantName, Violation } from "./violation.ts";

const SAME_MOMENT_MS = 0.01;
const FIRST_IFINDEX = 2;
const PROTOCOL_VRRP = 112;
const PROTOCOL_AH = 51;
const AH_LENGTH = 24;
export const CLIENT = "client";

export class Stage {
  readonly scene: Scene;
  readonly reached: Reached;
  readonly time = new VirtualTime();
  readonly segments: readonly Segment[];
  readonly clients: readonly NeighbourCache[];
  readonly nodes: readonly SceneNode[];
  /** Events so far. */
  events = 0;
  /** Grows with each transition of any node. */
  transitions = 0;
  /** Where a scene is told to keep a record of what happens. */
  readonly trace: string[] | undefined;
  #hash = 0x811c9dc5;

  constructor(scene: Scene, reached: Reached, trace: string[] | undefined) {
    this.scene = scene;
    this.reached = reached;
    this.trace = trace;
    this.segments = scene.routers.map((_, i) => new Segment(this.time, scene.seed ^ (i * 0x9e37)));
    this.clients = this.segments.map((segment) => {
      segment.quality = scene.quality;
      const client = new NeighbourCache(CLIENT);
      segment.attach(client);
      return client;
    });
    this.nodes = scene.nodes.map((one, i) => this.#node(one, i));
  }

  /** A number that depends on everything that has happened. */
  get hash(): number {
    return this.#hash;
  }

  node(i: number): SceneNode {
    const node = this.nodes[i];
    if (node === undefined) throw new Error(`no node ${i}`);
    return node;
  }

  segment(router: number): Segment {
    const segment = this.segments[router];
    if (segment === undefined) throw new Error(`no segment ${router}`);
    return segment;
  }

  /** Lets time pass; `look` is called after every event. */
  run(durationMs: number, look?: () => void): void {
    this.runTo(this.time.nowMs + durationMs, look);
  }

  runTo(untilMs: number, look?: () => void): void {
    this.time.run(untilMs, () => {
      this.events++;
      this.#check();
      look?.();
    });
  }

  fail(invariant: InvariantName, text: string): never {
    throw new Violation(invariant, this.time.nowMs, text);
  }

  /** Fails unless `holds`. */
  demand(invariant: InvariantName, holds: boolean, text: () => string): void {
    if (!holds) this.fail(invariant, text());
  }

  #node(scene: Scene["nodes"][number], i: number): SceneNode {
    const host = new SimulatedHost(this.time, {
      name: scene.name,
      number: i + 1,
      alarmFirst: scene.alarmFirst,
      clockRate: scene.clockRate,
      clockStartMs: scene.clockStartMs,
      speaksWithPeers: scene.keelson,
      interfaces: this.segments.map((segment, router) => ({
        name: interfaceOf(router),
        segment,
        addresses: [
          { address: scene.addresses[router] as IpAddress, prefixLength: this.#prefix(router) },
        ],
      })),
    });
    const node = new SceneNode(scene, host, this.scene, (one, output) => this.#hear(one, output));
    host.onFrame = (_ifindex, frame) => this.#seeFrame(node, frame);
    host.onSend = (ifindex, packet) => this.#seePacket(node, ifindex, packet);
    return node;
  }

  #prefix(router: number): number {
    return this.scene.routers[router]?.family === 6 ? 64 : 24;
  }

  #hear(node: SceneNode, output: EngineOutput): void {
    if (output.kind === "log") return;
    if (output.kind !== "transition") {
      this.reached.note(`told ${output.kind}`);
      return;
    }
    const { instance, from, to, cause } = output;
    this.transitions++;
    this.reached.note(`cause ${cause.kind}`);
    this.#record(`${node.name} ${instance} ${from}>${to} ${cause.kind}`, cause.text);
  }

  // S-2: what is announced is held.
  #seeFrame(node: SceneNode, frame: Uint8Array): void {
    const senderAddress = readAnnouncement(frame)?.address;
    if (senderAddress === undefined) return;
    this.#record(`${node.name} announces ${senderAddress}`);
    if (this.#excused(node) || node.host.hasAddress(senderAddress)) return;
    // Who wakes may announce before it has put back what the kernel took away, in the same moment.
    this.time.plan(this.time.nowMs + SAME_MOMENT_MS, () => {
      if (!node.active || this.#excused(node)) return;
      const part = node.parts.find((one) => one.virtualAddresses.includes(senderAddress));
      const right = node.host.hasAddress(senderAddress) || part?.state !== "MASTER";
      const text = `${node.name} announced ${senderAddress} without having it`;
      this.demand("S-2", right, () => text);
    });
  }

  #seePacket(node: SceneNode, ifindex: number, packet: Uint8Array): void {
    const message = messageOf(packet);
    if (message === undefined) {
      this.#record(`${node.name} speaks with other Keelson routers`);
      return;
    }
    const [, vrid = 0, priority = 0] = message;
    const part = node.parts[ifindex - FIRST_IFINDEX];
    if (part === undefined || part.router.vrid !== vrid)
      this.fail("S-1", `${node.name} sent an advert of VRID ${vrid}`);
    // One advert goes to each peer.
    if (part.router.unicast && destinationOf(packet) !== part.peers[0]) return;
    if (priority > 0) part.advertsSent++;
    this.#record(`${node.name} advert ${vrid} ${priority}`);
  }

  #record(line: string, more = ""): void {
    const nowMs = this.time.nowMs;
    let hash = this.#hash ^ (Math.round(nowMs * 1000) | 0);
    for (let i = 0; i < line.length; i++)
      hash = Math.imul(hash ^ line.charCodeAt(i), 0x01000193) >>> 0;
    this.#hash = hash;
    this.trace?.push(`${nowMs.toFixed(3).padStart(12)} ${line}${more === "" ? "" : ` (${more})`}`);
  }

  #excused(node: SceneNode): boolean {
    return this.time.nowMs <= node.excusedUntilMs || node.host.refusal !== undefined;
  }

  #check(): void {
    for (const node of this.nodes) {
      if (!node.active || this.#excused(node)) continue;
      for (const [router, part] of node.parts.entries()) this.#checkPart(node, router, part);
      if (!this.scene.together) continue;
      const states = node.parts.map((part) => part.state);
      const torn = states.includes("MASTER") && states.includes("FAULT");
      this.demand("S-9", !torn, () => `${node.name} is ${states.join(" and ")}`);
    }
  }

  // S-1 and S-2.
  #checkPart(node: SceneNode, router: number, part: Part): void {
    const { state } = part;
    const who = `${node.name} ${part.router.name}`;
    if (state === "MASTER")
      this.demand("S-1", node.holds(router), () => `${who} is MASTER without its addresses`);
    else if (node.holdsAny(router)) this.#checkLeftOver(node, router, who);
    if (state === "MASTER" || state === "BACKUP")
      this.demand("S-2", node.host.alarmAtMs !== undefined, () => `${who} waits for nothing`);
  }

  // What is found at the start may stay until another MASTER is heard.
  #checkLeftOver(node: SceneNode, router: number, who: string): void {
    const status = node.status(router);
    if (status === undefined || status.state === "INIT") return;
    const { heardBefore } = node.part(router);
    const heard = status.master !== undefined && status.counters.advertsReceived > heardBefore;
    const decided = heard && (status.master?.priority ?? 0) > 0;
    if (status.state === "BACKUP" && !decided && status.counters.becameMaster === 0) {
      this.reached.note("addresses found at the start");
      return;
    }
    this.fail("S-1", `${who} is ${status.state} and has addresses`);
  }
}

/** The VRRP message of a packet; undefined: it carries something else. */
function messageOf(packet: Uint8Array): Uint8Array | undefined {
  const six = (packet[0] ?? 0) >> 4 === 6;
  const protocol = six ? packet[6] : packet[9];
  if (protocol === PROTOCOL_AH) return packet.subarray(20 + AH_LENGTH);
  return protocol === PROTOCOL_VRRP ? packet.subarray(six ? 40 : 20) : undefined;
}

function destinationOf(packet: Uint8Array): IpAddress {
  const six = (packet[0] ?? 0) >> 4 === 6;
  return ipAddressFromBytes(six ? packet.subarray(24, 40) : packet.subarray(16, 20));
}
