// The table that a configuration wishes while every server is up.

import type { Model } from "../../model/model.ts";
import type { RealServer, VirtualServer } from "../../model/virtual-server.ts";
import type { SavedServer, SavedService, SchedulerFlag } from "./saved-table.ts";

/** The services of a model; sorry servers are not among them, since they serve only when others do not. */
export function savedServicesOf(model: Model): readonly SavedService[] {
  return model.virtualServers.map(savedService);
}

function savedService(server: VirtualServer): SavedService {
  const { options } = server;
  const engine = options?.persistenceEngine;
  return {
    key: server.key,
    scheduler: server.scheduler,
    persistenceTimeoutS: server.persistenceTimeoutS,
    persistencePrefixLength: server.persistencePrefixLength,
    ...(engine === undefined ? {} : { persistenceEngine: engine }),
    onePacket: server.onePacket,
    flags: (options?.schedulerFlags ?? []).filter(isFlag),
    servers: server.realServers.map((real) => savedServer(real, server)),
  };
}

function isFlag(number: number): number is SchedulerFlag {
  return number === 1 || number === 2 || number === 3;
}

function savedServer(real: RealServer, server: VirtualServer): SavedServer {
  const { key } = server;
  const { address, weight, forwarding, upperThreshold, lowerThreshold } = real;
  const tunnel =
    forwarding === "TUN"
      ? (real.tunnel ?? ({ type: "ipip", checksum: "none" } as const))
      : undefined;
  return {
    address,
    port: real.port === 0 && key.kind === "address" ? key.port : real.port,
    forwarding,
    weight,
    upperThreshold,
    lowerThreshold,
    ...(tunnel === undefined ? {} : { tunnel }),
  };
}

/** What a table cannot say, one line each. */
export function tableLosses(model: Model): readonly string[] {
  const losses: string[] = [];
  const { virtualServers, vrrpInstances } = model;
  if (vrrpInstances.length > 0)
    losses.push("a table has no virtual addresses: the VRRP instances are left out");
  const servers = virtualServers.flatMap(({ realServers }) => realServers);
  if (servers.some(({ checks, plannedChecks = [] }) => checks.length + plannedChecks.length > 0))
    losses.push("a table has no checks: dead servers stay in it");
  if (virtualServers.some(({ sorryServer }) => sorryServer !== undefined))
    losses.push("a table has no sorry servers: they are left out");
  if (servers.some(({ upperThreshold, lowerThreshold }) => upperThreshold + lowerThreshold > 0))
    losses.push("`ipvsadm -S` would not show the thresholds; `ipvsadm -R` takes them");
  return losses;
}
