// Services that somebody has added by hand, with `keelson ipvsadm`. A director keeps them beside those of its
// configuration, and finds them again after a restart that leaves its data plane forwarding.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fail, ok, type Result } from "../base/result.ts";
import type { BalancerTable, Service } from "../model/balancer-table.ts";
import { virtualServerIdentity } from "../model/health.ts";
import { applyToTable } from "../plan/apply-table.ts";
import type { BalancerOperation } from "../plan/operation.ts";
import { replaceFile } from "./replace-file.ts";

const nothing: BalancerTable = { services: [] };

/** Where the director of a run directory remembers them. */
export function byHandPath(runDirectory: string): string {
  return join(runDirectory, "by-hand.json");
}

/** Names of services; `virtualServerIdentity`. */
export function namesOf(services: readonly Service[]): ReadonlySet<string> {
  return new Set(services.map(({ key }) => virtualServerIdentity(key)));
}

/** The table of what was added by hand, and the file that remembers it. */
export class ByHand {
  readonly #path: string;
  #table: BalancerTable;

  /** Reads what an earlier process has written; a file that is damaged counts as none. */
  constructor(path: string) {
    this.#path = path;
    this.#table = readTable(path);
  }

  get services(): readonly Service[] {
    return this.#table.services;
  }

  /** Takes an operation into the table and writes the file; what does not fit into the table is a fault. */
  take(operation: BalancerOperation): Result<void, string> {
    const next = applyToTable(this.#table, operation);
    if (!next.ok) return fail(next.fault.text);
    this.#table = next.value;
    const { services } = this.#table;
    if (services.length === 0) this.clear();
    else replaceFile(this.#path, `${JSON.stringify(services)}\n`);
    return ok(undefined);
  }

  /** The director's services and those beside them; what the configuration has now is left to it. */
  joinedTo(services: readonly Service[]): readonly Service[] {
    if (this.services.length === 0) return services;
    const owned = namesOf(services);
    for (const { key } of this.services)
      if (owned.has(virtualServerIdentity(key))) this.take({ kind: "remove-service", key });
    return [...services, ...this.services];
  }

  /** Forgets everything. */
  clear(): void {
    this.#table = nothing;
    rmSync(this.#path, { force: true });
  }
}

function readTable(path: string): BalancerTable {
  try {
    const services: unknown = JSON.parse(readFileSync(path, "utf8"));
    return Array.isArray(services) ? { services: services as readonly Service[] } : nothing;
  } catch {
    return nothing;
  }
}
