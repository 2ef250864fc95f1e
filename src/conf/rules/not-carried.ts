// Virtual servers that are understood, but that the eBPF data plane does not carry.

import { familyOf } from "../../base/address.ts";
import {
  type SchedulerName,
  type VirtualServer,
  virtualServerName,
} from "../../model/virtual-server.ts";
import type { Lowering } from "../keepalived/lower/lowering.ts";
import type { Placed } from "./rule.ts";

const carriedSchedulers: ReadonlySet<SchedulerName> = new Set<SchedulerName>([
  "rr",
  "wrr",
  "lc",
  "wlc",
  "sed",
  "nq",
  "fo",
  "ovf",
]);

/** Says at the check what the data plane would only say at run time. */
export function checkNotCarried(
  servers: readonly Placed<VirtualServer>[],
  lowering: Lowering,
): void {
  for (const { value, span } of servers)
    for (const what of notCarried(value))
      lowering.report(span, {
        severity: "warning",
        code: "not-carried",
        message: `${virtualServerName(value.key)}: the data plane does not carry ${what} yet`,
        effect: "it is refused at the start, with a line in the log; the others are served",
      });
}

function notCarried(server: VirtualServer): readonly string[] {
  const { key, scheduler, realServers } = server;
  const found: string[] = [];
  if (key.kind === "fwmark") found.push("firewall marks");
  else if (familyOf(key.address) === 6) found.push("IPv6");
  if (key.kind === "address" && key.protocol === "SCTP") found.push("SCTP");
  if (!carriedSchedulers.has(scheduler)) found.push(`the scheduler ${scheduler}`);
  if (realServers.some(({ forwarding }) => forwarding === "TUN")) found.push("TUN");
  return found;
}
