// What other programs see of a director: D-Bus and SNMP. Each part is loaded when a configuration asks
// for it, follows the configuration through reloads, and may fail without anything else noticing.

import type { GlobalOptions } from "../model/global-options.ts";
import type { Clock } from "../world/clock.ts";
import type { Log } from "../world/log.ts";
import type { DbusService } from "./dbus/dbus-service.ts";
import type { ManagementDeeds } from "./deeds.ts";
import type { Snapshot } from "./facts.ts";
import { FactsSource } from "./facts-source.ts";
import type { ManagementEvent } from "./management-event.ts";
import type { SnmpAgent } from "./snmp/snmp-agent.ts";

/** The settings that matter here. */
export type ManagementSettings = Pick<GlobalOptions, "dbus" | "snmp">;

/** What management stands on. */
export interface ManagementWorld {
  readonly clock: Clock;
  readonly log: Log;
  readonly deeds: ManagementDeeds;
  /** Reads director and kernel; must not change anything. */
  readonly snapshot: () => Promise<Snapshot>;
  /** The address of the system bus. */
  readonly busAddress: string;
}

/** What ends together with a director, by name. */
export interface StoppedObjects {
  readonly instances: readonly string[];
  readonly groups: readonly string[];
}

/** Whether settings ask for anything. */
export function isManaged(settings: ManagementSettings | undefined): boolean {
  return settings?.dbus !== undefined || settings?.snmp !== undefined;
}

/** Both parts. */
export class Management {
  readonly #world: ManagementWorld;
  readonly #facts: FactsSource;
  #dbus: { readonly settings: string; readonly service: DbusService } | undefined;
  #snmp: { readonly settings: string; readonly agent: SnmpAgent | undefined } | undefined;
  /** Instances of whose end clients have been told. */
  readonly #stopped = new Set<string>();
  /** Changes of the settings come one after the other. */
  #changing: Promise<void> = Promise.resolve();

  constructor(world: ManagementWorld) {
    this.#world = world;
    this.#facts = new FactsSource(world);
  }

  /** Starts what is asked for, ends what is not, and leaves what is the same alone. */
  configure(settings: ManagementSettings | undefined): Promise<void> {
    this.#changing = this.#changing.then(async () => {
      await this.#configureDbus(settings?.dbus);
      await this.#configureSnmp(settings?.snmp);
    });
    return this.#changing;
  }

  /** Tells of an event. */
  take(event: ManagementEvent): void {
    if (event.kind === "transition") {
      if (event.to === "STOP") this.#stopped.add(event.instance);
      else this.#stopped.delete(event.instance);
    }
    this.#facts.take(event);
    this.#dbus?.service.take(event);
    this.#snmp?.agent?.take(event);
  }

  /** Ends; with `stopped`, clients are told that these instances and groups end with it. */
  async close(stopped?: StoppedObjects): Promise<void> {
    const atMs = this.#world.clock.wallMs();
    const running = stopped?.instances.filter((name) => !this.#stopped.has(name)) ?? [];
    for (const instance of running)
      this.take({ kind: "transition", instance, to: "STOP", cause: "stop", atMs });
    for (const group of stopped?.groups ?? [])
      this.take({ kind: "group-transition", group, to: "STOP" });
    await this.#changing;
    await this.#dbus?.service.close(stopped !== undefined);
    this.#dbus = undefined;
    await this.configure(undefined);
  }

  async #configureDbus(wanted: GlobalOptions["dbus"]): Promise<void> {
    const settings = JSON.stringify(wanted);
    if (this.#dbus?.settings === settings) return;
    await this.#dbus?.service.close(false);
    this.#dbus = undefined;
    if (wanted === undefined) return;
    const { DbusService } = await import("./dbus/dbus-service.ts");
    const service = DbusService.start(wanted.service, { ...this.#world, facts: this.#facts });
    this.#dbus = { settings, service };
  }

  async #configureSnmp(wanted: GlobalOptions["snmp"]): Promise<void> {
    const settings = JSON.stringify(wanted);
    if (this.#snmp?.settings === settings) return;
    await this.#snmp?.agent?.close();
    this.#snmp = undefined;
    if (wanted === undefined) return;
    const { SnmpAgent } = await import("./snmp/snmp-agent.ts");
    this.#snmp = {
      settings,
      agent: SnmpAgent.start(wanted, { ...this.#world, facts: this.#facts }),
    };
  }
}
