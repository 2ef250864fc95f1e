// Which table the model and the health of its servers ask for.

import type {
  BalancerTable,
  Destination,
  SchedulerFlag,
  Service,
} from "../model/balancer-table.ts";
import { type HealthView, realServerIdentity } from "../model/health.ts";
import type { Model } from "../model/model.ts";
import type { RealServer, SorryServer, VirtualServer } from "../model/virtual-server.ts";
import { type ServedServer, servedServers } from "./served-servers.ts";

/** Weight of a sorry server that serves; keepalived gives it no other. */
const sorryWeight = 1;

/**
 * The wished table: services and destinations in the order of the configuration, the sorry server
 * last. Real servers that are not alive are left out, or have weight 0 with `inhibit_on_failure`.
 *
 * When the quorum is lost and there is a sorry server, it takes the place of all real servers, as
 * keepalived does it; without one, the servers that are alive go on.
 */
export function desiredTable(model: Model, health: HealthView): BalancerTable {
  return { services: servedServers(model, health).map(desiredService) };
}

function desiredService({ key, server: wish, health, persistenceGroup }: ServedServer): Service {
  const sorryServes = wish.sorryServer !== undefined && health?.quorumUp === false;
  const destinations = new Map<string, Destination>();
  const add = (destination: Destination): void => {
    const identity = realServerIdentity(destination);
    const held = destinations.get(identity);
    if (held === undefined || held.weight === 0) destinations.set(identity, destination);
  };
  for (const server of wish.realServers) {
    const alive = health?.realServers.get(realServerIdentity(server))?.alive ?? true;
    const serves = alive && !sorryServes;
    if (serves || server.inhibitOnFailure) add(realDestination(wish, server, serves));
  }
  const sorry = wish.sorryServer;
  if (sorry !== undefined && (sorryServes || sorry.inhibit))
    add(sorryDestination(wish, sorry, sorryServes));
  const persistent = wish.persistenceTimeoutS > 0;
  return {
    key,
    scheduler: wish.scheduler,
    persistenceTimeoutS: wish.persistenceTimeoutS,
    persistencePrefixLength: wish.persistencePrefixLength,
    onePacket: wish.onePacket,
    ...schedulerFlagsOf(wish),
    ...(persistent ? persistenceOf(wish, persistenceGroup) : {}),
    destinations: [...destinations.values()],
  };
}

function schedulerFlagsOf({ options }: VirtualServer): Pick<Service, "schedulerFlags"> {
  const flags = (options?.schedulerFlags ?? []).filter(isFlag).toSorted();
  return flags.length === 0 ? {} : { schedulerFlags: flags };
}

function isFlag(number: number): number is SchedulerFlag {
  return number === 1 || number === 2 || number === 3;
}

/** What a service that is not persistent does without. */
function persistenceOf(
  { options }: VirtualServer,
  persistenceGroup: number | undefined,
): Pick<Service, "persistenceEngine" | "persistenceGroup"> {
  const persistenceEngine = options?.persistenceEngine;
  return {
    ...(persistenceEngine === undefined ? {} : { persistenceEngine }),
    ...(persistenceGroup === undefined ? {} : { persistenceGroup }),
  };
}

function realDestination(wish: VirtualServer, server: RealServer, serves: boolean): Destination {
  return {
    address: server.address,
    port: destinationPort(wish, server.port),
    weight: serves ? server.weight : 0,
    forwarding: server.forwarding,
    upperThreshold: server.upperThreshold,
    lowerThreshold: server.lowerThreshold,
    ...tunnelOf(server),
    ...fullNatOf(server),
  };
}

function sorryDestination(wish: VirtualServer, sorry: SorryServer, serves: boolean): Destination {
  return {
    address: sorry.address,
    port: destinationPort(wish, sorry.port),
    weight: serves ? sorryWeight : 0,
    forwarding: sorry.forwarding,
    upperThreshold: 0,
    lowerThreshold: 0,
    ...tunnelOf(sorry),
    ...fullNatOf(sorry),
  };
}

/** IP in IP without anything is what TUN means: it is not said. */
function tunnelOf({
  forwarding,
  tunnel,
}: Pick<RealServer, "forwarding" | "tunnel">): Pick<Destination, "tunnel"> {
  const isPlain = tunnel === undefined || tunnel.type === "ipip";
  return forwarding !== "TUN" || isPlain ? {} : { tunnel };
}

function fullNatOf({
  forwarding,
  fullNat,
}: Pick<RealServer, "forwarding" | "fullNat">): Pick<Destination, "fullNat"> {
  return forwarding !== "FULLNAT" || fullNat === undefined ? {} : { fullNat };
}

/** Port 0 means the virtual server's own port; a mark has none, so 0 keeps the client's port. */
function destinationPort(wish: VirtualServer, port: number): number {
  return port === 0 && wish.key.kind === "address" ? wish.key.port : port;
}
