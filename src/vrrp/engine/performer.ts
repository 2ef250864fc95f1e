// Does what the machine of an instance says must be done, before the next input is looked at.

import type { KernelFault } from "../../world/kernel.ts";
import type { VrrpDeed, VrrpEvent } from "../state.ts";
import type { Announcer } from "./announcer.ts";
import type { Groups } from "./groups.ts";
import type { LinkTable } from "./link-table.ts";
import { type EngineWorld, LogLimiter } from "./output.ts";
import type { Peers } from "./peers.ts";
import type { Ports } from "./ports.ts";
import type { RunningInstance } from "./running-instance.ts";
import type { StandingFacts } from "./standing-facts.ts";

const COMPLAINT_GAP_MS = 10_000;

/** What deeds are done with. */
export interface PerformerParts {
  readonly world: EngineWorld;
  readonly links: LinkTable;
  readonly ports: Ports;
  readonly keeper: StandingFacts;
  readonly announcer: Announcer;
  readonly groups: Groups;
  readonly peers: Peers;
  /** Gives an event to another member of the group. */
  readonly stepNamed: (name: string, event: VrrpEvent) => void;
}

export class Performer {
  readonly #parts: PerformerParts;
  readonly #complaints = new LogLimiter(COMPLAINT_GAP_MS);

  constructor(parts: PerformerParts) {
    this.#parts = parts;
  }

  perform(instance: RunningInstance, deed: VrrpDeed): void {
    const { world, keeper, announcer, groups, peers, stepNamed } = this.#parts;
    switch (deed.kind) {
      case "send-advert":
        this.#sendAdvert(instance, deed.priority);
        return;
      case "settle-addresses":
        if (instance.state.role !== "MASTER") announcer.cancel(instance);
        keeper.settle(instance);
        return;
      case "announce":
        announcer.announce(instance, deed.repeat);
        announcer.send();
        return;
      case "record-transition":
        this.#record(instance, deed);
        return;
      case "ask-group":
        for (const { member, event } of groups.afterAsking(instance, world.clock.nowMs()))
          stepNamed(member, event);
        return;
      case "query-master":
        peers.query.ask(instance, deed.address);
        return;
      case "offer-handover":
        peers.handover.offer(instance);
        return;
      case "grant-handover":
        peers.handover.grant(instance, deed.to);
        return;
      case "finish":
        return;
    }
  }

  #record(
    instance: RunningInstance,
    { from, to, cause }: Extract<VrrpDeed, { readonly kind: "record-transition" }>,
  ): void {
    const { world } = this.#parts;
    const atMs = world.clock.wallMs();
    instance.sinceMs = atMs;
    instance.cause = cause;
    if (to === "MASTER") instance.tally.becameMaster++;
    const { condition, config } = instance;
    // The other family of an instance moves with it: one instance, one record.
    if (config.options?.halfOf !== undefined) return;
    const priority = condition.kind === "ready" ? { priority: condition.priority } : {};
    world.tell({ kind: "transition", instance: config.name, from, to, cause, atMs, ...priority });
  }

  #sendAdvert(instance: RunningInstance, priority: number): void {
    const { world, ports, links } = this.#parts;
    const { source } = instance;
    const socket = ports.socketOf(instance);
    if (source === undefined || socket === undefined) return;
    // What is sent without carrier to a single address waits in the kernel, and would say priority 0
    // when the cable is back.
    if (links.link(instance.config.interface)?.carrier === false) return;
    const wallMs = world.clock.wallMs();
    let failed: KernelFault | undefined;
    for (const destination of instance.destinations) {
      const packet = instance.advertPacket(priority, source, destination, wallMs);
      const sent = socket.send(packet, destination);
      if (!sent.ok) failed = sent.fault;
    }
    if (failed === undefined) {
      instance.tally.advertsSent++;
      if (priority === 0) instance.tally.priorityZeroSent++;
      return;
    }
    const { name, interface: interfaceName } = instance.config;
    if (!this.#complaints.allows(name, world.clock.nowMs())) return;
    const text = `${name}: could not send an advert on ${interfaceName}: ${failed.text}`;
    const fields = { instance: name, errno: failed.code };
    world.tell({ kind: "log", event: { level: "error", kind: "send-failed", text, fields } });
  }
}
