// The options of one line -> a service or a server.

import { familyOf } from "../../base/address.ts";
import type {
  ForwardingMethod,
  TransportProtocol,
  TunnelSettings,
  VirtualServerKey,
} from "../../model/virtual-server.ts";
import { nearestWord } from "../text/nearest-word.ts";
import {
  isOfFamily,
  readEndpoint,
  readMask,
  readNumber,
  type ValueContext,
} from "./rule-values.ts";
import {
  familyOfKey,
  flagNames,
  type PlacedService,
  type SavedServer,
  type SchedulerFlag,
} from "./saved-table.ts";
import type { GivenOption, RuleWord } from "./scan-rule.ts";

type Given = ReadonlyMap<string, GivenOption>;

/** What a line says of the service: its key. */
export interface ServiceAddress {
  readonly key: VirtualServerKey;
}

const half = "ipvsadm stops here, with half of the table loaded";
const thresholdMax = 2_147_483_647;
const persistenceDefaultS = 360;

const protocols: Readonly<Record<string, TransportProtocol>> = {
  "tcp-service": "TCP",
  "udp-service": "UDP",
  "sctp-service": "SCTP",
};

/** Reads a line `-A`. */
export function readService(
  command: RuleWord,
  given: Given,
  context: ValueContext,
): PlacedService["value"] | undefined {
  const key = readKey(command, given, context);
  if (key === undefined) return undefined;
  const scheduler = given.get("scheduler")?.argument?.text ?? "wlc";
  const persistent = given.get("persistent");
  const family = familyOfKey(key);
  const persistenceTimeoutS =
    persistent === undefined
      ? 0
      : (readNumber(persistent, [1, 2_678_400], context) ?? persistenceDefaultS);
  reportPortZero(key, persistent, given, context);
  const engine = given.get("pe")?.argument?.text;
  return {
    key,
    scheduler,
    persistenceTimeoutS,
    persistencePrefixLength:
      readMask(given.get("netmask"), family, context) ?? (family === 4 ? 32 : 128),
    ...(engine === undefined ? {} : { persistenceEngine: engine }),
    onePacket: readOps(key, given, context),
    flags: readFlags(scheduler, given, context),
  };
}

function readKey(
  command: RuleWord,
  given: Given,
  context: ValueContext,
): VirtualServerKey | undefined {
  const service = given.get("service");
  const word = service?.argument;
  if (service === undefined || word === undefined) {
    context.report(command, "A02", {
      severity: "error",
      stops: true,
      message: `\`${command.text}\` lacks its service`,
      label: "-t, -u, --sctp-service or -f",
      effect: half,
    });
    return undefined;
  }
  if (service.option.name === "fwmark-service") {
    const fwmark = readNumber(service, [1, 4_294_967_295], context);
    return fwmark === undefined
      ? undefined
      : { kind: "fwmark", fwmark, family: given.has("ipv6") ? 6 : 4 };
  }
  const endpoint = readEndpoint(word, undefined, context);
  const protocol = protocols[service.option.name];
  if (endpoint?.address === undefined || protocol === undefined) return undefined;
  return { kind: "address", address: endpoint.address, port: endpoint.port ?? 0, protocol };
}

function reportPortZero(
  key: VirtualServerKey,
  persistent: GivenOption | undefined,
  given: Given,
  { report }: ValueContext,
): void {
  const word = given.get("service")?.argument;
  if (key.kind === "fwmark" || key.port !== 0 || persistent !== undefined || word === undefined)
    return;
  report(word, "A09", {
    severity: "error",
    stops: true,
    message: "a service for all ports must be persistent",
    effect: half,
    fix: "add `-p SECONDS`, or name a port",
  });
}

function readOps(key: VirtualServerKey, given: Given, { report }: ValueContext): boolean {
  const ops = given.get("ops");
  if (ops === undefined) return false;
  if (key.kind === "fwmark" || key.protocol === "UDP") return true;
  report(ops.word, "A10", {
    severity: "error",
    stops: true,
    message: `one-packet scheduling is for UDP, and this is ${key.protocol}`,
    effect: half,
    fix: "remove `-o`",
  });
  return false;
}

function readFlags(
  scheduler: string,
  given: Given,
  { report }: ValueContext,
): readonly SchedulerFlag[] {
  const word = given.get("sched-flags")?.argument;
  if (word === undefined) return [];
  const names = flagNames(scheduler);
  const flags = new Set<SchedulerFlag>();
  for (const name of word.text.split(",")) {
    const number = numberOfFlag(name, names);
    if (number !== undefined) {
      flags.add(number);
      continue;
    }
    const near = nearestWord(name, names);
    report(word, "A05", {
      severity: "error",
      stops: true,
      message: `\`${name}\` is no flag of the scheduler ${scheduler}`,
      ...(near === undefined
        ? { label: names.join(", ") }
        : { label: `did you mean \`${near}\`?` }),
      effect: half,
    });
  }
  return [...flags].sort();
}

/** `flag-1` to `flag-3` go with every scheduler. */
function numberOfFlag(name: string, names: readonly string[]): SchedulerFlag | undefined {
  const plain = /^flag-([123])$/.exec(name)?.[1];
  const number = plain === undefined ? names.indexOf(name) + 1 : Number(plain);
  return number === 1 || number === 2 || number === 3 ? number : undefined;
}

/** Reads a line `-a`; without a server when its address is not known yet. */
export function readServer(
  command: RuleWord,
  given: Given,
  context: ValueContext,
): { readonly service: ServiceAddress; readonly server?: SavedServer } | undefined {
  const key = readKey(command, given, context);
  const word = given.get("real-server")?.argument;
  if (word === undefined)
    context.report(command, "A02", {
      severity: "error",
      stops: true,
      message: `\`${command.text}\` lacks its server`,
      label: "-r ADDRESS:PORT",
      effect: half,
    });
  if (key === undefined || word === undefined) return undefined;
  const forwarding = forwardingOf(given);
  const endpoint = readEndpoint(word, familyOfKey(key), context);
  const weight = readNumber(given.get("weight"), [0, thresholdMax], context) ?? 1;
  const upperThreshold = readNumber(given.get("u-threshold"), [0, thresholdMax], context) ?? 0;
  const lowerThreshold = readNumber(given.get("l-threshold"), [0, thresholdMax], context) ?? 0;
  const tunnel = readTunnel(forwarding, given, context);
  if (endpoint?.address === undefined) return { service: { key } };
  const { address } = endpoint;
  if (!isOfFamily(address, familyOfKey(key)) && forwarding !== "TUN") {
    context.report(word, "A04", {
      severity: "error",
      stops: true,
      message: `the service is IPv${familyOfKey(key)}, and the server IPv${familyOf(address)}`,
      effect: `only tunnels change the family; ${half}`,
    });
    return { service: { key } };
  }
  const port = portOf(key, forwarding, endpoint.port, word, context);
  const rest = { forwarding, weight, upperThreshold, lowerThreshold };
  return {
    service: { key },
    server: { address, port, ...rest, ...(tunnel === undefined ? {} : { tunnel }) },
  };
}

function forwardingOf(given: Given): ForwardingMethod {
  const name = given.get("method")?.option.name;
  if (name === "masquerading") return "NAT";
  return name === "ipip" ? "TUN" : "DR";
}

/** Direct routing and tunnels cannot change the port: ipvsadm puts the service's in its place. */
function portOf(
  key: VirtualServerKey,
  forwarding: ForwardingMethod,
  port: number | undefined,
  word: RuleWord,
  { report }: ValueContext,
): number {
  if (key.kind === "fwmark") return port ?? 0;
  if (forwarding === "NAT") return port ?? key.port;
  if (port !== undefined && port !== key.port)
    report(word, "A13", {
      severity: "warning",
      message: `${forwarding} cannot change the port: packets arrive at ${key.port}, not ${port}`,
      effect: `ipvsadm writes ${key.port} in its place without a word`,
      fix: `write port ${key.port}, or use \`-m\``,
    });
  return key.port;
}

function readTunnel(
  forwarding: ForwardingMethod,
  given: Given,
  context: ValueContext,
): TunnelSettings | undefined {
  const options = ["tun-type", "tun-port", "checksum"].flatMap((name) => given.get(name) ?? []);
  const [first] = options;
  if (forwarding !== "TUN") {
    if (first !== undefined) misfit(first, "belongs to `-i`", context);
    return undefined;
  }
  const typeWord = given.get("tun-type")?.argument;
  const type = typeWord?.text ?? "ipip";
  if (type !== "ipip" && type !== "gue" && type !== "gre") {
    misfit(given.get("tun-type"), "is ipip, gue or gre", context);
    return undefined;
  }
  const port = readNumber(given.get("tun-port"), [1, 65_535], context);
  if (type === "gue" && !given.has("tun-port"))
    misfit(given.get("tun-type"), "gue needs `--tun-port`", context);
  if (type !== "gue" && given.has("tun-port"))
    misfit(given.get("tun-port"), "belongs to the type gue", context);
  const checksum = given.get("checksum");
  const name = checksum?.option.name;
  if (type === "ipip" && checksum !== undefined) misfit(checksum, "does not go with ipip", context);
  if (type === "gre" && name === "tun-remcsum") misfit(checksum, "does not go with gre", context);
  const kind = name === "tun-csum" ? "full" : name === "tun-remcsum" ? "remote" : "none";
  return { type, ...(port === undefined ? {} : { port }), checksum: kind };
}

function misfit(option: GivenOption | undefined, why: string, { report }: ValueContext): void {
  if (option === undefined) return;
  report(option.word, "A03", {
    severity: "error",
    stops: true,
    message: `\`${option.word.text}\` ${why}`,
    effect: half,
  });
}
