// What the VRRP instances are at this moment, as far as this process has heard: sync daemons follow them.

import type { VrrpInstanceStatus, VrrpState } from "../model/status.ts";
import type { EngineNews } from "./vrrp-channel.ts";

export class InstanceStates {
  readonly #states = new Map<string, VrrpState>();
  #known = false;

  /** False until the VRRP process has answered once: nothing follows from what is not known. */
  get isKnown(): boolean {
    return this.#known;
  }

  of(instance: string): VrrpState | undefined {
    return this.#states.get(instance);
  }

  /** The whole truth of a moment. */
  take(instances: readonly VrrpInstanceStatus[]): void {
    this.#known = true;
    this.#states.clear();
    for (const { name, state } of instances) this.#states.set(name, state);
  }

  /** True when news have changed a state. */
  hear(news: EngineNews): boolean {
    if (news.kind !== "transition") return false;
    this.#states.set(news.instance, news.to);
    return true;
  }
}
