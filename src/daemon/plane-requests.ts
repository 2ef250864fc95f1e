// What `keelson ipvsadm` asks of a director: to see its data plane, and to change what is not the configuration's.

import type { ControlAnswer } from "../api/control-protocol.ts";
import {
  connectionsPerAnswer,
  type PlaneAnswer,
  type PlaneRequest,
} from "../api/plane-protocol.ts";
import type { RateBoard } from "../balancer/rate-board.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { ByHand } from "../linux/by-hand.ts";
import type { ServiceStatistics } from "../model/balancer-table.ts";
import type { ConnectionEntry } from "../model/connection-entry.ts";
import { virtualServerIdentity } from "../model/health.ts";
import { type VirtualServerKey, virtualServerName } from "../model/virtual-server.ts";
import type { BalancerOperation } from "../plan/operation.ts";
import type { BalancerEngine, EngineFault } from "../world/engine.ts";
import type { DataPlane } from "./data-plane.ts";

/** What a director lets others see and change. */
export interface PlaneSubject {
  readonly plane: DataPlane;
  readonly byHand: ByHand;
  /** Names of the services that follow from the configuration; `virtualServerIdentity`. */
  readonly owned: () => ReadonlySet<string>;
  /** Writes to the log what was done by hand. */
  readonly tell: (text: string) => void;
}

/** Answers one request. */
export async function answerPlane(
  request: PlaneRequest,
  subject: PlaneSubject,
): Promise<ControlAnswer> {
  const { engine } = subject.plane;
  const answered =
    engine === undefined ? fail(nothingOpen) : await answerWith(request, engine, subject);
  if (answered.ok) return { ok: true, plane: answered.value };
  const { kind, text, code } = answered.fault;
  return { ok: false, error: text, fault: kind, ...(code === undefined ? {} : { code }) };
}

const nothingOpen: EngineFault = {
  kind: "unavailable",
  text: "the director has no data plane: no virtual servers are configured",
};

type Answered = Promise<Result<PlaneAnswer, EngineFault>>;

async function answerWith(
  request: PlaneRequest,
  engine: BalancerEngine,
  subject: PlaneSubject,
): Answered {
  switch (request.kind) {
    case "table": {
      const table = await engine.observe();
      if (!table.ok) return table;
      const owned = [...subject.owned()];
      return ok({ kind: "table", table: table.value, engine: engine.kind, owned });
    }
    case "statistics": {
      const statistics = await engine.statistics();
      if (!statistics.ok) return statistics;
      const rates = subject.plane.traffic?.rates;
      subject.plane.traffic?.wanted();
      return ok({
        kind: "statistics",
        statistics: statistics.value.map((row) => rated(row, rates)),
      });
    }
    case "settings": {
      const settings = await engine.settings();
      return settings.ok ? ok({ kind: "settings", settings: settings.value }) : settings;
    }
    case "connections":
      return connections(engine, request.skip);
    case "daemons": {
      const daemons = await engine.syncDaemons();
      return daemons.ok ? ok({ kind: "daemons", daemons: daemons.value }) : daemons;
    }
    default: {
      const changed = await change(request, engine, subject);
      return changed.ok ? ok({ kind: "done" }) : changed;
    }
  }
}

/** A row with the rates of the data plane itself, or else of this process's estimators. */
function rated(row: ServiceStatistics, board: RateBoard | undefined): ServiceStatistics {
  const rates = row.rates ?? board?.service(row.key);
  return {
    ...row,
    ...(rates === undefined ? {} : { rates }),
    destinations: row.destinations.map((one) => {
      const own = one.rates ?? board?.destination(row.key, one.address, one.port);
      return own === undefined ? one : { ...one, rates: own };
    }),
  };
}

async function connections(engine: BalancerEngine, skip: number): Answered {
  const found = await engine.connections();
  if (!found.ok) return found;
  const page: ConnectionEntry[] = [];
  let seen = 0;
  for (const entry of found.value) {
    seen++;
    if (seen <= skip) continue;
    if (page.length === connectionsPerAnswer)
      return ok({ kind: "connections", connections: page, more: true });
    page.push(entry);
  }
  return ok({ kind: "connections", connections: page, more: false });
}

type ChangeRequest = Extract<
  PlaneRequest,
  { readonly kind: "apply" | "flush" | "zero" | "configure" | "start-daemon" | "stop-daemon" }
>;

async function change(
  request: ChangeRequest,
  engine: BalancerEngine,
  subject: PlaneSubject,
): Promise<Result<void, EngineFault>> {
  switch (request.kind) {
    case "apply":
      return applyByHand(request.operation, subject);
    case "flush":
      return flushByHand(subject);
    case "zero":
      subject.plane.traffic?.rates.zero(request.key);
      return engine.zero(request.key);
    case "configure":
      return engine.configure(request.settings);
    case "start-daemon":
      return engine.startSyncDaemon(request.daemon);
    case "stop-daemon":
      return engine.stopSyncDaemon(request.role);
  }
}

function keyOf(operation: BalancerOperation): VirtualServerKey {
  return "service" in operation ? operation.service.key : operation.key;
}

async function applyByHand(
  operation: BalancerOperation,
  { plane, byHand, owned, tell }: PlaneSubject,
): Promise<Result<void, EngineFault>> {
  const key = keyOf(operation);
  if (owned().has(virtualServerIdentity(key))) return fail(ownedFault(key));
  // What the data plane has and nobody remembers can only be on its way out.
  const applied = await plane.applyByHand(operation, () => byHand.take(operation));
  if (!applied.ok) return applied;
  tell(`${virtualServerName(key)}: ${operation.kind}, by hand`);
  return ok(undefined);
}

function ownedFault(key: VirtualServerKey): EngineFault {
  return {
    kind: "not-supported",
    text: `${virtualServerName(key)} is the director's: it would undo a change by hand; change its configuration instead`,
  };
}

/** Takes out what was added by hand; that the configuration's services stay is a fault, so that nobody misses it. */
async function flushByHand(subject: PlaneSubject): Promise<Result<void, EngineFault>> {
  for (const { key } of [...subject.byHand.services]) {
    const removed = await applyByHand({ kind: "remove-service", key }, subject);
    if (!removed.ok) return removed;
  }
  const [first] = subject.plane.table.services;
  return first === undefined ? ok(undefined) : fail(ownedFault(first.key));
}
