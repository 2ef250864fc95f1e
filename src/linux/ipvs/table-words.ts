// Our words for the balancer's table, and the kernel's.

import { familyOf } from "../../base/address.ts";
import type {
  Destination,
  DestinationStatistics,
  SchedulerFlag,
  Service,
  ServiceStatistics,
} from "../../model/balancer-table.ts";
import type {
  ForwardingMethod,
  SchedulerName,
  TransportProtocol,
  TunnelSettings,
  VirtualServerKey,
} from "../../model/virtual-server.ts";
import {
  type IpvsDestination,
  ipvsForwarding,
  ipvsTunnelFlag,
  ipvsTunnelType,
  type ObservedIpvsDestination,
} from "../../wire/netlink/ipvs-destination.ts";
import {
  type IpvsService,
  type IpvsServiceId,
  ipvsServiceFlag,
  type ObservedIpvsService,
} from "../../wire/netlink/ipvs-service.ts";

const protocolNumbers = { TCP: 6, UDP: 17, SCTP: 132 } as const;
const protocolNames = new Map<number, TransportProtocol>(
  (Object.keys(protocolNumbers) as TransportProtocol[]).map((name) => [
    protocolNumbers[name],
    name,
  ]),
);
const flagBits = [
  [1, ipvsServiceFlag.scheduler1],
  [2, ipvsServiceFlag.scheduler2],
  [3, ipvsServiceFlag.scheduler3],
] as const;
const tunnelTypes = ["ipip", "gue", "gre"] as const;
const tunnelChecksums = ["none", "full", "remote"] as const;

/** How the kernel names a service. */
export function ipvsServiceId(key: VirtualServerKey): IpvsServiceId {
  if (key.kind === "fwmark") return { family: key.family, fwmark: key.fwmark };
  const { address, port } = key;
  return { family: familyOf(address), protocol: protocolNumbers[key.protocol], address, port };
}

/** How we name a service of the kernel; undefined for a protocol that has no name here. */
export function keyOfService(id: IpvsServiceId): VirtualServerKey | undefined {
  if ("fwmark" in id) return { kind: "fwmark", fwmark: id.fwmark, family: id.family };
  const protocol = protocolNames.get(id.protocol);
  if (protocol === undefined) return undefined;
  return { kind: "address", address: id.address, port: id.port, protocol };
}

/** A service as the kernel takes it; what only other data planes can is refused before. */
export function ipvsService(service: Service): IpvsService {
  const { key, scheduler, persistenceTimeoutS, persistencePrefixLength, persistenceEngine } =
    service;
  let flags = 0;
  if (persistenceTimeoutS > 0) flags |= ipvsServiceFlag.persistent;
  if (service.onePacket) flags |= ipvsServiceFlag.onePacket;
  for (const [flag, bit] of flagBits) if (service.schedulerFlags?.includes(flag)) flags |= bit;
  return {
    id: ipvsServiceId(key),
    scheduler,
    flags,
    timeoutS: persistenceTimeoutS,
    prefixLength: persistencePrefixLength,
    ...(persistenceEngine === undefined ? {} : { persistenceEngine }),
  };
}

/** A service of the kernel without its destinations. */
export function serviceOf(key: VirtualServerKey, told: ObservedIpvsService): Service {
  const schedulerFlags: readonly SchedulerFlag[] = flagBits.flatMap(([flag, bit]) =>
    (told.flags & bit) === 0 ? [] : [flag],
  );
  return {
    key,
    // A scheduler that somebody has added to the kernel is shown by the name that it has there.
    scheduler: told.scheduler as SchedulerName,
    persistenceTimeoutS: (told.flags & ipvsServiceFlag.persistent) === 0 ? 0 : told.timeoutS,
    persistencePrefixLength: told.prefixLength,
    onePacket: (told.flags & ipvsServiceFlag.onePacket) !== 0,
    ...(schedulerFlags.length === 0 ? {} : { schedulerFlags }),
    ...(told.persistenceEngine === undefined ? {} : { persistenceEngine: told.persistenceEngine }),
    destinations: [],
  };
}

const forwardingNumbers: Readonly<Record<Exclude<ForwardingMethod, "FULLNAT">, number>> = {
  NAT: ipvsForwarding.masquerade,
  DR: ipvsForwarding.direct,
  TUN: ipvsForwarding.tunnel,
};

/** A destination as the kernel takes it; undefined when it has no such way to forward. */
export function ipvsDestination(destination: Destination): IpvsDestination | undefined {
  const { address, port, weight, forwarding, upperThreshold, lowerThreshold, tunnel } = destination;
  if (forwarding === "FULLNAT") return undefined;
  return {
    address,
    port,
    forwarding: forwardingNumbers[forwarding],
    weight,
    upperThreshold,
    lowerThreshold,
    tunnel: {
      type: ipvsTunnelType[tunnel?.type ?? "ipip"],
      port: tunnel?.port ?? 0,
      flags: checksumFlag(tunnel?.checksum ?? "none"),
    },
  };
}

function checksumFlag(checksum: TunnelSettings["checksum"]): number {
  switch (checksum) {
    case "none":
      return ipvsTunnelFlag.none;
    case "full":
      return ipvsTunnelFlag.checksum;
    case "remote":
      return ipvsTunnelFlag.remoteChecksum;
  }
}

/** A destination of the kernel. */
export function destinationOf(told: ObservedIpvsDestination): Destination {
  const { address, port, weight, upperThreshold, lowerThreshold } = told;
  const forwarding = methodOf(told.forwarding);
  const tunnel = forwarding === "TUN" ? tunnelOf(told.tunnel) : undefined;
  return {
    address,
    port,
    weight,
    forwarding,
    upperThreshold,
    lowerThreshold,
    ...(tunnel === undefined ? {} : { tunnel }),
  };
}

/** Local and bypass are methods that the kernel gives to connections; as methods of a destination they act as DR. */
function methodOf(forwarding: number): ForwardingMethod {
  if (forwarding === ipvsForwarding.masquerade) return "NAT";
  return forwarding === ipvsForwarding.tunnel ? "TUN" : "DR";
}

/** Undefined for IP in IP, which is what a tunnel is when nothing is said. */
function tunnelOf(told: IpvsDestination["tunnel"]): TunnelSettings | undefined {
  const type = tunnelTypes[told.type];
  if (type === undefined || type === "ipip") return undefined;
  const checksum = tunnelChecksums[told.flags] ?? "none";
  return { type, ...(type === "gue" ? { port: told.port } : {}), checksum };
}

/** What the kernel has counted for a service and its destinations. */
export function statisticsOf(
  key: VirtualServerKey,
  told: ObservedIpvsService,
  destinations: readonly ObservedIpvsDestination[],
): ServiceStatistics {
  return { key, ...told.statistics, destinations: destinations.map(destinationStatistics) };
}

function destinationStatistics(told: ObservedIpvsDestination): DestinationStatistics {
  const { address, port, activeConnections, inactiveConnections, persistentConnections } = told;
  return {
    address,
    port,
    activeConnections,
    inactiveConnections,
    persistentConnections,
    ...told.statistics,
  };
}
