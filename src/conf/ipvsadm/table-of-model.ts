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
      ? (real.options?.tunnel ??
        server.options?.tunnel ??
        ({ type: "ipip", checksum: "none" } as const))
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
