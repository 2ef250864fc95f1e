// The pieces that a director knows, put together as its status.

import type {
  BalancerTable,
  Destination,
  DestinationStatistics,
  Service,
  ServiceStatistics,
  TrafficCounters,
} from "../model/balancer-table.ts";
import {
  type HealthView,
  realServerIdentity,
  type VirtualServerHealth,
  virtualServerIdentity,
} from "../model/health.ts";
import type { Cause, RealServerStatus, VirtualServerStatus } from "../model/status.ts";
import { type RealServer, type VirtualServer, virtualServerName } from "../model/virtual-server.ts";

const nothing: TrafficCounters = {
  connections: 0,
  inPackets: 0,
  outPackets: 0,
  inBytes: 0,
  outBytes: 0,
};
/** What the plan gives a sorry server that serves. */
const sorryWeight = 1;
const noCause: Cause = { kind: "no-check", text: "" };

/** What is known of the virtual servers from three sides. */
export interface VirtualServerKnowledge {
  readonly virtualServers: readonly VirtualServer[];
  readonly health: HealthView;
  readonly table: BalancerTable;
  readonly statistics: readonly ServiceStatistics[];
  /** Since when servers without checks are as they are: the start. */
  readonly startedAtMs: number;
}

/** One status a virtual server, in the order of the configuration. */
export function virtualServerStatuses(known: VirtualServerKnowledge): VirtualServerStatus[] {
  const services = new Map(
    known.table.services.map((one) => [virtualServerIdentity(one.key), one]),
  );
  const counts = new Map(known.statistics.map((one) => [virtualServerIdentity(one.key), one]));
  return known.virtualServers.map((wish) => {
    const identity = virtualServerIdentity(wish.key);
    const health = known.health.get(identity);
    const service = services.get(identity);
    const count = counts.get(identity);
    const first = wish.realServers[0] ?? wish.sorryServer;
    return {
      name: virtualServerName(wish.key),
      scheduler: wish.scheduler,
      forwarding: first?.forwarding ?? "NAT",
      persistenceTimeoutS: wish.persistenceTimeoutS,
      quorumUp: health?.quorumUp ?? true,
      counters: count?.counters ?? nothing,
      realServers: serverStatuses(wish, known.startedAtMs, { health, service, count }),
    };
  });
}

interface ServiceKnowledge {
  readonly health: VirtualServerHealth | undefined;
  readonly service: Service | undefined;
  readonly count: ServiceStatistics | undefined;
}

function serverStatuses(
  wish: VirtualServer,
  startedAtMs: number,
  known: ServiceKnowledge,
): RealServerStatus[] {
  const statuses = wish.realServers.map((server): RealServerStatus => {
    const health = known.health?.realServers.get(realServerIdentity(server));
    return {
      ...inDataPlane(wish, server, known),
      forwarding: server.forwarding,
      configuredWeight: server.weight,
      health: health?.health ?? "unchecked",
      sinceMs: health === undefined || health.sinceMs === 0 ? startedAtMs : health.sinceMs,
      cause: health?.cause ?? noCause,
      role: "real",
    };
  });
  const sorry = wish.sorryServer;
  if (sorry === undefined) return statuses;
  const status: RealServerStatus = {
    ...inDataPlane(wish, sorry, known),
    forwarding: sorry.forwarding,
    configuredWeight: sorryWeight,
    health: "unchecked",
    sinceMs: startedAtMs,
    cause: noCause,
    role: "sorry",
  };
  return [...statuses, status];
}

type DataPlanePart = Pick<
  RealServerStatus,
  "address" | "port" | "weight" | "activeConnections" | "inactiveConnections" | "counters"
>;

function inDataPlane(
  wish: VirtualServer,
  server: Pick<RealServer, "address" | "port">,
  known: ServiceKnowledge,
): DataPlanePart {
  const port = server.port === 0 && wish.key.kind === "address" ? wish.key.port : server.port;
  const identity = realServerIdentity({ address: server.address, port });
  const isIt = (one: Destination | DestinationStatistics): boolean =>
    realServerIdentity(one) === identity;
  const destination = known.service?.destinations.find(isIt);
  const count = known.count?.destinations.find(isIt);
  return {
    address: server.address,
    port,
    ...(destination === undefined ? {} : { weight: destination.weight }),
    activeConnections: count?.activeConnections ?? 0,
    inactiveConnections: count?.inactiveConnections ?? 0,
    counters: count?.counters ?? nothing,
  };
}
