// What keepalived's command line asks of the daemon, and what of it is done differently.

import { resolve } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";
import {
  type GivenOption,
  type KeepalivedArguments,
  parseKeepalivedArguments,
} from "../../conf/keepalived/command-line.ts";

/** The parts of keepalived that run. */
export interface Parts {
  readonly vrrp: boolean;
  readonly checkers: boolean;
  readonly bfd: boolean;
}

/** Files with process ids that were named; the others stand where keepalived puts them. */
export interface NamedPidFiles {
  readonly main?: string;
  readonly vrrp?: string;
  readonly checkers?: string;
  readonly bfd?: string;
}

/** Where log lines go. */
export interface LogOptions {
  /** To standard error, in the foreground only. */
  readonly console: boolean;
  /** Debug messages as well. */
  readonly detail: boolean;
  readonly syslog: boolean;
  /** syslog(3)'s number, not shifted: 3 daemon, 16 local0. */
  readonly facility: number;
  readonly file?: string;
}

/** One command line for the daemon. Paths are absolute. */
export interface DaemonOptions {
  readonly configFile: string;
  readonly configId?: string;
  /** Files that an include names must be there. */
  readonly allConfig: boolean;
  readonly parts: Parts;
  /** Files with process ids for parts that have nothing to do as well. */
  readonly allParts: boolean;
  readonly log: LogOptions;
  readonly background: boolean;
  readonly dumpConfiguration: boolean;
  readonly releaseVips: boolean;
  readonly keepAddresses: boolean;
  readonly keepForwarding: boolean;
  readonly respawn: boolean;
  readonly logAddressChanges: boolean;
  readonly snmp: boolean;
  readonly snmpSocket?: string;
  readonly namespace?: string;
  readonly umask?: number;
  readonly coreDump: boolean;
  readonly corePattern?: string;
  readonly ignoreInterrupt: boolean;
  readonly pidFiles: NamedPidFiles;
  /** The command line as it was given. */
  readonly argv: readonly string[];
  /** Sentences about what is not done as keepalived does it. */
  readonly remarks: readonly string[];
}

const syslogDaemon = 3;
const syslogUser = 1;
const syslogLocal0 = 16;
/** The modes that a umask can take away. */
const modeBits = 0o777;

/** Reads a command line for the daemon; a fault is one sentence, as keepalived has it. */
export function readDaemonOptions(
  argv: readonly string[],
  directory: string,
): Result<DaemonOptions, string> {
  const parsed = parseKeepalivedArguments(argv);
  if (!parsed.ok) return parsed;
  const { options, given, others } = parsed.value;
  const has = (name: string): boolean => options.has(name);
  const path = (name: string): string | undefined => {
    const value = options.get(name);
    return value === undefined ? undefined : resolve(directory, value);
  };
  const umask = umaskOf(options.get("umask"));
  if (!umask.ok) return umask;
  const remarks = remarksOn(parsed.value);
  if (others.length > 0) remarks.unshift(`Unexpected argument(s): ${others.join(" ")}`);
  const log = logOf(parsed.value, directory, remarks);
  const corePattern = options.get("core-dump-pattern");
  return ok({
    configFile: path("use-file") ?? "/etc/keepalived/keepalived.conf",
    allConfig: has("all-config"),
    parts: partsOf(given),
    allParts: has("all"),
    log,
    background: !has("dont-fork"),
    dumpConfiguration: has("dump-conf"),
    releaseVips: has("release-vips"),
    keepAddresses: has("dont-release-vrrp"),
    keepForwarding: has("dont-release-ipvs"),
    respawn: !has("dont-respawn"),
    logAddressChanges: has("address-monitoring"),
    snmp: has("snmp"),
    coreDump: has("core-dump") || corePattern !== undefined,
    ignoreInterrupt: has("ignore-sigint"),
    pidFiles: pidFilesOf(path),
    argv,
    remarks,
    ...some("configId", options.get("config-id")),
    ...some("snmpSocket", options.get("snmp-agent-socket")),
    ...some("namespace", options.get("namespace")),
    ...some("umask", umask.value),
    ...some("corePattern", corePattern === "" ? "core" : corePattern),
  });
}

function some<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]: Value });
}

function pidFilesOf(path: (name: string) => string | undefined): NamedPidFiles {
  return {
    ...some("main", path("pid")),
    ...some("vrrp", path("vrrp_pid")),
    ...some("checkers", path("checkers_pid")),
    ...some("bfd", path("bfd_pid")),
  };
}

/** Each of these options changes what the ones before it have said. */
function partsOf(given: readonly GivenOption[]): Parts {
  let parts: Parts = { vrrp: true, checkers: true, bfd: true };
  for (const { long } of given) {
    if (long === "vrrp") parts = { ...parts, checkers: false };
    else if (long === "check") parts = { ...parts, vrrp: false };
    else if (long === "no_bfd") parts = { ...parts, bfd: false };
    else if (long === "all") parts = { vrrp: true, checkers: true, bfd: true };
  }
  return parts;
}

function logOf({ options }: KeepalivedArguments, directory: string, remarks: string[]): LogOptions {
  const said = options.get("log-facility");
  const facility = said === undefined ? syslogDaemon : facilityOf(said);
  if (facility === undefined) remarks.push(`Invalid log facility '${said}'`);
  const file = options.get("log-file");
  return {
    console: options.has("log-console"),
    detail: options.has("log-detail"),
    syslog: !options.has("no-syslog"),
    facility: facility ?? syslogDaemon,
    ...some("file", file === undefined ? undefined : resolve(directory, file || "keepalived.log")),
  };
}

function facilityOf(text: string): number | undefined {
  const local = /^(?:local)?([0-7])$/.exec(text)?.[1];
  if (local !== undefined) return syslogLocal0 + Number(local);
  if (text === "daemon") return syslogDaemon;
  return text === "user" ? syslogUser : undefined;
}

/** A number as C reads it: `022` octal, `0x12` hexadecimal, `18` decimal. */
function umaskOf(text: string | undefined): Result<number | undefined, string> {
  if (text === undefined) return ok(undefined);
  const value = /^0[0-7]*$/.test(text)
    ? Number.parseInt(text, 8)
    : /^(0[xX][0-9a-fA-F]+|[1-9]\d*)$/.test(text)
      ? Number(text)
      : Number.NaN;
  if (Number.isNaN(value) || (value & ~modeBits) !== 0) return fail(`invalid umask option ${text}`);
  return ok(value);
}

/** Options that are read, and what becomes of them. */
const without: Readonly<Record<string, string>> = {
  all: "parts without configuration need no process: a reload that gives them one starts it",
  "flush-log-file": "each line is written at once in any case",
  "config-fd": "it is for keepalived's own processes",
  perf: "there is nothing to record; node --cpu-prof does that for Keelson's processes",
  debug: "keepalived's debug options name parts of keepalived; -D shows debug messages",
  "no-mem-check": "memory is not checked in any case",
  "mem-check-log": "memory is not checked",
  "openssl-mem-check": "memory is not checked",
};

function remarksOn({ options }: KeepalivedArguments): string[] {
  return Object.entries(without).flatMap(([name, why]) =>
    options.has(name) ? [`--${name} has no effect here: ${why}`] : [],
  );
}
