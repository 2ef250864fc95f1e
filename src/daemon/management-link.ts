// The way between a director and those who watch it over D-Bus and SNMP. Nothing of `management` is loaded
// before a configuration asks for it.

import type { ManagementDeeds } from "../management/deeds.ts";
import type { Snapshot } from "../management/facts.ts";
import type { Management } from "../management/management.ts";
import type { ManagementEvent } from "../management/management-event.ts";
import { virtualServerIdentity } from "../model/health.ts";
import type { Model } from "../model/model.ts";
import type { Clock } from "../world/clock.ts";
import type { AddressKernel } from "../world/kernel.ts";
import type { Log } from "../world/log.ts";
import type { Director } from "./director.ts";
import type { DirectorEvent } from "./director-contract.ts";

/** The end of a director does not wait longer for those who watch it. */
const endTimeoutMs = 3000;
/** The bus of the system, unless the environment names another. */
const systemBus = "unix:path=/run/dbus/system_bus_socket";

/** What the link stands on. */
export interface ManagementLinkWorld {
  readonly clock: Clock;
  readonly log: Log;
  /** Opened when something is to be shown. */
  readonly openKernel: () => Pick<AddressKernel, "links" | "addresses" | "close">;
  readonly environment: NodeJS.ProcessEnv;
}

/** What a director does for those who watch it. */
export type DirectorDeeds = Omit<ManagementDeeds, "announce">;

type Watched = Pick<Director, "running" | "status" | "announce" | "tracker">;

/** One link. */
export class ManagementLink {
  readonly #world: ManagementLinkWorld;
  #director: Watched | undefined;
  #deeds: DirectorDeeds | undefined;
  #kernel: ReturnType<ManagementLinkWorld["openKernel"]> | undefined;
  #management: Management | undefined;
  /** Events from before there was anybody to tell. */
  #early: ManagementEvent[] = [];
  #settling: Promise<void> = Promise.resolve();

  constructor(world: ManagementLinkWorld) {
    this.#world = world;
  }

  /** Takes an event of the director. */
  hear(event: DirectorEvent): void {
    if (event.kind === "reloaded") this.#settle();
    const told = managementEvent(event);
    if (told === undefined) return;
    if (this.#management !== undefined) this.#management.take(told);
    else if (this.#director === undefined || this.#wanted) this.#early.push(told);
  }

  /** Begins to show a director that runs. */
  attach(director: Watched, deeds: DirectorDeeds): void {
    this.#director = director;
    this.#deeds = deeds;
    this.#settle();
  }

  /** Ends. With `stopped`, instances and groups end too, and their watchers are told. */
  async close(stopped: boolean): Promise<void> {
    const end = async (): Promise<void> => {
      await this.#settling;
      const { vrrpInstances = [], syncGroups = [] } = this.#model ?? {};
      const instances = vrrpInstances.map(({ name }) => name);
      const groups = syncGroups.map(({ name }) => name);
      await this.#management?.close(stopped ? { instances, groups } : undefined);
    };
    let patience: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      patience = setTimeout(resolve, endTimeoutMs);
    });
    await Promise.race([end().catch((error: unknown) => this.#complain(error)), late]);
    clearTimeout(patience);
    this.#management = undefined;
    this.#kernel?.close();
  }

  get #model(): Model | undefined {
    return this.#director?.running.model;
  }

  get #wanted(): boolean {
    const { dbus, snmp } = this.#model?.global.options ?? {};
    return dbus !== undefined || snmp !== undefined;
  }

  /** Brings what is shown in line with the configuration. */
  #settle(): void {
    this.#settling = this.#settling
      .then(() => this.#configure())
      .catch((error: unknown) => this.#complain(error));
  }

  async #configure(): Promise<void> {
    const management = this.#management ?? (this.#wanted ? await this.#open() : undefined);
    const configured = management?.configure(this.#model?.global.options);
    // Whatever is told from here on comes behind what was told before.
    this.#management = management;
    for (const event of this.#early) management?.take(event);
    this.#early = [];
    await configured;
  }

  async #open(): Promise<Management> {
    const { Management: Implementation } = await import("../management/management.ts");
    const { clock, log, environment } = this.#world;
    const nothing = async (): Promise<{ ok: boolean; text: string }> => {
      return { ok: false, text: "the director is still starting" };
    };
    const deeds = this.#deeds;
    return new Implementation({
      clock,
      log,
      busAddress: environment["DBUS_SYSTEM_BUS_ADDRESS"] ?? systemBus,
      snapshot: () => this.#snapshot(),
      deeds: {
        printData: deeds?.printData ?? nothing,
        printStatistics: deeds?.printStatistics ?? nothing,
        reload: deeds?.reload ?? nothing,
        announce: (instance) => this.#director?.announce(instance) ?? nothing(),
      },
    });
  }

  async #snapshot(): Promise<Snapshot> {
    const director = this.#director;
    if (director === undefined) throw new Error("there is no director");
    this.#kernel ??= this.#world.openKernel();
    const status = await director.status();
    const links = this.#kernel.links();
    const addresses = this.#kernel.addresses();
    return {
      status,
      model: director.running.model,
      links: links.ok ? links.value : [],
      addresses: addresses.ok ? addresses.value : [],
      tracker: (kind, name) => director.tracker(kind, name),
    };
  }

  #complain(error: unknown): void {
    const text = `D-Bus and SNMP: ${error instanceof Error ? error.message : String(error)}`;
    this.#world.log.write({ level: "error", kind: "management", text });
  }
}

/** What watchers are told of an event; undefined: nothing. */
function managementEvent(event: DirectorEvent): ManagementEvent | undefined {
  if (event.kind === "reloaded") return event;
  if (event.kind === "health") {
    const { change } = event;
    const virtualServer = virtualServerIdentity(change.key);
    if (change.kind === "quorum") return { kind: "quorum", virtualServer, up: change.up };
    const { realServer, from, to } = change;
    // A server counts as up until its first check says otherwise.
    if (from === "unknown" && to === "up") return undefined;
    return { kind: "real-server", virtualServer, realServer, up: to !== "down" };
  }
  const { news } = event;
  if (news.kind === "transition") {
    const { instance, cause, atMs } = news;
    const to = cause.kind === "stopped" ? "STOP" : news.to;
    return { kind: "transition", instance, to, cause: cause.kind, atMs };
  }
  if (news.kind === "group-transition") {
    const to = news.cause.kind === "stopped" ? "STOP" : news.to;
    return { kind: "group-transition", group: news.group, to };
  }
  return undefined;
}
