// One node of a scene: a simulated host with the daemon's engine on it, and what a test remembers of
// both.

import type { IpAddress } from "../../../src/base/address.ts";
import type { VrrpInstanceStatus, VrrpState } from "../../../src/model/status.ts";
import type { SyncGroup } from "../../../src/model/sync-group.ts";
import type { VrrpAuthentication, VrrpInstance } from "../../../src/model/vrrp-instance.ts";
import type { VrrpOptions } from "../../../src/model/vrrp-options.ts";
import { type VrrpWish, wishOfInstances } from "../../../src/model/vrrp-wish.ts";
import type { AddressFact } from "../../../src/plan/operation.ts";
import type { SimulatedHost } from "../../../src/simulated/simulated-host.ts";
import { addressKey } from "../../../src/vrrp/address-plan.ts";
import { VrrpEngine } from "../../../src/vrrp/engine/engine.ts";
import type { EngineOutput } from "../../../src/vrrp/engine/output.ts";
import { leaseOf } from "../../../src/vrrp/lease.ts";
import type { NodeScene, RouterScene, Scene, Settings } from "./scene.ts";

const GROUP_NAME = "VG_1";
const SCRIPT = "chk";
/** The kernel refused, or others have changed addresses: the next look comes within a second. */
const EXCUSE_MS = 1100;
const GROUPS = { 4: "224.0.0.18" as IpAddress, 6: "ff02::12" as IpAddress };

/** What is known of one virtual router at one node. */
export interface Part {
  readonly router: RouterScene;
  readonly interface: string;
  readonly address: IpAddress;
  /** The other nodes, in the order of the scene. */
  readonly peers: readonly IpAddress[];
  settings: Settings;
  virtualAddresses: readonly string[];
  keys: readonly string[];
  state: VrrpState | undefined;
  /** Transitions since the scene began. */
  transitions: number;
  advertsSent: number;
  /** Adverts that were heard before the last transition of this life. */
  heardBefore: number;
  /** Packets that earlier lives of the process have read. */
  packetsReadBefore: number;
  /** The shortest interval that it has ever been told. */
  leastIntervalCs: number;
}

/** How an interface is called that belongs to a virtual router of the scene. */
export function interfaceOf(router: number): string {
  return `eth${router}`;
}

/** The facts of a virtual router's addresses. */
export function virtualFacts(addresses: readonly string[], name: string): readonly AddressFact[] {
  return addresses.map((address) => ({
    address: address as IpAddress,
    prefixLength: address.includes(":") ? 128 : 32,
    interface: name,
  }));
}

/** Packets of VRRP that were refused; messages beside VRRP are counted with them. */
export function sumOfRejected(counts: Readonly<Record<string, number>>): number {
  return Object.entries(counts)
    .filter(([kind]) => kind !== "peer-message-wrong")
    .reduce((sum, [, count]) => sum + count, 0);
}

export class SceneNode {
  readonly scene: NodeScene;
  readonly host: SimulatedHost;
  readonly parts: readonly Part[];
  engine: VrrpEngine | undefined;
  /** Asked to stop, and not started again. */
  stopping = false;
  stopped = false;
  scriptUp = true;
  /** Asked to give up its addresses, so that it may leave another MASTER alone from now on. */
  asked = false;
  excusedUntilMs = 0;
  /** How long the machine had slept when it was last looked at. */
  asleepSeenMs = 0;
  /** Told by the engine, log lines aside. */
  newsCount = 0;
  readonly #together: boolean;
  readonly #hear: (node: SceneNode, output: EngineOutput) => void;

  constructor(
    scene: NodeScene,
    host: SimulatedHost,
    { routers, nodes, together }: Scene,
    hear: (node: SceneNode, output: EngineOutput) => void,
  ) {
    this.scene = scene;
    this.host = host;
    this.#together = together;
    this.#hear = hear;
    this.parts = routers.map((router, i) => {
      const settings = scene.settings[i];
      const address = scene.addresses[i];
      if (settings === undefined || address === undefined)
        throw new Error(`${scene.name} says nothing of ${router.name}`);
      return {
        router,
        interface: interfaceOf(i),
        address: address as IpAddress,
        peers: nodes.filter((node) => node !== scene).map((node) => node.addresses[i] as IpAddress),
        settings,
        virtualAddresses: router.virtualAddresses,
        keys: virtualFacts(router.virtualAddresses, interfaceOf(i)).map(addressKey),
        state: undefined,
        transitions: 0,
        advertsSent: 0,
        heardBefore: 0,
        packetsReadBefore: 0,
        leastIntervalCs: settings.intervalCs,
      };
    });
  }

  get name(): string {
    return this.scene.name;
  }

  get alive(): boolean {
    return this.engine !== undefined && !this.stopped;
  }

  /** Alive, told to go on, and given a processor. */
  get active(): boolean {
    return this.alive && !this.stopping && !this.host.paused;
  }

  /** Starts the process; `knowing` what its script says, or told of it some time later. */
  start(knowing = true): void {
    // Whatever of an earlier process was left ends with it.
    this.host.crash();
    this.stopped = false;
    this.stopping = false;
    this.asked = false;
    for (const part of this.parts) {
      part.state = "INIT";
      part.packetsReadBefore = this.host.nic(part.interface).packetsRead;
    }
    this.engine = new VrrpEngine(this.host.world((output) => this.#listen(output)));
    if (knowing) this.track(this.scriptUp);
    this.engine.configure(this.wish());
  }

  crash(): void {
    this.host.crash();
    this.engine = undefined;
    for (const part of this.parts) part.state = undefined;
  }

  stop(): void {
    if (!this.alive) return;
    this.stopping = true;
    this.engine?.stop();
  }

  /** Tells the engine what the node should be; returns what the engine says has changed. */
  configure(): readonly string[] {
    if (this.stopping) return [];
    return this.engine?.configure(this.wish()) ?? [];
  }

  track(up: boolean): void {
    this.scriptUp = up;
    if (this.stopping || !this.parts.some((part) => part.settings.scriptWeight !== undefined))
      return;
    const text = `exit status ${up ? 0 : 1}`;
    this.engine?.track("script", SCRIPT, { up, weight: 0, text });
  }

  /** Changes what the node should be of one virtual router; `configure` brings it about. */
  change(router: number, changes: Partial<Settings>, virtualAddresses?: readonly string[]): void {
    const part = this.part(router);
    part.settings = { ...part.settings, ...changes };
    part.leastIntervalCs = Math.min(part.leastIntervalCs, part.settings.intervalCs);
    if (virtualAddresses === undefined) return;
    part.virtualAddresses = virtualAddresses;
    part.keys = virtualFacts(virtualAddresses, part.interface).map(addressKey);
  }

  /** Addresses may differ for a while from what they should be. */
  excuse(longerMs = 0): void {
    const untilMs = this.host.awakeAtMs + EXCUSE_MS + longerMs;
    this.excusedUntilMs = Math.max(this.excusedUntilMs, untilMs);
  }

  part(router: number): Part {
    const part = this.parts[router];
    if (part === undefined) throw new Error(`no virtual router ${router}`);
    return part;
  }

  status(router: number): VrrpInstanceStatus | undefined {
    const { name } = this.part(router).router;
    return this.engine?.report().find((status) => status.name === name);
  }

  master(router: number): boolean {
    return this.alive && !this.stopping && this.part(router).state === "MASTER";
  }

  holds(router: number): boolean {
    return this.part(router).keys.every((key) => this.host.hasFact(key));
  }

  holdsAny(router: number): boolean {
    return this.part(router).keys.some((key) => this.host.hasFact(key));
  }

  /** True when the kernel silences the addresses unless the process says otherwise. */
  isLeased(router: number): boolean {
    return leaseOf(instanceOf(this.part(router))).kind === "lease";
  }

  wish(): VrrpWish {
    const grouped = this.#together ? { syncGroup: GROUP_NAME } : {};
    const wish = wishOfInstances(
      this.parts.map((part) => {
        const unicast = part.router.unicast ? unicastTo(part.peers) : {};
        return { ...instanceOf(part), options: { ...grouped, ...unicast } };
      }),
    );
    return this.#together ? { ...wish, syncGroups: [groupOf(this.parts)] } : wish;
  }

  #listen(output: EngineOutput): void {
    if (output.kind !== "log") this.newsCount++;
    if (output.kind === "stopped") {
      this.stopped = true;
      for (const part of this.parts) part.state = undefined;
    }
    if (output.kind === "transition") {
      const part = this.parts.find((one) => one.router.name === output.instance);
      if (part !== undefined) {
        part.state = output.to;
        part.transitions++;
        const router = this.parts.indexOf(part);
        part.heardBefore = this.status(router)?.counters.advertsReceived ?? 0;
      }
    }
    this.#hear(this, output);
  }
}

function groupOf(parts: readonly Part[]): SyncGroup {
  const tracking = { interfaces: [], scripts: [], files: [], processes: [], bfdSessions: [] };
  const members = parts.map((part) => part.router.name);
  return { name: GROUP_NAME, members, tracking, weights: false, notify: {} };
}

function authenticationOf({ password, sealed }: RouterScene): VrrpAuthentication {
  if (password === undefined) return { type: "none" };
  return { type: sealed === true ? "AH" : "PASS", password };
}

function unicastTo(peers: readonly IpAddress[]): VrrpOptions {
  return {
    unicast: {
      peers: peers.map((address) => ({ address })),
      ttl: 255,
      checkSource: true,
      faultWithoutPeers: false,
    },
  };
}

function instanceOf(part: Part): VrrpInstance {
  const { router, settings, virtualAddresses, interface: name } = part;
  const { scriptWeight } = settings;
  return {
    name: router.name,
    interface: name,
    vrid: router.vrid,
    version: router.version,
    family: router.family,
    initialState: "BACKUP",
    priority: settings.priority,
    advertIntervalCs: settings.intervalCs,
    authentication: authenticationOf(router),
    preempt: settings.preempt,
    preemptDelayMs: settings.preemptDelayMs,
    multicastGroup: GROUPS[router.family],
    virtualAddresses: virtualAddresses.map((address) => ({
      address: address as IpAddress,
      prefixLength: router.family === 4 ? 32 : 128,
    })),
    excludedAddresses: [],
    trackedScripts: scriptWeight === undefined ? [] : [{ script: SCRIPT, weight: scriptWeight }],
    trackedInterfaces: [],
    garp: { delayMs: 5000, repeat: 2, refreshMs: router.garpRefreshMs, refreshRepeat: 1 },
  };
}
