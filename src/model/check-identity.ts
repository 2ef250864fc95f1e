// What tells the checks of a configuration apart, and which of two configurations are the same.

import { realServerIdentity } from "./health.ts";
import type { HealthCheck, RealServer } from "./virtual-server.ts";

/** A check and the texts that tell it from others. */
export interface NamedCheck {
  readonly check: HealthCheck;
  /** Same text: the same check with the same settings. */
  readonly identity: string;
  /** Same text: a check of the same thing, perhaps with other settings. */
  readonly subject: string;
}

/** Names the checks of one real server; equal checks are told apart by their count. */
export function checkIdentities(virtualServer: string, server: RealServer): readonly NamedCheck[] {
  const used = new Map<string, number>();
  const numbered = (text: string): string => {
    const count = (used.get(text) ?? 0) + 1;
    used.set(text, count);
    return `${text} #${count}`;
  };
  const owner = `${virtualServer} ${realServerIdentity(server)}`;
  return server.checks.map((check) => {
    const { kind, target } = check;
    return {
      check,
      identity: numbered(`${owner} ${JSON.stringify(check)}`),
      subject: numbered(`${owner} ${kind} ${realServerIdentity(target)}`),
    };
  });
}
