// Which health checks a new configuration begins, changes and ends.

import { checkIdentities, type NamedCheck } from "../model/check-identity.ts";
import { virtualServerIdentity } from "../model/health.ts";
import type { Model } from "../model/model.ts";
import { checkedServers } from "../model/server-group.ts";
import { endpointName, virtualServerName } from "../model/virtual-server.ts";

export interface CheckOperation {
  /** `change`: of the same thing, with other settings; it keeps what it knew and is made at once. */
  readonly kind: "begin-check" | "change-check" | "end-check";
  /** `TCP_CHECK of 10.0.0.7:80 for TCP 10.0.0.1:80`. */
  readonly check: string;
}

interface PlannedCheck extends NamedCheck {
  readonly text: string;
}

/** Operations on the checks, in the order of the wish; those that end come last. */
export function diffChecks(wish: Model, running: Model): readonly CheckOperation[] {
  const old = checksOf(running);
  const oldIdentities = new Set(old.map(({ identity }) => identity));
  const oldSubjects = new Set(old.map(({ subject }) => subject));
  const operations: CheckOperation[] = [];
  const fresh = checksOf(wish);
  for (const { identity, subject, text } of fresh) {
    if (oldIdentities.has(identity)) continue;
    const kind = oldSubjects.has(subject) ? "change-check" : "begin-check";
    operations.push({ kind, check: text });
  }
  const freshIdentities = new Set(fresh.map(({ identity }) => identity));
  const freshSubjects = new Set(fresh.map(({ subject }) => subject));
  for (const { identity, subject, text } of old)
    if (!freshIdentities.has(identity) && !freshSubjects.has(subject))
      operations.push({ kind: "end-check", check: text });
  return operations;
}

function checksOf(model: Model): readonly PlannedCheck[] {
  const checks: PlannedCheck[] = [];
  for (const { key, realServers } of checkedServers(model)) {
    const identity = virtualServerIdentity(key);
    for (const server of realServers)
      for (const named of checkIdentities(identity, server)) {
        const { kind, target } = named.check;
        const where = endpointName(target.address, target.port);
        checks.push({ ...named, text: `${kind} of ${where} for ${virtualServerName(key)}` });
      }
  }
  return checks;
}
