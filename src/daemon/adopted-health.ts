// What an earlier process knew of the real servers, read from the table that it left: until the
// first check has spoken, a server that was out stays out and one that served goes on.

import type { BalancerTable, Service } from "../model/balancer-table.ts";
import {
  type HealthView,
  realServerIdentity,
  type VirtualServerHealth,
  virtualServerIdentity,
} from "../model/health.ts";
import type { RealServer, VirtualServer } from "../model/virtual-server.ts";

/** `view`, with servers that no check has decided yet as they were in `adopted`. */
export function adoptHealth(
  virtualServers: readonly VirtualServer[],
  view: HealthView,
  adopted: BalancerTable,
): HealthView {
  const services = new Map(
    adopted.services.map((service) => [virtualServerIdentity(service.key), service]),
  );
  const adjusted = new Map(view);
  for (const wish of virtualServers) {
    const identity = virtualServerIdentity(wish.key);
    const health = view.get(identity);
    const service = services.get(identity);
    if (health !== undefined && service !== undefined)
      adjusted.set(identity, adoptVirtualServer(wish, health, service));
  }
  return adjusted;
}

function adoptVirtualServer(
  wish: VirtualServer,
  health: VirtualServerHealth,
  service: Service,
): VirtualServerHealth {
  const undecided = [...health.realServers.values()].some((server) => server.health === "unknown");
  const serving = new Set(
    service.destinations.filter((one) => one.weight > 0).map(realServerIdentity),
  );
  const sorry = wish.sorryServer;
  const sorryServes = sorry !== undefined && serving.has(destinationIdentity(wish, sorry));
  const someServe = wish.realServers.some((one) => serving.has(destinationIdentity(wish, one)));
  // A table in which nothing of the wish serves tells nothing: all of it may be new.
  if (!undecided || !(someServe || sorryServes)) return health;
  const realServers = new Map(health.realServers);
  for (const server of wish.realServers) {
    const identity = realServerIdentity(server);
    const known = realServers.get(identity);
    if (known?.health !== "unknown" || server.weight === 0) continue;
    realServers.set(identity, { ...known, alive: serving.has(destinationIdentity(wish, server)) });
  }
  return { quorumUp: sorry === undefined ? health.quorumUp : !sorryServes, realServers };
}

/** As the server stands in a table, where port 0 has become the virtual server's own. */
function destinationIdentity(
  wish: VirtualServer,
  server: { readonly address: RealServer["address"]; readonly port: number },
): string {
  const port = server.port === 0 && wish.key.kind === "address" ? wish.key.port : server.port;
  return realServerIdentity({ address: server.address, port });
}
