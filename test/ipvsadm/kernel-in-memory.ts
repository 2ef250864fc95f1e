// A data plane that keeps a table as the kernel's IPVS does, its order included, and forwards nothing: what lists are
// compared on without a kernel. Which refusals come from here and not from `judgeChange` is said at each.

import { ipAddressBytes } from "../../src/base/address.ts";
import { fail, ok, type Result } from "../../src/base/result.ts";
import type { IpvsadmPlane } from "../../src/ipvsadm/run-command.ts";
import {
  type BalancerSettings,
  defaultBalancerSettings,
} from "../../src/model/balancer-settings.ts";
import type { BalancerTable, Service, ServiceStatistics } from "../../src/model/balancer-table.ts";
import type { ConnectionEntry } from "../../src/model/connection-entry.ts";
import type { SyncDaemonState } from "../../src/model/sync-daemon.ts";
import type { VirtualServerKey } from "../../src/model/virtual-server.ts";
import { applyToTable } from "../../src/plan/apply-table.ts";
import type { BalancerOperation } from "../../src/plan/operation.ts";
import type { EngineFault } from "../../src/world/engine.ts";

type Outcome<Value> = Promise<Result<Value, EngineFault>>;

const protocolNumbers = { TCP: 6, UDP: 17, SCTP: 132 } as const;

/** Interfaces that it knows. */
const interfaces = ["d0", "lo"];

const invalid: EngineFault = {
  kind: "syscall-failed",
  text: "Invalid operation.  Possibly wrong module version, address not unicast, ...",
};

/** `salt`, 0 to 255: what the kernel mixes into the places of services, another one after every boot. */
export class KernelInMemory implements IpvsadmPlane {
  readonly isKernel = false;
  readonly #salt: number;
  /** The last added first. */
  #table: BalancerTable = { services: [] };
  #settings: BalancerSettings = defaultBalancerSettings;
  #daemons: readonly SyncDaemonState[] = [];
  statisticsToTell: readonly ServiceStatistics[] = [];
  connectionsToTell: readonly ConnectionEntry[] = [];

  constructor(salt: number) {
    this.#salt = salt;
  }

  async observe(): Outcome<BalancerTable> {
    const newestFirst = this.#table.services.toReversed();
    const places = newestFirst.map((service) => ({ service, place: this.#place(service.key) }));
    places.sort((a, b) => a.place - b.place);
    return ok({ services: places.map(({ service }) => service) });
  }

  async statistics(): Outcome<readonly ServiceStatistics[]> {
    return ok(this.statisticsToTell);
  }

  async apply(operation: BalancerOperation): Outcome<void> {
    const next = applyToTable(this.#table, operation);
    if (!next.ok) return fail({ kind: "not-found", text: next.fault.text });
    this.#table = next.value;
    return ok(undefined);
  }

  async flush(): Outcome<void> {
    this.#table = { services: [] };
    return ok(undefined);
  }

  async zero(): Outcome<void> {
    return ok(undefined);
  }

  async settings(): Outcome<BalancerSettings> {
    return ok(this.#settings);
  }

  async configure(settings: Partial<BalancerSettings>): Outcome<void> {
    this.#settings = { ...this.#settings, ...settings };
    return ok(undefined);
  }

  async connections(): Outcome<Iterable<ConnectionEntry>> {
    return ok(this.connectionsToTell);
  }

  async syncDaemons(): Outcome<readonly SyncDaemonState[]> {
    return ok(this.#daemons);
  }

  async startSyncDaemon(daemon: SyncDaemonState): Outcome<void> {
    if (this.#daemons.some(({ role }) => role === daemon.role))
      return fail({ kind: "exists", text: "" });
    // The datagrams of the kernel have one family for a service and its servers.
    if (this.#table.services.some(isMixed)) return fail(invalid);
    if (!interfaces.includes(daemon.interface))
      return fail({ kind: "not-found", text: "No such device" });
    this.#daemons = [...this.#daemons, daemon];
    return ok(undefined);
  }

  async stopSyncDaemon(role: SyncDaemonState["role"]): Outcome<void> {
    const left = this.#daemons.filter((daemon) => daemon.role !== role);
    if (left.length === this.#daemons.length) return fail({ kind: "not-found", text: "" });
    this.#daemons = left;
    return ok(undefined);
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  async tableSize(): Promise<number> {
    return 4096;
  }

  /** Where the kernel's list of services has it: one of 256 places, and those of marks behind all others. */
  #place(key: VirtualServerKey): number {
    if (key.kind === "fwmark") return 256 + ((key.fwmark ^ this.#salt) & 255);
    const bytes = ipAddressBytes(key.address);
    let folded = 0;
    for (const [i, byte] of bytes.entries()) if (i % 4 === 3) folded ^= byte;
    const { port } = key;
    return (protocolNumbers[key.protocol] ^ folded ^ (port >> 8) ^ port ^ this.#salt) & 255;
  }
}

function isMixed({ key, destinations }: Service): boolean {
  const six = key.kind === "fwmark" ? key.family === 6 : key.address.includes(":");
  return destinations.some(({ address }) => address.includes(":") !== six);
}
