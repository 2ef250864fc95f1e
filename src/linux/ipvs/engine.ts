// The `ipvs` engine: the kernel's own IPVS, spoken to over generic netlink. It forwards with or without a process; this
// class only reads and changes what the kernel has.

import { fail, ok, type Result } from "../../base/result.ts";
import type { BalancerSettings } from "../../model/balancer-settings.ts";
import type { BalancerTable, ServiceStatistics } from "../../model/balancer-table.ts";
import type { ConnectionEntry } from "../../model/connection-entry.ts";
import { virtualServerIdentity } from "../../model/health.ts";
import type { SyncDaemonState } from "../../model/sync-daemon.ts";
import { type VirtualServerKey, virtualServerName } from "../../model/virtual-server.ts";
import type { BalancerOperation } from "../../plan/operation.ts";
import type { IpvsInformation } from "../../wire/netlink/ipvs-config.ts";
import { ipvsDaemonState } from "../../wire/netlink/ipvs-daemon.ts";
import type { ObservedIpvsDestination } from "../../wire/netlink/ipvs-destination.ts";
import type { ObservedIpvsService } from "../../wire/netlink/ipvs-service.ts";
import type { BalancerEngine, EngineFault, EngineFinding } from "../../world/engine.ts";
import type { KernelSettings } from "../../world/host-kernel.ts";
import type { KernelFault } from "../../world/kernel.ts";
import { errno } from "../ffi/errno.ts";
import type { Syscalls } from "../ffi/syscalls.ts";
import { readConnections } from "./connection-files.ts";
import { ipvsFailed } from "./faults.ts";
import { IpvsCalls } from "./ipvs-calls.ts";
import type { OwnServices } from "./own-services.ts";
import { readSysctls, writeSysctls } from "./sysctls.ts";
import {
  destinationOf,
  ipvsServiceId,
  keyOfService,
  serviceOf,
  statisticsOf,
} from "./table-words.ts";
import { TableWriter } from "./table-writer.ts";

export interface IpvsEngineOptions {
  readonly syscalls: Syscalls;
  readonly files: KernelSettings;
  /** Loads a module of the kernel; what was wrong when it could not. */
  readonly loadModule: (name: string) => Promise<string | undefined>;
  /**
   * The services of this director: no other is seen or removed. Absent: the whole table, as ipvsadm
   * sees it.
   */
  readonly own?: OwnServices;
}

/** One service of the kernel with its destinations, in the order of addition. */
interface ToldService {
  readonly key: VirtualServerKey;
  readonly service: ObservedIpvsService;
  readonly destinations: readonly ObservedIpvsDestination[];
}

const noDaemon = "no such synchronisation daemon runs";

export class IpvsEngine implements BalancerEngine {
  readonly kind = "ipvs";
  readonly #options: IpvsEngineOptions;
  readonly #calls: IpvsCalls;
  readonly #writer: TableWriter;

  constructor(options: IpvsEngineOptions, calls: IpvsCalls) {
    this.#options = options;
    this.#calls = calls;
    this.#writer = new TableWriter(calls, options.own);
  }

  /** None: IPVS hooks into the stack, behind all of them. */
  interfaces(): readonly string[] {
    return [];
  }

  async observe(): Promise<Result<BalancerTable, EngineFault>> {
    const told = this.#told();
    if (!told.ok) return told;
    return ok({
      services: told.value.map(({ key, service, destinations }) => {
        // Services of a group share no templates in the kernel. They are what they can be.
        const group = this.#writer.persistenceGroup(key);
        return {
          ...serviceOf(key, service),
          ...(group === undefined ? {} : { persistenceGroup: group }),
          destinations: destinations.map(destinationOf),
        };
      }),
    });
  }

  async apply(operation: BalancerOperation): Promise<Result<void, EngineFault>> {
    return this.#writer.apply(operation);
  }

  /** The kernel brings counters up to date every two seconds. */
  async statistics(): Promise<Result<readonly ServiceStatistics[], EngineFault>> {
    const told = this.#told();
    if (!told.ok) return told;
    return ok(
      told.value.map(({ key, service, destinations }) => statisticsOf(key, service, destinations)),
    );
  }

  async zero(key?: VirtualServerKey): Promise<Result<void, EngineFault>> {
    if (key !== undefined) return this.#zeroOne(key);
    if (this.#options.own === undefined) return this.#done(this.#calls.zero());
    const told = this.#services();
    if (!told.ok) return told;
    for (const one of told.value) {
      const zeroed = this.#zeroOne(one.key);
      if (!zeroed.ok && zeroed.fault.kind !== "not-found") return zeroed;
    }
    return ok(undefined);
  }

  async settings(): Promise<Result<BalancerSettings, EngineFault>> {
    const timeouts = this.#calls.timeouts();
    if (!timeouts.ok) return ipvsFailed(timeouts.fault);
    const { tcpS, tcpFinS, udpS } = timeouts.value;
    return ok({
      ...readSysctls(this.#options.files),
      tcpEstablishedTimeoutS: tcpS,
      tcpFinTimeoutS: tcpFinS,
      udpTimeoutS: udpS,
    });
  }

  async configure(settings: Partial<BalancerSettings>): Promise<Result<void, EngineFault>> {
    const { tcpEstablishedTimeoutS, tcpFinTimeoutS, udpTimeoutS } = settings;
    const timeouts = {
      ...(tcpEstablishedTimeoutS === undefined ? {} : { tcpS: tcpEstablishedTimeoutS }),
      ...(tcpFinTimeoutS === undefined ? {} : { tcpFinS: tcpFinTimeoutS }),
      ...(udpTimeoutS === undefined ? {} : { udpS: udpTimeoutS }),
    };
    if (Object.keys(timeouts).length > 0) {
      const set = this.#done(this.#calls.setTimeouts(timeouts));
      if (!set.ok) return set;
    }
    // A setting of a scheduler is there once its module is.
    if (settings.lblcExpirationS !== undefined) await this.#options.loadModule("ip_vs_lblc");
    if (settings.lblcrExpirationS !== undefined) await this.#options.loadModule("ip_vs_lblcr");
    return writeSysctls(this.#options.files, settings);
  }

  async connections(): Promise<Result<Iterable<ConnectionEntry>, EngineFault>> {
    return ok({ [Symbol.iterator]: readConnections });
  }

  async syncDaemons(): Promise<Result<readonly SyncDaemonState[], EngineFault>> {
    const daemons = this.#calls.daemons();
    if (!daemons.ok) return ipvsFailed(daemons.fault);
    return ok(
      daemons.value.map(({ state, ...rest }) => ({
        role: state === ipvsDaemonState.master ? "master" : "backup",
        ...rest,
      })),
    );
  }

  async startSyncDaemon(daemon: SyncDaemonState): Promise<Result<void, EngineFault>> {
    const { role, ...rest } = daemon;
    const started = this.#calls.startDaemon({ state: ipvsDaemonState[role], ...rest });
    return this.#done(started, {
      [errno.EEXIST]: { kind: "exists", text: `a ${role} synchronisation daemon runs already` },
      [errno.ENODEV]: { kind: "not-found", text: `there is no interface ${daemon.interface}` },
      [errno.EINVAL]: {
        kind: "syscall-failed",
        text: "the kernel cannot start it: the interface must be able to multicast, and no destination may be of another family than its service",
      },
      [errno.EADDRNOTAVAIL]: {
        kind: "syscall-failed",
        text: `${daemon.interface} has no address of the group's family`,
      },
    });
  }

  async stopSyncDaemon(role: SyncDaemonState["role"]): Promise<Result<void, EngineFault>> {
    return this.#done(this.#calls.stopDaemon(ipvsDaemonState[role]), {
      [errno.ESRCH]: { kind: "not-found", text: noDaemon },
    });
  }

  /** Looks whether IPVS is still there: its module may have been removed, or loaded anew. */
  async maintain(): Promise<readonly EngineFinding[]> {
    const takenOver = this.#writer.takeOverFindings();
    const before = this.#calls.resolve();
    if (before.ok || before.fault.errno !== errno.ENOENT) return takenOver;
    const problem = await this.#options.loadModule("ip_vs");
    const found = "the kernel's IPVS is gone: somebody removed the module ip_vs";
    const after = this.#calls.resolve();
    const done = after.ok ? "loaded it again" : `it cannot be loaded again: ${problem ?? ""}`;
    return [...takenOver, { found, done, ok: after.ok }];
  }

  /** The kernel forwards on. */
  async close(): Promise<void> {
    this.#calls.close();
  }

  /** The version of the kernel's IPVS and the size of its connection table. */
  information(): Result<IpvsInformation, EngineFault> {
    const information = this.#calls.information();
    return information.ok ? information : ipvsFailed(information.fault);
  }

  /** Takes every service out of the kernel's table, whoever put it there. */
  flush(): Result<void, EngineFault> {
    const flushed = this.#done(this.#calls.flush());
    if (flushed.ok) this.#options.own?.keepOnly(new Set());
    return flushed;
  }

  async removeForeign(): Promise<Result<readonly VirtualServerKey[], EngineFault>> {
    const { own } = this.#options;
    const services = this.#calls.services();
    if (!services.ok) return ipvsFailed(services.fault);
    const removed: VirtualServerKey[] = [];
    for (const { id } of services.value) {
      const key = keyOfService(id);
      if (key === undefined || own === undefined || own.has(virtualServerIdentity(key))) continue;
      const outcome = this.#done(this.#calls.removeService(id));
      if (!outcome.ok && outcome.fault.kind !== "not-found") return outcome;
      removed.push(key);
    }
    return ok(removed);
  }

  #zeroOne(key: VirtualServerKey): Result<void, EngineFault> {
    return this.#done(this.#calls.zero(ipvsServiceId(key)), {
      [errno.ESRCH]: { kind: "not-found", text: `there is no service ${virtualServerName(key)}` },
    });
  }

  #services(): Result<readonly Pick<ToldService, "key" | "service">[], EngineFault> {
    const services = this.#calls.services();
    if (!services.ok) return ipvsFailed(services.fault);
    return ok(
      services.value.flatMap((service) => {
        const key = keyOfService(service.id);
        if (key === undefined) return [];
        const { own } = this.#options;
        const isOurs = own === undefined || own.has(virtualServerIdentity(key));
        return isOurs ? [{ key, service }] : [];
      }),
    );
  }

  #told(): Result<readonly ToldService[], EngineFault> {
    const services = this.#services();
    if (!services.ok) return services;
    const told: ToldService[] = [];
    for (const { key, service } of services.value) {
      const destinations = this.#calls.destinations(service.id);
      if (!destinations.ok) return ipvsFailed(destinations.fault);
      // The kernel puts a new one in front.
      told.push({ key, service, destinations: destinations.value.toReversed() });
    }
    return ok(told);
  }

  #done(
    outcome: Result<void, KernelFault>,
    meanings: Parameters<typeof ipvsFailed>[1] = {},
  ): Result<void, EngineFault> {
    return outcome.ok ? outcome : ipvsFailed(outcome.fault, meanings);
  }
}

/**
 * Opens the kernel's IPVS, and loads its module when it is not there. Fails as `unavailable` where the kernel has none or
 * does not let this process drive it; the text says which.
 */
export async function openIpvsEngine(
  options: IpvsEngineOptions,
): Promise<Result<IpvsEngine, EngineFault>> {
  const calls = new IpvsCalls(options.syscalls);
  const missing = await findIpvs(calls, options.loadModule);
  if (missing !== undefined) {
    calls.close();
    return fail(missing);
  }
  // The host may have been started anew since those were noted.
  const services = calls.services();
  if (services.ok) options.own?.keepOnly(namesOf(services.value));
  return ok(new IpvsEngine(options, calls));
}

function namesOf(services: readonly ObservedIpvsService[]): ReadonlySet<string> {
  const keys = services.flatMap(({ id }) => keyOfService(id) ?? []);
  return new Set(keys.map(virtualServerIdentity));
}

/** Why the kernel's IPVS cannot be used; undefined when it can. */
async function findIpvs(
  calls: IpvsCalls,
  loadModule: IpvsEngineOptions["loadModule"],
): Promise<EngineFault | undefined> {
  let found = calls.resolve();
  if (!found.ok && found.fault.errno === errno.ENOENT) {
    const problem = await loadModule("ip_vs");
    found = calls.resolve();
    if (!found.ok && found.fault.errno === errno.ENOENT) {
      const why = problem === undefined ? "" : `: ${problem}`;
      const text = `this kernel has no IPVS: the module ip_vs cannot be loaded${why}`;
      return { kind: "unavailable", text, code: found.fault.code };
    }
  }
  const answers = found.ok ? calls.timeouts() : found;
  if (answers.ok) return undefined;
  const fault = ipvsFailed(answers.fault);
  return fault.ok ? undefined : { ...fault.fault, kind: "unavailable" };
}

/**
 * Takes out of the kernel's table what a director has left there: connections end. Loads nothing; a kernel without IPVS
 * has nothing to remove.
 */
export async function removeOwnServices(syscalls: Syscalls, own: OwnServices): Promise<void> {
  if (own.size === 0) return;
  const calls = new IpvsCalls(syscalls);
  if (calls.resolve().ok) {
    const services = calls.services();
    for (const { id } of services.ok ? services.value : []) {
      const key = keyOfService(id);
      if (key !== undefined && own.has(virtualServerIdentity(key))) calls.removeService(id);
    }
  }
  calls.close();
  own.keepOnly(new Set());
}
