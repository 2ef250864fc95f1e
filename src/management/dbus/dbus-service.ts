// The service on D-Bus: objects of the present configuration, signals of what happens.

import { readFileSync } from "node:fs";
import type { Log } from "../../world/log.ts";
import type { DeedOutcome, ManagementDeeds } from "../deeds.ts";
import type { ManagementFacts } from "../facts.ts";
import type { FactsSource } from "../facts-source.ts";
import type { ManagementEvent } from "../management-event.ts";
import { answerCall, busStateCode, propertiesOf } from "./answer-call.ts";
import { BusConnection } from "./bus-connection.ts";
import { type BusCall, type BusDeed, type BusReply, busError } from "./bus-message.ts";
import { instanceInterface, vrrpInterface } from "./introspection.ts";
import { instancePath, objectTree, vrrpPath } from "./object-tree.ts";

/** The name that keepalived's clients know. */
export const defaultService = "org.keepalived.Vrrp1";
/** Clients wait 25 s; a reload that takes longer goes on without them. */
const deedPatienceMs = 10_000;
const rootUser = 0;

type FinalReply = Exclude<BusReply, { readonly kind: "deed" }>;

/** What the service stands on. */
export interface DbusServiceWorld {
  readonly facts: FactsSource;
  readonly deeds: ManagementDeeds;
  readonly log: Log;
  /** The address of the system bus. */
  readonly busAddress: string;
}

/** One service. */
export class DbusService {
  readonly #world: DbusServiceWorld;
  readonly #bus: BusConnection;
  #started = false;
  /** Signals leave in the order of their events. */
  #telling: Promise<void> = Promise.resolve();

  private constructor(service: string, world: DbusServiceWorld) {
    this.#world = world;
    this.#bus = new BusConnection({
      address: world.busAddress,
      service: service === "" ? defaultService : service,
      answer: (call, sender) => this.#answer(call, sender),
      onOwned: () => this.#owned(),
      log: world.log,
    });
  }

  /** Starts a service under a name; the usual one for an empty text. */
  static start(service: string, world: DbusServiceWorld): DbusService {
    const started = new DbusService(service, world);
    void started.#bus.start();
    return started;
  }

  /** Tells of an event. */
  take(event: ManagementEvent): void {
    if (event.kind === "transition") this.#tell((facts) => this.#emitTransition(event, facts));
    if (event.kind === "reloaded") this.#tell((facts) => this.#emitVrrp("VrrpReloaded", facts));
  }

  /** Says that VRRP has stopped, if it has, and ends. */
  async close(stopped: boolean): Promise<void> {
    if (stopped) this.#tell((facts) => this.#emitVrrp("VrrpStopped", facts));
    await this.#telling;
    this.#bus.close();
  }

  #owned(): void {
    if (this.#started) return;
    this.#started = true;
    this.#tell((facts) => this.#emitVrrp("VrrpStarted", facts));
  }

  #tell(emit: (facts: ManagementFacts) => void): void {
    this.#telling = this.#telling
      .then(() => this.#world.facts.read())
      .then(emit)
      .catch((error: unknown) => {
        const text = `D-Bus: a signal could not be sent: ${String(error)}`;
        this.#world.log.write({ level: "error", kind: "dbus", text });
      });
  }

  #emitVrrp(member: string, facts: ManagementFacts): void {
    const path = vrrpPath(facts);
    this.#bus.emit({ path, interface: vrrpInterface, member, signature: "", body: [] });
  }

  #emitTransition(
    { instance, to }: Extract<ManagementEvent, { readonly kind: "transition" }>,
    facts: ManagementFacts,
  ): void {
    const wish = facts.model.vrrpInstances.find(({ name }) => name === instance);
    if (wish === undefined) return;
    const path = instancePath(facts, wish);
    this.#bus.emit({
      path,
      interface: instanceInterface,
      member: "VrrpStatusChange",
      signature: "u",
      body: [busStateCode[to]],
    });
    if (to === "STOP" || to === "DELETED") return;
    const { State: state } = propertiesOf({ kind: "instance", name: instance, state: to });
    this.#bus.emit({
      path,
      interface: "org.freedesktop.DBus.Properties",
      member: "PropertiesChanged",
      signature: "sa{sv}as",
      body: [instanceInterface, [["State", state]], []],
    });
  }

  async #answer(call: BusCall, sender: string): Promise<FinalReply> {
    const facts = await this.#world.facts.read();
    const reply = answerCall(call, { tree: objectTree(facts), machineId: machineId() });
    return reply.kind === "deed" ? this.#perform(reply.deed, sender) : reply;
  }

  /** The policy of the bus lets root alone call methods that act; so does this, whatever the policy. */
  async #perform(deed: BusDeed, sender: string): Promise<FinalReply> {
    const user = await this.#bus.userOf(sender);
    if (user !== rootUser && user !== process.getuid?.()) {
      const who = user === undefined ? "a client that the bus does not know" : `user ${user}`;
      return busError("AccessDenied", `${who} may not do this`);
    }
    const text = `D-Bus: ${sender} (user ${user}) asks for ${deed.kind}`;
    this.#world.log.write({ level: "info", kind: "dbus", text });
    const outcome = await inTime(this.#outcomeOf(deed));
    if (outcome === undefined || outcome.ok) return { kind: "return", signature: "", body: [] };
    return busError("Failed", outcome.text);
  }

  #outcomeOf(deed: BusDeed): Promise<DeedOutcome> {
    const { deeds } = this.#world;
    switch (deed.kind) {
      case "print-data":
        return deeds.printData();
      case "print-stats":
        return deeds.printStatistics(false);
      case "print-stats-clear":
        return deeds.printStatistics(true);
      case "reload":
        return deeds.reload();
      case "send-garp":
        return deeds.announce(deed.instance);
    }
  }
}

/** The outcome, or undefined when it takes longer than a client waits. */
async function inTime(outcome: Promise<DeedOutcome>): Promise<DeedOutcome | undefined> {
  let patience: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    patience = setTimeout(() => resolve(undefined), deedPatienceMs);
  });
  const first = await Promise.race([outcome, late]);
  clearTimeout(patience);
  return first;
}

function machineId(): string | undefined {
  for (const file of ["/etc/machine-id", "/var/lib/dbus/machine-id"]) {
    try {
      return readFileSync(file, "utf8").trim();
    } catch {
      // The other file may have it.
    }
  }
  return undefined;
}
