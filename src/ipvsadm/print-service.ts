// A service in one line: of a list, or as the command that adds it.

import { dottedMask } from "../conf/text/netmask.ts";
import type { VirtualServerKey } from "../model/virtual-server.ts";
import { isIpv6Service, type ListedService } from "./list-row.ts";
import { cutForIpv4, printEndpoint, type ReverseNames } from "./names.ts";
import { flagNames } from "./scheduler-flags.ts";

/** Columns of a service's name in a list. */
const nameWidth = 33;

const serviceOptions = { TCP: "-t", UDP: "-u", SCTP: "--sctp-service" } as const;

/** `TCP  192.0.2.1:80`, `FWM  7 IPv6`. */
export function printServiceName(key: VirtualServerKey, names: ReverseNames): string {
  // ipvsadm takes a mark for a number with a sign.
  if (key.kind === "fwmark") return `FWM  ${key.fwmark | 0}${key.family === 6 ? " IPv6" : ""}`;
  const text = `${key.protocol.padEnd(4)} ${printEndpoint(key, key.protocol, names)}`;
  return cutForIpv4(text, isIpv6Service(key), nameWidth);
}

/** The service with its flags, as lists without counters have it. */
export function printServiceTitle(service: ListedService, names: ReverseNames): string {
  const { key, scheduler, schedulerFlags = [], persistenceEngine } = service;
  const words = [printServiceName(key, names), scheduler];
  if (schedulerFlags.length > 0) words.push(`(${flagNames(scheduler, schedulerFlags)})`);
  if (service.persistenceTimeoutS > 0) {
    words.push(`persistent ${service.persistenceTimeoutS}`);
    const mask = maskWord(service);
    if (mask !== undefined) words.push(`mask ${mask}`);
    if (persistenceEngine !== undefined) words.push(`pe ${persistenceEngine}`);
  }
  if (service.onePacket) words.push("ops");
  return words.join(" ");
}

/** `-t 192.0.2.1:80`, `-f 7 -6`. */
export function printServiceOption(key: VirtualServerKey, names: ReverseNames): string {
  if (key.kind === "fwmark") return `-f ${key.fwmark | 0}${key.family === 6 ? " -6" : ""}`;
  return `${serviceOptions[key.protocol]} ${printEndpoint(key, key.protocol, names)}`;
}

/** The command that adds it. */
export function printServiceRule(service: ListedService, names: ReverseNames): string {
  const { key, scheduler, schedulerFlags = [], persistenceEngine } = service;
  const words = [`-A ${printServiceOption(key, names)} -s ${scheduler}`];
  if (service.persistenceTimeoutS > 0) {
    words.push(`-p ${service.persistenceTimeoutS}`);
    const mask = maskWord(service);
    if (mask !== undefined) words.push(`-M ${mask}`);
  }
  if (persistenceEngine !== undefined) words.push(`--pe ${persistenceEngine}`);
  if (service.onePacket) words.push("-o");
  if (schedulerFlags.length > 0) words.push(`-b ${flagNames(scheduler, schedulerFlags)}`);
  return words.join(" ");
}

/** Undefined for the mask of a single address. */
function maskWord({ key, persistencePrefixLength: length }: ListedService): string | undefined {
  if (isIpv6Service(key)) return length === 128 ? undefined : String(length);
  return length === 32 ? undefined : dottedMask(length);
}
