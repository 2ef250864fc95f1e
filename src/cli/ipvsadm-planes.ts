// The data planes that `keelson ipvsadm` can work on: a running director's, what a director has left in the kernel, the
// kernel's IPVS.

import { existsSync, readdirSync } from "node:fs";
import { fail, ok, type Result } from "../base/result.ts";
import type { IpvsadmPlane } from "../ipvsadm/run-command.ts";
import { ratesBetween } from "../ipvsadm/sampled-rates.ts";
import { ByHand, byHandPath } from "../linux/by-hand.ts";
import { loadSyscalls } from "../linux/ffi/syscalls.ts";
import { type IpvsEngine, openIpvsEngine } from "../linux/ipvs/engine.ts";
import { loadKernelModule } from "../linux/ipvs/kernel-module.ts";
import { openKernelSettings } from "../linux/kernel-settings.ts";
import { openLeftXdpEngine } from "../linux/xdp/left-behind.ts";
import type { ServiceStatistics } from "../model/balancer-table.ts";
import { virtualServerIdentity } from "../model/health.ts";
import { type VirtualServerKey, virtualServerName } from "../model/virtual-server.ts";
import type { BalancerOperation } from "../plan/operation.ts";
import type { BalancerEngine, EngineFault } from "../world/engine.ts";
import { openDirectorsPlane } from "./ipvsadm-director.ts";

/** What is said of a service that a director keeps as its configuration has it. */
export function ownedFault(name: string): EngineFault {
  return {
    kind: "not-supported",
    text: `${name} is the director's: it would undo a change by hand; change its configuration instead`,
  };
}

/** Buckets of the kernel's connection table by default; what other data planes say too. */
const tableSizeDefault = 4096;

/** How long packets are counted where nobody has estimated rates before. */
const sampleMs = 2000;

/** Finds the data plane that a command is about. A fault is one line. */
export async function openPlane(
  runDirectory: string,
  pinDirectory: string,
): Promise<Result<IpvsadmPlane, string>> {
  const director = await openDirectorsPlane(runDirectory);
  if (director.kind === "plane") return ok(director.plane);
  if (director.kind === "fault") return fail(director.text);
  if (director.kind !== "ipvs" && hasPinned(pinDirectory)) {
    const left = openLeftXdpEngine(loadSyscalls(), pinDirectory);
    return left.ok ? ok(planeLeftBehind(left.value, runDirectory)) : fail(left.fault.text);
  }
  const opened = await openIpvsEngine({
    syscalls: loadSyscalls(),
    files: openKernelSettings(),
    loadModule: loadKernelModule,
  });
  if (opened.ok)
    return ok(planeOfKernel(opened.value, director.kind === "ipvs" ? director.owned : []));
  return fail(opened.fault.text);
}

function hasPinned(pinDirectory: string): boolean {
  return existsSync(pinDirectory) && readdirSync(pinDirectory).length > 0;
}

/** What is added now shall still be there when the next director has started. */
function planeLeftBehind(engine: BalancerEngine, runDirectory: string): IpvsadmPlane {
  const plane = planeOfEngine(engine, []);
  const byHand = new ByHand(byHandPath(runDirectory));
  return {
    ...plane,
    apply: async (operation) => {
      const applied = await plane.apply(operation);
      // A change to what the configuration has lasts until the next start, and needs no memory.
      if (applied.ok && existsSync(runDirectory)) byHand.take(operation);
      return applied;
    },
    flush: async () => {
      const flushed = await plane.flush();
      if (flushed.ok) byHand.clear();
      return flushed;
    },
  };
}

/** A data plane of this process. Services in `owned` are a director's, and stay as they are. */
function planeOfEngine(engine: BalancerEngine, owned: readonly string[]): IpvsadmPlane {
  const isOwned = (key: VirtualServerKey): boolean => owned.includes(virtualServerIdentity(key));
  return {
    isKernel: engine.kind === "ipvs",
    observe: () => engine.observe(),
    statistics: (rates) => (rates ? sampled(engine) : engine.statistics()),
    apply: async (operation) => {
      const key = keyOf(operation);
      return isOwned(key) ? fail(ownedFault(virtualServerName(key))) : engine.apply(operation);
    },
    flush: async () => {
      const table = await engine.observe();
      if (!table.ok) return table;
      const keys = table.value.services.map(({ key }) => key);
      for (const key of keys) {
        if (isOwned(key)) continue;
        const removed = await engine.apply({ kind: "remove-service", key });
        if (!removed.ok) return removed;
      }
      const [first] = keys.filter(isOwned);
      return first === undefined ? ok(undefined) : fail(ownedFault(virtualServerName(first)));
    },
    zero: (key) => engine.zero(key),
    settings: () => engine.settings(),
    configure: (settings) => engine.configure(settings),
    connections: () => engine.connections(),
    syncDaemons: () => engine.syncDaemons(),
    startSyncDaemon: (daemon) => engine.startSyncDaemon(daemon),
    stopSyncDaemon: (role) => engine.stopSyncDaemon(role),
    tableSize: async () => tableSizeDefault,
    close: () => engine.close(),
  };
}

function planeOfKernel(engine: IpvsEngine, owned: readonly string[]): IpvsadmPlane {
  const plane = planeOfEngine(engine, owned);
  return {
    ...plane,
    statistics: () => engine.statistics(),
    flush: async () => (owned.length === 0 ? engine.flush() : plane.flush()),
    tableSize: async () => {
      const information = engine.information();
      return information.ok ? information.value.connectionTableSize : tableSizeDefault;
    },
  };
}

function keyOf(operation: BalancerOperation): VirtualServerKey {
  return "service" in operation ? operation.service.key : operation.key;
}

/** Without a director nobody has estimated: what two seconds bring is the rate. */
async function sampled(
  engine: BalancerEngine,
): Promise<Result<readonly ServiceStatistics[], EngineFault>> {
  const before = await engine.statistics();
  if (!before.ok || before.value.every(({ rates }) => rates !== undefined)) return before;
  const startedMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, sampleMs));
  const after = await engine.statistics();
  const seconds = (performance.now() - startedMs) / 1000;
  return after.ok ? ok(ratesBetween(before.value, after.value, seconds)) : after;
}
