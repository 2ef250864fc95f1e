// The real servers that are being taken out, and how far that is: what `keelson drain` and reloads have begun. It is
// kept in a file, so that a director that starts anew sends nobody there again.

import { fail, ok, type Result } from "../base/result.ts";
import type {
  BalancerTable,
  DestinationStatistics,
  ServiceStatistics,
} from "../model/balancer-table.ts";
import { realServerIdentity, virtualServerIdentity } from "../model/health.ts";
import type { Model } from "../model/model.ts";
import type { DrainStatus } from "../model/status.ts";
import { endpointName, virtualServerName } from "../model/virtual-server.ts";
import {
  type DrainOrder,
  isOver,
  type LeavingServer,
  leavingServers,
  serversByService,
  withDrains,
} from "../plan/drains.ts";
import { servedServers } from "../plan/served-servers.ts";
import type { Clock } from "../world/clock.ts";
import type { Log } from "../world/log.ts";

/** Where the book is kept. */
export interface DrainFile {
  readonly read: () => string | undefined;
  readonly write: (text: string) => void;
  /** Nobody is being taken out any more. */
  readonly remove: () => void;
}

/** What a book stands on; without a file it is in memory only. */
export interface DrainBookWorld {
  readonly clock: Clock;
  readonly log: Log;
  readonly drains?: DrainFile;
}

/** Counters may be two seconds old: a server that has just begun to leave may have more connections than they say. */
const settleMs = 3000;

interface Progress {
  readonly atFirst: number;
  readonly left: number;
}

export class DrainBook {
  readonly #options: DrainBookWorld;
  readonly #onChange: () => void;
  #orders: readonly DrainOrder[] = [];
  #leaving: readonly LeavingServer[] = [];
  /** By service and server. */
  readonly #progress = new Map<string, Progress>();

  /** `onChange` is called when somebody has asked for something. */
  constructor(options: DrainBookWorld, onChange: () => void) {
    this.#options = options;
    this.#onChange = onChange;
    const kept = parseBook(options.drains?.read());
    this.#orders = kept.orders;
    this.#leaving = kept.leaving;
  }

  /** True while progress is of interest. */
  get isActive(): boolean {
    return this.#orders.length > 0 || this.#leaving.length > 0;
  }

  /** Those that a reload has removed and that are still there. */
  get leaving(): readonly LeavingServer[] {
    return this.#leaving;
  }

  /** The wish with what is being taken out. */
  overlay(table: BalancerTable): BalancerTable {
    return withDrains(table, this.#orders, this.#leaving, this.#options.clock.wallMs());
  }

  /** Begins to take a real server out; the text says of how many virtual servers. */
  drain(
    model: Model,
    order: Pick<DrainOrder, "server" | "virtualServer">,
    withinMs?: number,
  ): Result<string, string> {
    const count = countMatches(model, order);
    if (count === 0) return fail(`no real server ${nameOf(order)} is configured`);
    const sinceMs = this.#options.clock.wallMs();
    const limit = withinMs === undefined ? {} : { untilMs: sinceMs + withinMs };
    const others = this.#orders.filter((one) => !sameTarget(one, order));
    this.#orders = [...others, { ...order, sinceMs, ...limit }];
    this.#forget(order.server);
    this.#changed();
    const where = `${count} virtual server${count === 1 ? "" : "s"}`;
    return ok(`${nameOf(order)} gets no new connections, in ${where}`);
  }

  /** Takes an order back. */
  undrain(order: Pick<DrainOrder, "server" | "virtualServer">): Result<string, string> {
    const left = this.#orders.filter((one) => !sameTarget(one, order));
    if (left.length === this.#orders.length) return fail(`${nameOf(order)} is not being drained`);
    this.#orders = left;
    this.#changed();
    return ok(`${nameOf(order)} gets connections again`);
  }

  /** A reload: what it removes leaves in peace, and what it brings back no longer leaves. */
  reload(table: BalancerTable, before: Model, after: Model): void {
    const fresh = leavingServers(table, before, after, this.#options.clock.wallMs());
    const known = new Set(fresh.map(nameOfLeaving));
    const configured = new Map(serversByService(after));
    const still = this.#leaving.filter((one) => {
      const back = configured.get(one.service)?.has(realServerIdentity(one.destination));
      return back === false && !known.has(nameOfLeaving(one));
    });
    this.#leaving = [...still, ...fresh];
    this.#orders = this.#orders.filter((order) => countMatches(after, order) > 0);
    this.#save();
  }

  /** Takes in how many connections there are, and ends what is over; true when the wish has changed. */
  observe(statistics: readonly ServiceStatistics[]): boolean {
    if (!this.isActive) return false;
    const rows = new Map<string, DestinationStatistics>();
    for (const { key, destinations } of statistics)
      for (const row of destinations)
        rows.set(`${virtualServerIdentity(key)} ${realServerIdentity(row)}`, row);
    for (const [name, row] of rows) {
      const left = row.activeConnections + row.inactiveConnections;
      const before = this.#progress.get(name);
      this.#progress.set(name, { atFirst: Math.max(before?.atFirst ?? 0, left), left });
    }
    const nowMs = this.#options.clock.wallMs();
    const over = this.#leaving.filter((one) => {
      const left = this.#progress.get(nameOfLeaving(one))?.left ?? 0;
      return isOver(one, nowMs) || (left === 0 && nowMs - one.sinceMs >= settleMs);
    });
    if (over.length === 0) return false;
    this.#leaving = this.#leaving.filter((one) => !over.includes(one));
    for (const one of over) this.#tellOver(one);
    this.#save();
    return true;
  }

  /** How far one server is; undefined when it is not being taken out. */
  statusOf(
    key: ServiceStatistics["key"],
    server: Pick<DestinationStatistics, "address" | "port">,
  ): DrainStatus | undefined {
    const order = this.#orders.find(
      (one) =>
        (one.virtualServer === undefined || one.virtualServer === virtualServerName(key)) &&
        (one.server === server.address || one.server === realServerIdentity(server)),
    );
    const service = virtualServerIdentity(key);
    const name = `${service} ${realServerIdentity(server)}`;
    const leaving = this.#leaving.find((one) => nameOfLeaving(one) === name);
    const drain = order ?? leaving;
    if (drain === undefined) return undefined;
    const { atFirst, left } = this.#progress.get(name) ?? { atFirst: 0, left: 0 };
    return {
      cause: order === undefined ? "reload" : "operator",
      sinceMs: drain.sinceMs,
      ...(drain.untilMs === undefined ? {} : { untilMs: drain.untilMs }),
      atFirst,
      left,
      cut: isOver(drain, this.#options.clock.wallMs()),
    };
  }

  #tellOver(one: LeavingServer): void {
    const { left = 0 } = this.#progress.get(nameOfLeaving(one)) ?? {};
    const how = left === 0 ? "its connections have ended" : `${left} connections are cut off`;
    const text = `${one.service}: real server ${realServerIdentity(one.destination)} is out: ${how}`;
    this.#options.log.write({ level: "notice", kind: "drained", text });
    this.#progress.delete(nameOfLeaving(one));
  }

  #forget(server: string): void {
    for (const name of this.#progress.keys())
      if (name.includes(` ${server}`)) this.#progress.delete(name);
  }

  #changed(): void {
    this.#save();
    this.#onChange();
  }

  #save(): void {
    const file = this.#options.drains;
    if (this.isActive)
      file?.write(JSON.stringify({ orders: this.#orders, leaving: this.#leaving }));
    else file?.remove();
  }
}

function nameOfLeaving({ service, destination }: LeavingServer): string {
  return `${service} ${realServerIdentity(destination)}`;
}

function nameOf({ server, virtualServer }: Pick<DrainOrder, "server" | "virtualServer">): string {
  return virtualServer === undefined ? server : `${server} of ${virtualServer}`;
}

function sameTarget(
  a: Pick<DrainOrder, "server" | "virtualServer">,
  b: Pick<DrainOrder, "server" | "virtualServer">,
): boolean {
  return a.server === b.server && a.virtualServer === b.virtualServer;
}

/** In how many services of a model an order finds its server. */
function countMatches(model: Model, order: Pick<DrainOrder, "server" | "virtualServer">): number {
  return servedServers(model, new Map()).filter(({ key, server }) => {
    if (order.virtualServer !== undefined && order.virtualServer !== virtualServerName(key))
      return false;
    return server.realServers.some(({ address, port }) => {
      const own = port === 0 && key.kind === "address" ? key.port : port;
      return order.server === address || order.server === endpointName(address, own);
    });
  }).length;
}

/** What an earlier director has kept; nothing where the file is missing or no such book. */
function parseBook(text: string | undefined): {
  readonly orders: readonly DrainOrder[];
  readonly leaving: readonly LeavingServer[];
} {
  const nothing = { orders: [], leaving: [] };
  if (text === undefined) return nothing;
  try {
    const book = JSON.parse(text) as { orders?: DrainOrder[]; leaving?: LeavingServer[] };
    return { orders: book.orders ?? [], leaving: book.leaving ?? [] };
  } catch {
    // Half a line of a director that was killed: nothing that could be trusted.
    return nothing;
  }
}
