// The SNMP agent: objects and notifications of one configuration, over one AgentX session.

import type { SnmpSettings } from "../../model/notification.ts";
import type { Clock } from "../../world/clock.ts";
import type { Log } from "../../world/log.ts";
import { answerRequest } from "../agentx/answer.ts";
import { defaultMaster, parseMasterAddress } from "../agentx/master-address.ts";
import type { AgentxAnswer, AgentxInput } from "../agentx/message.ts";
import { AgentxSession } from "../agentx/session.ts";
import type { ManagementFacts } from "../facts.ts";
import type { FactsSource } from "../facts-source.ts";
import type { ManagementEvent } from "../management-event.ts";
import { addressGroups } from "./keepalived-mib/addresses.ts";
import { balancerGroups } from "./keepalived-mib/balancer.ts";
import { globalGroups } from "./keepalived-mib/global.ts";
import { checkRoot, globalRoot, vrrpRoot } from "./keepalived-mib/identifiers.ts";
import { instanceGroups } from "./keepalived-mib/instances.ts";
import { realServerGroups } from "./keepalived-mib/real-servers.ts";
import { routeGroups } from "./keepalived-mib/routes.ts";
import { ruleGroups } from "./keepalived-mib/rules.ts";
import { syncGroupGroups } from "./keepalived-mib/sync-groups.ts";
import { trackedGroups } from "./keepalived-mib/tracked.ts";
import { trackerGroups } from "./keepalived-mib/trackers.ts";
import { virtualServerGroups } from "./keepalived-mib/virtual-servers.ts";
import type { MibGroup } from "./mib-group.ts";
import { MibTree, MibView } from "./mib-view.ts";
import { notificationsFor, protocolErrorNotification } from "./notifications.ts";
import type { Oid } from "./oid.ts";
import { vrrpMib, vrrpMibGroups } from "./vrrp-mib.ts";
import { vrrpv3Mib, vrrpv3MibGroups } from "./vrrpv3-mib.ts";

/** How often wrong packets are looked for, where somebody wants to be told of them. */
const errorLookMs = 5000;

/** What the agent stands on. */
export interface SnmpAgentWorld {
  readonly facts: FactsSource;
  readonly clock: Clock;
  readonly log: Log;
}

/** A part of the tree of identifiers, and what stands there. */
interface MibPart {
  readonly subtree: Oid;
  readonly groups: readonly MibGroup<ManagementFacts>[];
}

/** The parts that settings switch on. */
export function servedParts(settings: SnmpSettings): readonly MibPart[] {
  const keepalived = settings.vrrp || settings.checkers;
  const vrrpGroups = [
    ...syncGroupGroups,
    ...instanceGroups,
    ...trackedGroups,
    ...trackerGroups,
    ...addressGroups,
    ...routeGroups,
    ...ruleGroups,
  ];
  const checkGroups = [...balancerGroups, ...virtualServerGroups, ...realServerGroups];
  return [
    ...(keepalived ? [{ subtree: globalRoot, groups: globalGroups }] : []),
    ...(settings.vrrp ? [{ subtree: vrrpRoot, groups: vrrpGroups }] : []),
    ...(settings.checkers ? [{ subtree: checkRoot, groups: checkGroups }] : []),
    ...(settings.rfcVersion2 ? [{ subtree: vrrpMib, groups: vrrpMibGroups }] : []),
    ...(settings.rfcVersion3 ? [{ subtree: vrrpv3Mib, groups: vrrpv3MibGroups }] : []),
  ];
}

/** One agent. */
export class SnmpAgent {
  readonly #settings: SnmpSettings;
  readonly #world: SnmpAgentWorld;
  readonly #tree: MibTree<ManagementFacts>;
  readonly #session: AgentxSession;
  readonly #look: NodeJS.Timeout | undefined;
  #view: { readonly facts: ManagementFacts; readonly view: MibView<ManagementFacts> } | undefined;
  /** Notifications leave in the order of their events. */
  #telling: Promise<void> = Promise.resolve();

  private constructor(settings: SnmpSettings, world: SnmpAgentWorld, session: AgentxSession) {
    this.#settings = settings;
    this.#world = world;
    this.#session = session;
    this.#tree = new MibTree(servedParts(settings).flatMap(({ groups }) => groups));
    const tellsErrors = settings.traps && settings.rfcVersion3;
    this.#look = tellsErrors
      ? setInterval(() => void world.facts.read().catch(() => undefined), errorLookMs)
      : undefined;
    world.facts.onWrongPackets = (instances, facts) => this.#tellErrors(instances, facts);
  }

  /** Starts an agent; undefined, with a line in the log, where nothing is to be served. */
  static start(settings: SnmpSettings, world: SnmpAgentWorld): SnmpAgent | undefined {
    const parts = servedParts(settings);
    if (parts.length === 0) return undefined;
    const text = settings.socket ?? defaultMaster;
    const master = parseMasterAddress(text);
    const tell = (sentence: string): void =>
      world.log.write({ level: "warning", kind: "snmp", text: `SNMP: ${sentence}` });
    if (master === undefined) {
      tell(`\`${text}\` is no address of a master agent: nothing is served`);
      return undefined;
    }
    if (/^udp/i.test(text)) tell(`AgentX does not run over UDP: ${text} is taken as TCP`);
    let agent: SnmpAgent | undefined;
    const session = new AgentxSession({
      master,
      description: "Keelson",
      subtrees: parts.map(({ subtree }) => subtree),
      answer: async (input) => agent?.answer(input),
      log: world.log,
      nowMs: () => world.clock.nowMs(),
    });
    agent = new SnmpAgent(settings, world, session);
    session.start();
    return agent;
  }

  /** Answers a request of the master agent. */
  async answer(input: AgentxInput): Promise<AgentxAnswer | undefined> {
    return answerRequest(input, await this.#currentView());
  }

  /** Tells of an event, where the settings want it. */
  take(event: ManagementEvent): void {
    if (!this.#settings.traps) return;
    this.#telling = this.#telling
      .then(() => this.#world.facts.read())
      .then((facts) => {
        for (const varbinds of notificationsFor(event, facts, this.#settings))
          this.#session.notify(varbinds);
      })
      .catch((error: unknown) => {
        const text = `SNMP: a notification could not be made: ${String(error)}`;
        this.#world.log.write({ level: "error", kind: "snmp", text });
      });
  }

  /** Ends, after what is still to be told. */
  async close(): Promise<void> {
    clearInterval(this.#look);
    this.#world.facts.onWrongPackets = () => undefined;
    await this.#telling;
    this.#session.close();
  }

  async #currentView(): Promise<MibView<ManagementFacts>> {
    const facts = await this.#world.facts.read();
    if (this.#view?.facts === facts) return this.#view.view;
    const boot = this.#session.masterBootMs;
    const { clock } = this.#world;
    const agentBootMs = boot === undefined ? undefined : clock.wallMs() - (clock.nowMs() - boot);
    const timed = agentBootMs === undefined ? facts : { ...facts, agentBootMs };
    const view = new MibView(this.#tree, timed);
    this.#view = { facts, view };
    return view;
  }

  #tellErrors(instances: readonly string[], facts: ManagementFacts): void {
    if (!this.#settings.traps || !this.#settings.rfcVersion3) return;
    for (const instance of instances) {
      const varbinds = protocolErrorNotification(instance, facts);
      if (varbinds !== undefined) this.#session.notify(varbinds);
    }
  }
}
