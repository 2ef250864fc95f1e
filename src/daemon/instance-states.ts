// What the VRRP instances are at this moment, as far as this process has heard: sync daemons follow them.

import type { Model } from "../model/model.ts";
import type { VrrpInstanceStatus, VrrpState } from "../model/status.ts";
import type { SyncDaemonState } from "../model/sync-daemon.ts";
import { desiredSyncDaemons } from "../plan/desired-sync-daemons.ts";
import type { EngineNews } from "./vrrp-channel.ts";

export class InstanceStates {
  readonly #states = new Map<string, VrrpState>();
  #known = false;

  /** The daemons that a model wishes; nothing follows until the VRRP process has answered once. */
  syncDaemons(model: Model): readonly SyncDaemonState[] | undefined {
    return this.#known ? desiredSyncDaemons(model, (name) => this.#states.get(name)) : undefined;
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
