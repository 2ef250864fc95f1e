// What IPVS refuses, before a data plane is asked: so every data plane refuses alike, and in ipvsadm's words.

import { familyOf, type IpAddress } from "../base/address.ts";
import type { BalancerTable, Destination, Service } from "../model/balancer-table.ts";
import { realServerIdentity, virtualServerIdentity } from "../model/health.ts";
import { isScheduler, type VirtualServerKey } from "../model/virtual-server.ts";
import type { EngineFault } from "../world/engine.ts";
import type { IpvsadmCommand } from "./command.ts";
import { isMulticast, isUnspecified } from "./values.ts";

/** The texts of IPVS's errors. */
export const messages = {
  serviceExists: "Service already exists",
  noService: "No such service",
  serviceNotDefined: "Service not defined",
  destinationExists: "Destination already exists",
  noDestination: "No such destination",
  noScheduler: "Scheduler or persistence engine not found",
  daemonRuns: "Daemon has already run",
  noDaemon: "No daemon is running",
  invalid: "Invalid operation.  Possibly wrong module version, address not unicast, ...",
  outOfRange: "Numerical result out of range",
} as const;

/** What IPVS says of a command about services or real servers; undefined when it would take it. */
export function judgeChange(command: IpvsadmCommand, table: BalancerTable): string | undefined {
  switch (command.kind) {
    case "add-service":
      if (findService(table, command.service.key) !== undefined) return messages.serviceExists;
      return judgeScheduling(command.service);
    case "edit-service":
      if (findService(table, command.service.key) === undefined) return messages.noService;
      return judgeScheduling(command.service);
    case "delete-service":
      return findService(table, command.key) === undefined ? messages.noService : undefined;
    case "zero":
      if (command.key === undefined || findService(table, command.key) !== undefined) return;
      return messages.noService;
    case "add-server":
    case "edit-server":
    case "delete-server": {
      const service = findService(table, command.key);
      if (service === undefined) return messages.serviceNotDefined;
      return judgeServer(command, service);
    }
    default:
      return undefined;
  }
}

function judgeScheduling(service: {
  readonly scheduler: string;
  readonly persistenceEngine?: string;
}): string | undefined {
  const { scheduler, persistenceEngine } = service;
  const isKnown =
    isScheduler(scheduler) && (persistenceEngine === undefined || persistenceEngine === "sip");
  return isKnown ? undefined : messages.noScheduler;
}

function judgeServer(
  command: Extract<
    IpvsadmCommand,
    { readonly kind: "add-server" | "edit-server" | "delete-server" }
  >,
  service: Service,
): string | undefined {
  const wanted = "server" in command ? command.server : command;
  const identity = realServerIdentity(wanted);
  const found = service.destinations.some((one) => realServerIdentity(one) === identity);
  if (command.kind === "delete-server") return found ? undefined : messages.noDestination;
  const { lowerThreshold, upperThreshold } = command.server;
  if (lowerThreshold > upperThreshold) return messages.outOfRange;
  if (command.kind === "edit-server") return found ? undefined : messages.noDestination;
  if (found) return messages.destinationExists;
  return isServable(command.server) ? undefined : messages.invalid;
}

/** An address that one machine can have; of IPv6 none that is only good on one link. */
function isServable({ address }: Destination): boolean {
  if (isMulticast(address) || isUnspecified(address)) return false;
  return familyOf(address) === 6 ? !isLinkLocal(address) : address !== "255.255.255.255";
}

function isLinkLocal(address: IpAddress): boolean {
  return /^fe[89ab]/.test(address);
}

/** The service of a table. */
export function findService(table: BalancerTable, key: VirtualServerKey): Service | undefined {
  const identity = virtualServerIdentity(key);
  return table.services.find((service) => virtualServerIdentity(service.key) === identity);
}

/** The texts of the kernel's errors that mean the same with every command. */
const textOfCode: Readonly<Record<string, string>> = {
  EPERM: "Permission denied (you must be root)",
  EACCES: "Permission denied (you must be root)",
  EINVAL: messages.invalid,
  ERANGE: messages.outOfRange,
  ENODEV: "No such device",
  ENOMEM: "Memory allocation problem",
  ENOPROTOOPT: "Protocol not available",
  EAFNOSUPPORT: "Operation not supported with specified address family",
  EOPNOTSUPP: "Operation not supported with IPv6",
  EADDRNOTAVAIL: "Cannot assign requested address",
};

/** What is said when a data plane refuses after all: ipvsadm's words where it has some. */
export function messageOfFault(command: IpvsadmCommand["kind"], fault: EngineFault): string {
  const { kind, code } = fault;
  const isServer = command.endsWith("-server");
  const isService = command === "add-service" || command === "edit-service";
  if (code === "EEXIST" || kind === "exists") {
    if (command === "start-daemon") return messages.daemonRuns;
    return isServer ? messages.destinationExists : messages.serviceExists;
  }
  if (code === "ENOENT" && isService) return messages.noScheduler;
  if (code === "ENOENT" && isServer) return messages.noDestination;
  if (code === "ESRCH" && isServer) return messages.serviceNotDefined;
  const text = code === undefined ? undefined : textOfCode[code];
  if (text !== undefined) return text;
  if (code === "ESRCH" || kind === "not-found") {
    if (command === "stop-daemon") return messages.noDaemon;
    if (command !== "start-daemon") return isServer ? messages.noDestination : messages.noService;
  }
  return fault.text;
}
