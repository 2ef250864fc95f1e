// How keepalived names virtual and real servers in what it prints.

import type { WrittenRealServer, WrittenVirtualServer } from "./written-virtual-servers.ts";

/** `[10.0.0.1]:tcp:80`, `FWM 1` or `[web]:0`. */
export function stockVirtualServer(server: WrittenVirtualServer): string {
  const { key, protocol } = server;
  if (key.kind === "fwmark") return `FWM ${key.fwmark}`;
  if (key.kind === "group") return `[${key.group}]:0`;
  return `[${key.address}]:${protocol?.toLowerCase() ?? "none"}:${key.port}`;
}

/** `[10.0.0.2]:tcp:80`. */
export function stockRealServer(real: WrittenRealServer, server: WrittenVirtualServer): string {
  return `[${real.address}]:${server.protocol?.toLowerCase() ?? "none"}:${real.port}`;
}
