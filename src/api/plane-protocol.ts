// What is asked of a director's data plane over the control socket: what `ipvsadm` asks of the kernel.

import { type IpAddress, parseIpAddress } from "../base/address.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { type BalancerSettings, defaultBalancerSettings } from "../model/balancer-settings.ts";
import type {
  BalancerTable,
  Destination,
  SchedulerFlag,
  Service,
  ServiceStatistics,
} from "../model/balancer-table.ts";
import type { ConnectionEntry } from "../model/connection-entry.ts";
import type { SyncDaemonState } from "../model/sync-daemon.ts";
import {
  isScheduler,
  type TunnelSettings,
  type VirtualServerKey,
} from "../model/virtual-server.ts";
import type { BalancerOperation } from "../plan/operation.ts";

/** Connections in one answer; who wants more asks again, and skips those. */
export const connectionsPerAnswer = 20_000;

export type PlaneRequest =
  | { readonly kind: "table" }
  | { readonly kind: "statistics" }
  | { readonly kind: "apply"; readonly operation: BalancerOperation }
  /** Takes out what was added by hand. */
  | { readonly kind: "flush" }
  | { readonly kind: "zero"; readonly key?: VirtualServerKey }
  | { readonly kind: "settings" }
  | { readonly kind: "configure"; readonly settings: Partial<BalancerSettings> }
  | { readonly kind: "connections"; readonly skip: number }
  | { readonly kind: "daemons" }
  | { readonly kind: "start-daemon"; readonly daemon: SyncDaemonState }
  | { readonly kind: "stop-daemon"; readonly role: SyncDaemonState["role"] };

/** What came of one; `done` answers every change. */
export type PlaneAnswer =
  | {
      readonly kind: "table";
      readonly table: BalancerTable;
      readonly engine: "ipvs" | "xdp" | "model";
      /** Names of services that follow from the director's configuration; `virtualServerIdentity`. */
      readonly owned: readonly string[];
    }
  | { readonly kind: "statistics"; readonly statistics: readonly ServiceStatistics[] }
  | { readonly kind: "settings"; readonly settings: BalancerSettings }
  | {
      readonly kind: "connections";
      readonly connections: readonly ConnectionEntry[];
      /** True: there are more behind these. */
      readonly more: boolean;
    }
  | { readonly kind: "daemons"; readonly daemons: readonly SyncDaemonState[] }
  | { readonly kind: "done" };

type Members = Readonly<Record<string, unknown>>;
type Parsed<Value> = Result<Value, string>;

/** Reads what is in a request; a fault is one clause. */
export function parsePlaneRequest(value: unknown): Parsed<PlaneRequest> {
  if (!isObject(value)) return fail("`request` is an object");
  const { kind } = value;
  switch (kind) {
    case "table":
    case "statistics":
    case "flush":
    case "settings":
    case "daemons":
      return ok({ kind });
    case "connections":
      return isNumber(value["skip"])
        ? ok({ kind, skip: value["skip"] })
        : fail("`skip` is a number");
    case "zero": {
      if (value["key"] === undefined) return ok({ kind });
      const key = parseKey(value["key"]);
      return key.ok ? ok({ kind, key: key.value }) : key;
    }
    case "apply": {
      const operation = parseOperation(value["operation"]);
      return operation.ok ? ok({ kind, operation: operation.value }) : operation;
    }
    case "configure": {
      const settings = parseSettings(value["settings"]);
      return settings.ok ? ok({ kind, settings: settings.value }) : settings;
    }
    case "start-daemon": {
      const daemon = parseDaemon(value["daemon"]);
      return daemon.ok ? ok({ kind, daemon: daemon.value }) : daemon;
    }
    case "stop-daemon": {
      const { role } = value;
      return role === "master" || role === "backup" ? ok({ kind, role }) : fail("bad `role`");
    }
    default:
      return fail("unknown `kind` of request");
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown, max = Number.MAX_SAFE_INTEGER): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
}

function parseAddress(value: unknown): IpAddress | undefined {
  const parsed = typeof value === "string" ? parseIpAddress(value) : undefined;
  return parsed?.ok === true ? parsed.value : undefined;
}

function parseKey(value: unknown): Parsed<VirtualServerKey> {
  if (!isObject(value)) return fail("`key` is an object");
  const { kind, fwmark, family, port, protocol } = value;
  if (kind === "fwmark") {
    if (!isNumber(fwmark, 0xffff_ffff) || fwmark === 0) return fail("bad `fwmark`");
    return family === 4 || family === 6 ? ok({ kind, fwmark, family }) : fail("bad `family`");
  }
  const address = parseAddress(value["address"]);
  if (kind !== "address" || address === undefined) return fail("bad `key`");
  if (!isNumber(port, 65_535)) return fail("bad `port`");
  if (protocol !== "TCP" && protocol !== "UDP" && protocol !== "SCTP")
    return fail("bad `protocol`");
  return ok({ kind, address, port, protocol });
}

function parseOperation(value: unknown): Parsed<BalancerOperation> {
  if (!isObject(value)) return fail("`operation` is an object");
  const { kind } = value;
  if (kind === "add-service" || kind === "change-service") {
    const service = parseService(value["service"]);
    return service.ok ? ok({ kind, service: service.value }) : service;
  }
  const key = parseKey(value["key"]);
  if (!key.ok) return key;
  if (kind === "remove-service") return ok({ kind, key: key.value });
  if (kind === "add-destination" || kind === "change-destination") {
    const destination = parseDestination(value["destination"]);
    return destination.ok
      ? ok({ kind, key: key.value, destination: destination.value })
      : destination;
  }
  if (kind !== "remove-destination") return fail("unknown `kind` of operation");
  const address = parseAddress(value["address"]);
  const { port } = value;
  if (address === undefined || !isNumber(port, 65_535)) return fail("bad real server");
  return ok({ kind, key: key.value, address, port });
}

function parseService(value: unknown): Parsed<Service> {
  if (!isObject(value)) return fail("`service` is an object");
  const key = parseKey(value["key"]);
  if (!key.ok) return key;
  const { scheduler, persistenceTimeoutS, persistencePrefixLength, onePacket } = value;
  const { persistenceEngine } = value;
  const flags = value["schedulerFlags"] ?? [];
  if (!isScheduler(scheduler)) return fail("bad `scheduler`");
  if (!isNumber(persistenceTimeoutS, 2_678_400) || !isNumber(persistencePrefixLength, 128))
    return fail("bad persistence");
  if (!Array.isArray(flags) || !flags.every(isFlag)) return fail("bad `schedulerFlags`");
  if (persistenceEngine !== undefined && persistenceEngine !== "sip")
    return fail("bad `persistenceEngine`");
  return ok({
    key: key.value,
    scheduler,
    persistenceTimeoutS,
    persistencePrefixLength,
    onePacket: onePacket === true,
    ...(flags.length === 0 ? {} : { schedulerFlags: flags }),
    ...(persistenceEngine === undefined ? {} : { persistenceEngine }),
    destinations: [],
  });
}

function isFlag(value: unknown): value is SchedulerFlag {
  return value === 1 || value === 2 || value === 3;
}

const int32Max = 0x7fff_ffff;

function parseDestination(value: unknown): Parsed<Destination> {
  if (!isObject(value)) return fail("`destination` is an object");
  const { port, weight, forwarding, upperThreshold, lowerThreshold } = value;
  const address = parseAddress(value["address"]);
  if (address === undefined || !isNumber(port, 65_535)) return fail("bad real server");
  if (!isNumber(weight, int32Max)) return fail("bad `weight`");
  if (!isNumber(upperThreshold, int32Max) || !isNumber(lowerThreshold, int32Max))
    return fail("bad threshold");
  if (forwarding !== "NAT" && forwarding !== "DR" && forwarding !== "TUN")
    return fail("bad `forwarding`");
  const tunnel = value["tunnel"];
  if (tunnel !== undefined && !isTunnel(tunnel)) return fail("bad `tunnel`");
  const common: Destination = {
    address,
    port,
    weight,
    forwarding,
    upperThreshold,
    lowerThreshold,
  };
  return ok(tunnel === undefined ? common : { ...common, tunnel });
}

function isTunnel(value: unknown): value is TunnelSettings {
  if (!isObject(value)) return false;
  const { type, port, checksum } = value;
  return (
    (type === "ipip" || type === "gue" || type === "gre") &&
    (port === undefined || isNumber(port, 65_535)) &&
    (checksum === "none" || checksum === "full" || checksum === "remote")
  );
}

/** Members with the names and types of the settings; others are refused. */
function parseSettings(value: unknown): Parsed<Partial<BalancerSettings>> {
  if (!isObject(value)) return fail("`settings` is an object");
  const known: Members = { ...defaultBalancerSettings };
  for (const [name, given] of Object.entries(value)) {
    const fits = typeof known[name] === "number" ? isNumber(given) : typeof given === "boolean";
    if (!Object.hasOwn(known, name) || !fits) return fail(`bad setting \`${name}\``);
  }
  return ok(value as Partial<BalancerSettings>);
}

function parseDaemon(value: unknown): Parsed<SyncDaemonState> {
  if (!isObject(value)) return fail("`daemon` is an object");
  const { role, interface: name, syncId, maxLength, port, ttl } = value;
  if (role !== "master" && role !== "backup") return fail("bad `role`");
  if (typeof name !== "string" || name === "") return fail("bad `interface`");
  if (!isNumber(syncId, 255)) return fail("bad `syncId`");
  const group = value["group"] === undefined ? undefined : parseAddress(value["group"]);
  if (group === undefined && value["group"] !== undefined) return fail("bad `group`");
  const optional = { maxLength, port, ttl };
  const numbers: { maxLength?: number; port?: number; ttl?: number } = {};
  for (const member of ["maxLength", "port", "ttl"] as const) {
    const number = optional[member];
    if (number === undefined) continue;
    if (!isNumber(number, 65_535)) return fail(`bad \`${member}\``);
    numbers[member] = number;
  }
  return ok({
    role,
    interface: name,
    syncId,
    ...numbers,
    ...(group === undefined ? {} : { group }),
  });
}
