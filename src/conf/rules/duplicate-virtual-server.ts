// Two virtual servers cannot have the same key.

import { type VirtualServer, virtualServerName } from "../../model/virtual-server.ts";
import type { Lowering } from "../keepalived/lower/lowering.ts";
import type { Placed } from "./rule.ts";

/** Reports virtual servers with the same address, port and protocol, or the same fwmark. */
export function checkDuplicateVirtualServers(
  servers: readonly Placed<VirtualServer>[],
  lowering: Lowering,
): void {
  const seen = new Map<string, Placed<VirtualServer>>();
  for (const server of servers) {
    const { key } = server.value;
    const name = virtualServerName(key);
    const id = key.kind === "fwmark" ? `${name} ${key.family}` : name;
    const before = seen.get(id);
    if (before !== undefined)
      lowering.report(server.span, {
        severity: "error",
        code: "duplicate-virtual-server",
        message: `${name} is configured twice`,
        related: [{ span: before.span, label: "first here" }],
        effect: "keepalived takes both, and their checks work against each other",
        fix: "merge the two",
      });
    seen.set(id, before ?? server);
  }
}
