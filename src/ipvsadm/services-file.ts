// Names of ports, from a text like /etc/services.

import type { TransportProtocol } from "../model/virtual-server.ts";

/** Ports by name and names by port. */
export interface PortNames {
  readonly portOf: (name: string, protocol: TransportProtocol) => number | undefined;
  readonly nameOf: (port: number, protocol: TransportProtocol) => string | undefined;
}

/** Reads `name port/protocol alias ... # comment` lines; the first that fits counts. */
export function servicesOfFile(text: string): PortNames {
  const ports = new Map<string, number>();
  const names = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [name, where, ...aliases] = line.replace(/#.*/, "").split(/\s+/);
    const match = /^(\d+)\/(\w+)$/.exec(where ?? "");
    if (name === undefined || name === "" || match === null) continue;
    const protocol = (match[2] ?? "").toUpperCase();
    const port = Number(match[1]);
    for (const one of [name, ...aliases]) {
      const key = `${protocol} ${one}`;
      if (one !== "" && !ports.has(key)) ports.set(key, port);
    }
    if (!names.has(`${protocol} ${port}`)) names.set(`${protocol} ${port}`, name);
  }
  return {
    portOf: (name, protocol) => ports.get(`${protocol} ${name}`),
    nameOf: (port, protocol) => names.get(`${protocol} ${port}`),
  };
}
