// The condition of each instance at this moment: what the judge says, and whether there is a socket to
// take part with.

import type { IpAddress } from "../../base/address.ts";
import type { Cause } from "../../model/status.ts";
import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import type { Condition } from "../condition.ts";
import type { Judge } from "./judge.ts";
import type { LinkTable } from "./link-table.ts";
import type { EngineWorld } from "./output.ts";
import type { Ports } from "./ports.ts";
import { resumptionOf } from "./resumption.ts";
import type { RunningInstance } from "./running-instance.ts";
import { sourceAddressOf } from "./source-address.ts";
import type { StandingFacts } from "./standing-facts.ts";

/** What conditions are found with. */
export interface ConditionParts {
  readonly world: EngineWorld;
  readonly links: LinkTable;
  readonly ports: Ports;
  readonly keeper: StandingFacts;
  /** Opens sockets that are missing. */
  readonly arrangePorts: () => void;
}

export class Conditions {
  readonly #parts: ConditionParts;

  constructor(parts: ConditionParts) {
    this.#parts = parts;
  }

  of(instance: RunningInstance, judge: Judge): Condition {
    const { world, ports, keeper, arrangePorts } = this.#parts;
    const unusable = instance.unusable ?? keeper.faultOf(instance);
    if (unusable !== undefined) return { kind: "fault", cause: unusable };
    const condition = judge.judge(instance, world.clock.nowMs());
    if (condition.kind !== "ready" || ports.socketOf(instance) !== undefined) return condition;
    // The interface may have appeared between two looks.
    arrangePorts();
    if (ports.socketOf(instance) !== undefined) return condition;
    const text = `no VRRP socket could be opened on ${instance.config.interface}`;
    return { kind: "fault", cause: { kind: "socket-failed", text } };
  }

  /** The address that an instance sends from. */
  sourceOf(config: VrrpInstance): IpAddress | undefined {
    const { links, keeper } = this.#parts;
    const addresses = links.addressesOf(config.interface, config.family);
    return sourceAddressOf(config, addresses, keeper.virtual);
  }

  /** Why an instance that begins is MASTER already; undefined: it has to listen first. */
  resumptionOf(instance: RunningInstance): Cause | undefined {
    if (instance.state.role !== "INIT") return undefined;
    const { world, links, keeper } = this.#parts;
    const nowMs = world.clock.nowMs();
    return resumptionOf(instance, links, (claim) => keeper.renewedAtMs(claim), nowMs);
  }

  /** Tells when the effective priority of an instance is another one now. */
  tellPriority({ condition, config }: RunningInstance, next: Condition): void {
    if (config.options?.halfOf !== undefined) return;
    const from = condition.kind === "ready" ? condition.priority : config.priority;
    if (next.kind !== "ready" || next.priority === from) return;
    const { world } = this.#parts;
    const atMs = world.clock.wallMs();
    const to = next.priority;
    world.tell({ kind: "priority-changed", instance: config.name, from, to, atMs });
  }
}
