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

/** Whose state an event tells, and whether it ends. */
function subjectOf(
  event: ManagementEvent,
): { readonly key: string; readonly stopped: boolean } | undefined {
  if (event.kind === "transition")
    return { key: `instance ${event.instance}`, stopped: event.to === "STOP" };
  if (event.kind === "group-transition")
    return { key: `group ${event.group}`, stopped: event.to === "STOP" };
  return undefined;
}

/** Both parts. */
export class Management {
  readonly #world: ManagementWorld;
  readonly #facts: FactsSource;
  #dbus: { readonly settings: string; readonly service: DbusService } | undefined;
  #snmp: { readonly settings: string; readonly agent: SnmpAgent | undefined } | undefined;
  /** Instances and groups of whose end clients have been told. */
  readonly #stopped = new Set<string>();
  /** What was begun last. */
  #turn: Promise<void> = Promise.resolve();

  constructor(world: ManagementWorld) {
    this.#world = world;
    this.#facts = new FactsSource(world);
  }

  /** Starts what is asked for, ends what is not, and leaves what is the same alone. */
  configure(settings: ManagementSettings | undefined): Promise<void> {
    return this.#inTurn(async () => {
      await this.#configureDbus(settings?.dbus);
      await this.#configureSnmp(settings?.snmp);
    });
  }

  /** Tells of an event; those that the present settings ask for hear of it. */
  take(event: ManagementEvent): void {
    const subject = subjectOf(event);
    if (subject !== undefined) {
      if (subject.stopped) this.#stopped.add(subject.key);
      else this.#stopped.delete(subject.key);
    }
    this.#facts.take(event);
    void this.#inTurn(async () => {
      this.#dbus?.service.take(event);
      this.#snmp?.agent?.take(event);
    });
  }

  /** Ends; with `stopped`, clients are told that these instances and groups end with it. */
  async close(stopped?: StoppedObjects): Promise<void> {
    const atMs = this.#world.clock.wallMs();
    for (const instance of stopped?.instances ?? [])
      this.#end({ kind: "transition", instance, to: "STOP", cause: "stopped", atMs });
    for (const group of stopped?.groups ?? [])
      this.#end({ kind: "group-transition", group, to: "STOP" });
    await this.#inTurn(async () => {
      await this.#dbus?.service.close(stopped !== undefined);
      this.#dbus = undefined;
    });
    await this.configure(undefined);
  }

  /** Tells of an end that has not been told. */
  #end(event: ManagementEvent): void {
    if (!this.#stopped.has(subjectOf(event)?.key ?? "")) this.take(event);
  }

  /** Changes of the settings and events are taken in their order. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
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
