// Real servers that are being taken out: they get no new connections, and keep those they have until these have
// ended or a limit has passed.

import type { BalancerTable, Destination, Service } from "../model/balancer-table.ts";
import { realServerIdentity, virtualServerIdentity } from "../model/health.ts";
import type { Model } from "../model/model.ts";
import { virtualServerName } from "../model/virtual-server.ts";
import { servedServers } from "./served-servers.ts";

/** What an operator wants to have taken out. */
export interface DrainOrder {
  /** `10.0.0.7`: on all ports; or `10.0.0.7:80`. */
  readonly server: string;
  /** `TCP 10.0.0.1:80`; absent: of all virtual servers. */
  readonly virtualServer?: string;
  /** Wall clock. */
  readonly sinceMs: number;
  /** When what is left is cut off; absent: never. */
  readonly untilMs?: number;
}

/** A real server that a reload has removed, and that keeps its connections for a while. */
export interface LeavingServer {
  /** `virtualServerIdentity` of its service. */
  readonly service: string;
  /** As it was, but with weight 0. */
  readonly destination: Destination;
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Whether an order is about a destination of a service. */
export function isOrdered(order: DrainOrder, service: Service, destination: Destination): boolean {
  if (order.virtualServer !== undefined && order.virtualServer !== virtualServerName(service.key))
    return false;
  return order.server === destination.address || order.server === realServerIdentity(destination);
}

/** The wished table with what is being taken out: at weight 0, or gone when its time is over. */
export function withDrains(
  table: BalancerTable,
  orders: readonly DrainOrder[],
  leaving: readonly LeavingServer[],
  nowMs: number,
): BalancerTable {
  if (orders.length === 0 && leaving.length === 0) return table;
  return {
    services: table.services.map((service) => {
      const destinations = service.destinations.flatMap((destination) => {
        const order = orders.find((one) => isOrdered(one, service, destination));
        if (order === undefined) return destination;
        return isOver(order, nowMs) ? [] : { ...destination, weight: 0 };
      });
      const identity = virtualServerIdentity(service.key);
      const held = new Set(service.destinations.map(realServerIdentity));
      for (const one of leaving)
        if (one.service === identity && !isOver(one, nowMs))
          if (!held.has(realServerIdentity(one.destination))) destinations.push(one.destination);
      return { ...service, destinations };
    }),
  };
}

/** True when what is left is to be cut off. */
export function isOver({ untilMs }: { readonly untilMs?: number }, nowMs: number): boolean {
  return untilMs !== undefined && nowMs >= untilMs;
}

/**
 * The real servers of `table` that `after` no longer has, in virtual servers that it still has and that let servers
 * leave in peace [drain_time]. The sorry server and servers that a check has taken out are not among them.
 */
export function leavingServers(
  table: BalancerTable,
  before: Model,
  after: Model,
  nowMs: number,
): readonly LeavingServer[] {
  const known = new Map(serversByService(before));
  const leaving: LeavingServer[] = [];
  const kept = new Map(serversByService(after));
  const services = new Map(table.services.map((one) => [virtualServerIdentity(one.key), one]));
  for (const { key, server } of servedServers(after, new Map())) {
    const limitMs = server.options?.drainTimeMs ?? 0;
    const service = virtualServerIdentity(key);
    if (limitMs === 0) continue;
    for (const destination of services.get(service)?.destinations ?? []) {
      const name = realServerIdentity(destination);
      if (kept.get(service)?.has(name) === true || known.get(service)?.has(name) !== true) continue;
      const untilMs = nowMs + limitMs;
      leaving.push({
        service,
        destination: { ...destination, weight: 0 },
        sinceMs: nowMs,
        untilMs,
      });
    }
  }
  return leaving;
}

/** By service: the real servers of a model as a table names them, and its sorry server, which may serve at any time. */
export function serversByService(
  model: Model,
): readonly (readonly [string, ReadonlySet<string>])[] {
  return servedServers(model, new Map()).map(({ key, server }) => {
    const { realServers, sorryServer } = server;
    const servers = sorryServer === undefined ? realServers : [...realServers, sorryServer];
    const portOf = (port: number): number =>
      port === 0 && key.kind === "address" ? key.port : port;
    const names = servers.map(({ address, port }) =>
      realServerIdentity({ address, port: portOf(port) }),
    );
    return [virtualServerIdentity(key), new Set(names)] as const;
  });
}
