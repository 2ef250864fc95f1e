// The pieces that a director knows, put together as its status.

import type { RateBoard } from "../balancer/rate-board.ts";
import type {
  DestinationStatistics,
  Service,
  ServiceStatistics,
  TrafficCounters,
  TrafficRates,
} from "../model/balancer-table.ts";
import {
  type HealthView,
  realServerIdentity,
  type VirtualServerHealth,
  virtualServerIdentity,
} from "../model/health.ts";
import type { Model } from "../model/model.ts";
import { checkedServerName, checkedServers } from "../model/server-group.ts";
import type { Cause, DrainStatus, RealServerStatus, VirtualServerStatus } from "../model/status.ts";
import type { RealServer, VirtualServer } from "../model/virtual-server.ts";
import { type ServedServer, servedServers } from "../plan/served-servers.ts";
import type { DataPlane } from "./data-plane.ts";
import type { DrainBook } from "./drain-book.ts";

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
  readonly model: Model;
  readonly health: HealthView;
  readonly plane: Pick<DataPlane, "table" | "traffic">;
  readonly statistics: readonly ServiceStatistics[];
  readonly drains: DrainBook;
  /** Since when servers without checks are as they are: the start. */
  readonly startedAtMs: number;
}

/** One status a virtual server, in the order of the configuration; a group, with all its addresses, is one. */
export function virtualServerStatuses(known: VirtualServerKnowledge): VirtualServerStatus[] {
  const rates = known.plane.traffic?.rates;
  const services = new Map(
    known.plane.table.services.map((one) => [virtualServerIdentity(one.key), one]),
  );
  const counts = new Map(known.statistics.map((one) => [virtualServerIdentity(one.key), one]));
  const members = new Map<string, MemberKnowledge[]>();
  for (const served of servedServers(known.model, known.health)) {
    const identity = virtualServerIdentity(served.key);
    const member = {
      served,
      service: services.get(identity),
      count: counts.get(identity),
      rates,
      drains: known.drains,
    };
    const before = members.get(served.checkedAs);
    if (before === undefined) members.set(served.checkedAs, [member]);
    else before.push(member);
  }
  return checkedServers(known.model).map((wish) => {
    const identity = virtualServerIdentity(wish.key);
    const health = known.health.get(identity);
    const own = members.get(identity) ?? [];
    const first = wish.realServers[0] ?? wish.sorryServer;
    return {
      name: checkedServerName(wish),
      scheduler: wish.scheduler,
      forwarding: first?.forwarding ?? "NAT",
      persistenceTimeoutS: wish.persistenceTimeoutS,
      ...(own.length > 1 ? { services: own.length } : {}),
      quorumUp: health?.quorumUp ?? true,
      counters: sumCounters(own.map(({ count }) => count?.counters ?? nothing)),
      ...ratesOf(own.map(({ served }) => rates?.service(served.key))),
      realServers: serverStatuses(wish, known.startedAtMs, health, own),
    };
  });
}

/** One service of a virtual server or group in the data plane. */
interface MemberKnowledge {
  readonly served: ServedServer;
  readonly service: Service | undefined;
  readonly count: ServiceStatistics | undefined;
  readonly rates: RateBoard | undefined;
  readonly drains: DrainBook;
}

function serverStatuses(
  wish: VirtualServer,
  startedAtMs: number,
  known: VirtualServerHealth | undefined,
  members: readonly MemberKnowledge[],
): RealServerStatus[] {
  const statuses = wish.realServers.map((server, i): RealServerStatus => {
    const health = known?.realServers.get(realServerIdentity(server));
    return {
      ...inDataPlane(wish, server, members, (member) => member.realServers[i]),
      forwarding: server.forwarding,
      configuredWeight: server.weight,
      health: health?.health ?? "unchecked",
      sinceMs: health === undefined || health.sinceMs === 0 ? startedAtMs : health.sinceMs,
      cause: health?.cause ?? noCause,
      role: "real",
    };
  });
  const leaving = leavingStatuses(members);
  const sorry = wish.sorryServer;
  if (sorry === undefined) return [...statuses, ...leaving];
  const status: RealServerStatus = {
    ...inDataPlane(wish, sorry, members, (member) => member.sorryServer),
    forwarding: sorry.forwarding,
    configuredWeight: sorryWeight,
    health: "unchecked",
    sinceMs: startedAtMs,
    cause: noCause,
    role: "sorry",
  };
  return [...statuses, status, ...leaving];
}

/** Servers that a reload has removed and that still have connections; one of several services of a group stands once. */
function leavingStatuses(members: readonly MemberKnowledge[]): readonly RealServerStatus[] {
  const each = members.flatMap(({ served, count, drains }) => {
    const service = virtualServerIdentity(served.key);
    const own = drains.leaving.filter((one) => one.service === service);
    return own.map(({ destination, sinceMs }): RealServerStatus => {
      const { address, port, forwarding, weight } = destination;
      const drain = drains.statusOf(served.key, destination);
      const counted = count?.destinations.find(
        (one) => realServerIdentity(one) === realServerIdentity(destination),
      );
      return {
        ...{ address, port, forwarding, weight, configuredWeight: 0, sinceMs },
        health: "unchecked",
        cause: { kind: "removed", text: "it is no longer in the configuration" },
        role: "leaving",
        activeConnections: counted?.activeConnections ?? 0,
        inactiveConnections: counted?.inactiveConnections ?? 0,
        counters: counted?.counters ?? nothing,
        ...(drain === undefined ? {} : { drain }),
      };
    });
  });
  const names = new Set(each.map(realServerIdentity));
  return [...names].flatMap((name) => {
    const same = each.filter((one) => realServerIdentity(one) === name);
    const [first] = same;
    if (first === undefined) return [];
    const sum = (value: (one: RealServerStatus) => number): number =>
      same.reduce((total, one) => total + value(one), 0);
    const status: RealServerStatus = {
      ...first,
      activeConnections: sum((one) => one.activeConnections),
      inactiveConnections: sum((one) => one.inactiveConnections),
      counters: sumCounters(same.map((one) => one.counters)),
      ...drainOf(same.flatMap(({ drain }) => drain ?? [])),
    };
    return [status];
  });
}

type DataPlanePart = Pick<
  RealServerStatus,
  | "address"
  | "port"
  | "weight"
  | "activeConnections"
  | "inactiveConnections"
  | "persistentConnections"
  | "counters"
  | "rates"
  | "drain"
>;

/** What all services of the virtual server or group have of one real server. */
function inDataPlane(
  wish: VirtualServer,
  server: Pick<RealServer, "address" | "port">,
  members: readonly MemberKnowledge[],
  serverOf: (member: VirtualServer) => Pick<RealServer, "address" | "port"> | undefined,
): DataPlanePart {
  let weight: number | undefined;
  const counts: DestinationStatistics[] = [];
  const rates: (TrafficRates | undefined)[] = [];
  const drained: DrainStatus[] = [];
  for (const { served, service, count, rates: board, drains } of members) {
    const own = serverOf(served.server);
    if (own === undefined) continue;
    const identity = realServerIdentity({ address: own.address, port: portOf(served.key, own) });
    weight ??= service?.destinations.find((one) => realServerIdentity(one) === identity)?.weight;
    const counted = count?.destinations.find((one) => realServerIdentity(one) === identity);
    if (counted !== undefined) counts.push(counted);
    const drain = drains.statusOf(served.key, {
      address: own.address,
      port: portOf(served.key, own),
    });
    if (drain !== undefined) drained.push(drain);
    rates.push(board?.destination(served.key, own.address, portOf(served.key, own)));
  }
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  const persistent = counts.flatMap((one) => one.persistentConnections ?? []);
  return {
    address: server.address,
    port: portOf(wish.key, server),
    ...(weight === undefined ? {} : { weight }),
    activeConnections: sum(counts.map((one) => one.activeConnections)),
    inactiveConnections: sum(counts.map((one) => one.inactiveConnections)),
    ...(persistent.length === 0 ? {} : { persistentConnections: sum(persistent) }),
    counters: sumCounters(counts.map((one) => one.counters)),
    ...ratesOf(rates),
    ...drainOf(drained),
  };
}

/** One drain of several services of a group, whose connections add up. */
function drainOf(drains: readonly DrainStatus[]): Pick<RealServerStatus, "drain"> {
  const [first] = drains;
  if (first === undefined) return {};
  const sum = (value: (one: DrainStatus) => number): number =>
    drains.reduce((total, one) => total + value(one), 0);
  return { drain: { ...first, atFirst: sum((one) => one.atFirst), left: sum((one) => one.left) } };
}

/** The sum of those that are known. */
function ratesOf(rates: readonly (TrafficRates | undefined)[]): Pick<RealServerStatus, "rates"> {
  const known = rates.filter((one) => one !== undefined);
  return known.length === 0 ? {} : { rates: sumCounters(known) };
}

/** Port 0 stands for the virtual server's own. */
function portOf(key: VirtualServer["key"], { port }: Pick<RealServer, "port">): number {
  return port === 0 && key.kind === "address" ? key.port : port;
}

function sumCounters(counters: readonly TrafficCounters[]): TrafficCounters {
  const [first = nothing] = counters;
  if (counters.length <= 1) return first;
  return counters.reduce(
    (sum, one) => ({
      connections: sum.connections + one.connections,
      inPackets: sum.inPackets + one.inPackets,
      outPackets: sum.outPackets + one.outPackets,
      inBytes: sum.inBytes + one.inBytes,
      outBytes: sum.outBytes + one.outBytes,
    }),
    nothing,
  );
}
