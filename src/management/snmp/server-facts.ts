// Virtual servers and their real servers with what is known of them.

import type { RealServerStatus, VirtualServerStatus } from "../../model/status.ts";
import type {
  CheckTiming,
  RealServer,
  SorryServer,
  VirtualServer,
} from "../../model/virtual-server.ts";
import type { ManagementFacts } from "../facts.ts";

/** A virtual server. */
export interface VirtualFacts {
  readonly facts: ManagementFacts;
  /** Its place in the configuration, from 1. */
  readonly number: number;
  readonly wish: VirtualServer;
  readonly status: VirtualServerStatus | undefined;
}

/** A real server, or the sorry server, of a virtual server. */
export interface RealFacts {
  readonly virtual: VirtualFacts;
  /** Its place among the servers, from 1; the sorry server is the last. */
  readonly number: number;
  readonly wish: RealServer | SorryServer;
  /** Undefined for the sorry server. */
  readonly real: RealServer | undefined;
  readonly status: RealServerStatus | undefined;
}

/** The virtual servers in the order of the configuration, which is that of the status. */
export function virtualServersOf(facts: ManagementFacts): readonly VirtualFacts[] {
  return facts.model.virtualServers.map((wish, i) => ({
    facts,
    number: i + 1,
    wish,
    status: facts.status.virtualServers[i],
  }));
}

/** The servers of a virtual server. */
export function realServersOf(virtual: VirtualFacts): readonly RealFacts[] {
  const { wish, status } = virtual;
  const rows = wish.realServers.map((real, i): RealFacts => {
    return { virtual, number: i + 1, wish: real, real, status: status?.realServers[i] };
  });
  const { sorryServer } = wish;
  if (sorryServer === undefined) return rows;
  const sorry = status?.realServers.find(({ role }) => role === "sorry");
  const number = rows.length + 1;
  return [...rows, { virtual, number, wish: sorryServer, real: undefined, status: sorry }];
}

/** Whether a server may take connections. */
export function isAlive({ real, status }: RealFacts): boolean {
  if (real === undefined) return (status?.weight ?? 0) > 0;
  return status === undefined ? false : status.health !== "down" && status.weight !== undefined;
}

/** How often and how long the first check of a server is made. */
export function timingOf({ real }: RealFacts): CheckTiming | undefined {
  return (real?.checks[0] ?? real?.plannedChecks?.[0])?.timing;
}
