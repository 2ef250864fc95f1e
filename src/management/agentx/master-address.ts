// Where the master agent listens [snmp_socket], as net-snmp writes it.

/** A path, or a host and a port. */
export type MasterAddress =
  | { readonly path: string }
  | { readonly host: string; readonly port: number };

/** The port that IANA has given to AgentX. */
const agentxPort = 705;
/** Where net-snmp's agent listens unless it is told otherwise. */
export const defaultMaster = "unix:/var/agentx/master";

/**
 * Reads `unix:PATH`, `PATH`, `tcp:HOST:PORT`, `tcp6:[HOST]:PORT`, `HOST:PORT`, `HOST` or a port. `udp:`
 * is taken as `tcp:`, because AgentX runs over streams (RFC 2741 section 8). Undefined: none of these.
 */
export function parseMasterAddress(text: string): MasterAddress | undefined {
  const colon = text.indexOf(":");
  const scheme = colon < 0 ? "" : text.slice(0, colon).toLowerCase();
  if (scheme === "unix" || scheme === "local") return pathOf(text.slice(colon + 1));
  if (text.startsWith("/")) return pathOf(text);
  if (["tcp", "udp", "tcp6", "udp6", "tcpipv6", "udpipv6"].includes(scheme))
    return hostOf(text.slice(colon + 1));
  return hostOf(text);
}

/** `unix:PATH` or `tcp:HOST:PORT`, for logs. */
export function describeMaster(address: MasterAddress): string {
  if ("path" in address) return `unix:${address.path}`;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `tcp:${host}:${address.port}`;
}

function pathOf(path: string): MasterAddress | undefined {
  return path === "" ? undefined : { path };
}

function hostOf(text: string): MasterAddress | undefined {
  if (/^\d+$/.test(text)) return withPort("localhost", text);
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  const plain = /^([^:[\]]+)(?::(\d+))?$/.exec(text);
  const [, host, port] = bracketed ?? plain ?? [];
  if (host !== undefined) return withPort(host, port ?? String(agentxPort));
  return /^[0-9a-fA-F:.]+$/.test(text) && text.includes(":")
    ? { host: text, port: agentxPort }
    : undefined;
}

function withPort(host: string, text: string): MasterAddress | undefined {
  const port = Number(text);
  return port >= 1 && port <= 65535 ? { host, port } : undefined;
}
