// What ldirectord can ask a server, the port of each, and names of ports.

/** Values of `service=`. */
export const serviceNames = [
  "dns",
  "ftp",
  "http",
  "https",
  "http_proxy",
  "imap",
  "imaps",
  "ldap",
  "ldaps",
  "mysql",
  "nntp",
  "none",
  "oracle",
  "pgsql",
  "pop",
  "pops",
  "radius",
  "simpletcp",
  "sip",
  "smtp",
  "submission",
] as const;

export type ServiceName = (typeof serviceNames)[number];

const ports: ReadonlyMap<ServiceName, number> = new Map<ServiceName, number>([
  ["ftp", 21],
  ["smtp", 25],
  ["dns", 53],
  ["http", 80],
  ["pop", 110],
  ["nntp", 119],
  ["imap", 143],
  ["ldap", 389],
  ["https", 443],
  ["submission", 587],
  ["ldaps", 636],
  ["imaps", 993],
  ["pops", 995],
  ["oracle", 1521],
  ["radius", 1812],
  ["http_proxy", 3128],
  ["mysql", 3306],
  ["sip", 5060],
  ["pgsql", 5432],
]);

/** The port at which a service is asked when no line names one; undefined for `none` and `simpletcp`. */
export function portOfService(service: ServiceName): number | undefined {
  return ports.get(service);
}

/** The service that counts for a virtual server without `service=`. */
export function serviceOfPort(port: number): ServiceName {
  for (const [service, itsPort] of ports) if (itsPort === port) return service;
  return "none";
}
