// A new connection: which destination it gets, by persistence or by the scheduler.

import {
  type Family,
  type IpAddress,
  ipAddressBytes,
  ipAddressFromBytes,
  ipv4FromNumber,
} from "../base/address.ts";
import type { BalancerSettings } from "../model/balancer-settings.ts";
import type { TransportProtocol } from "../model/virtual-server.ts";
import { type Connection, newConnection, voidTemplate } from "./connection.ts";
import type { ConnectionTable } from "./connection-table.ts";
import type { DestinationEntry } from "./destination.ts";
import type { SchedulingInput } from "./scheduler.ts";
import type { ServiceEntry } from "./service.ts";

const FTP_PORT = 21;
/** Under which port templates of a persistence group stand; those of a mark stand under 0. */
const GROUP_PORT = 1;

/** The client's side of a packet that asks for a new connection. */
export interface Newcomer {
  readonly protocol: TransportProtocol;
  readonly source: IpAddress;
  readonly sourcePort: number;
  readonly destination: IpAddress;
  readonly destinationPort: number;
  readonly nowMs: number;
}

/** Makes the connection; undefined when no destination can take it. It is not in the table yet. */
export function scheduleConnection(
  service: ServiceEntry,
  newcomer: Newcomer,
  connections: ConnectionTable,
  settings: BalancerSettings,
): Connection | undefined {
  if (service.persistenceTimeoutS > 0)
    return schedulePersistent(service, newcomer, connections, settings);
  const destination = choose(service, newcomer, settings);
  if (destination === undefined) return undefined;
  const destinationPort = destination.port === 0 ? newcomer.destinationPort : destination.port;
  return connect(newcomer, destination, destinationPort, undefined);
}

function choose(
  service: ServiceEntry,
  newcomer: Newcomer,
  settings: BalancerSettings,
): DestinationEntry | undefined {
  const { lblcExpirationS, lblcrExpirationS } = settings;
  const flags = service.schedulerFlags;
  const input: SchedulingInput = { ...newcomer, flags, lblcExpirationS, lblcrExpirationS };
  return service.scheduler.choose(service.destinations, input);
}

function schedulePersistent(
  service: ServiceEntry,
  newcomer: Newcomer,
  connections: ConnectionTable,
  settings: BalancerSettings,
): Connection | undefined {
  const standing = findTemplate(service, newcomer, connections, settings);
  const template = standing?.template ?? newTemplate(service, newcomer, settings);
  if (template === undefined) return undefined;
  // The timer of a template starts again with each connection, in the order of the two here: a
  // template that is new must be counted before the connection that it brings.
  if (standing === undefined) connections.add(template, newcomer.nowMs);
  else connections.restartTimer(template, newcomer.nowMs);
  const destination = standing?.destination ?? template.destination;
  const ownPort = service.key.kind === "address" && service.key.port === newcomer.destinationPort;
  const destinationPort =
    ownPort && destination.port !== 0 ? destination.port : newcomer.destinationPort;
  return connect(newcomer, destination, destinationPort, template);
}

function findTemplate(
  service: ServiceEntry,
  newcomer: Newcomer,
  connections: ConnectionTable,
  settings: BalancerSettings,
): { readonly template: Connection; readonly destination: DestinationEntry } | undefined {
  const { protocol, client, virtual } = templateKey(service, newcomer);
  const found = connections.find(protocol, client, virtual, {
    template: true,
    nowMs: newcomer.nowMs,
  });
  if (found === undefined) return undefined;
  const destination = ownDestination(service, found.destination);
  const quiescent = settings.expireQuiescentTemplates && destination?.weight === 0;
  if (destination !== undefined && !quiescent) return { template: found, destination };
  connections.hide(found);
  voidTemplate(found);
  return undefined;
}

/** The real server of a template as this service has it; another service of its group may have made it. */
function ownDestination(
  service: ServiceEntry,
  destination: DestinationEntry,
): DestinationEntry | undefined {
  if (service.persistenceGroup === undefined)
    return destination.available ? destination : undefined;
  const same = service.destinations.filter(({ address }) => address === destination.address);
  return same.find(({ port }) => port === destination.port) ?? same[0];
}

function newTemplate(
  service: ServiceEntry,
  newcomer: Newcomer,
  settings: BalancerSettings,
): Connection | undefined {
  const destination = choose(service, newcomer, settings);
  if (destination === undefined) return undefined;
  const { protocol, client, virtual } = templateKey(service, newcomer);
  const template = newConnection(
    {
      protocol,
      clientAddress: client.address,
      clientPort: 0,
      virtualAddress: virtual.address,
      virtualPort: virtual.port,
      destinationPort: protocol === "IP" || virtual.port === 0 ? 0 : destination.port,
    },
    {
      destination,
      template: true,
      virtualAddressBytes: ipAddressBytes(virtual.address),
      control: undefined,
    },
  );
  template.timeoutMs = service.persistenceTimeoutS * 1000;
  return template;
}

// A service for one port has a template for that port. FTP, a service for any port and a firewall
// mark have one for all ports; a mark and a persistence group even for all protocols and addresses.
function templateKey(
  service: ServiceEntry,
  newcomer: Newcomer,
): {
  readonly protocol: Connection["protocol"];
  readonly client: { readonly address: IpAddress; readonly port: number };
  readonly virtual: { readonly address: IpAddress; readonly port: number };
} {
  const address = maskAddress(newcomer.source, service.persistencePrefixLength);
  const client = { address, port: 0 };
  const { key, persistenceGroup } = service;
  if (persistenceGroup !== undefined) {
    const virtual = { address: ipv4FromNumber(persistenceGroup), port: GROUP_PORT };
    return { protocol: "IP", client, virtual };
  }
  if (key.kind === "fwmark") {
    const virtual = { address: markAsAddress(key.fwmark, key.family), port: 0 };
    return { protocol: "IP", client, virtual };
  }
  const port = key.port === newcomer.destinationPort && key.port !== FTP_PORT ? key.port : 0;
  return {
    protocol: newcomer.protocol,
    client,
    virtual: { address: newcomer.destination, port },
  };
}

/** A mark in the place of an address: its first four bytes, as IPVS lists it. */
function markAsAddress(mark: number, family: Family): IpAddress {
  if (family === 4) return ipv4FromNumber(mark);
  const bytes = new Uint8Array(16);
  bytes.set(ipAddressBytes(ipv4FromNumber(mark)));
  return ipAddressFromBytes(bytes);
}

/** The network of an address: the first `prefixLength` bits, zeros behind. */
export function maskAddress(address: IpAddress, prefixLength: number): IpAddress {
  const bytes = ipAddressBytes(address);
  for (let i = 0; i < bytes.length; i++) {
    const kept = Math.max(0, Math.min(8, prefixLength - i * 8));
    bytes[i] = (bytes[i] ?? 0) & (0xff << (8 - kept));
  }
  return ipAddressFromBytes(bytes);
}

function connect(
  newcomer: Newcomer,
  destination: DestinationEntry,
  destinationPort: number,
  control: Connection | undefined,
): Connection {
  return newConnection(
    {
      protocol: newcomer.protocol,
      clientAddress: newcomer.source,
      clientPort: newcomer.sourcePort,
      virtualAddress: newcomer.destination,
      virtualPort: newcomer.destinationPort,
      destinationPort,
    },
    {
      destination,
      template: false,
      virtualAddressBytes: ipAddressBytes(newcomer.destination),
      control,
    },
  );
}
