// global_defs and the keywords of the top level, beyond what the director acts on.

import type {
  ConnectionTimeouts,
  DaemonTraces,
  GlobalOptions,
  OnceProgram,
  ProcessSettings,
  ScriptSettings,
  SyncDaemon,
} from "../../../model/global-options.ts";
import { type Section, settingOf } from "../section.ts";
import { balancerSettingsOf } from "./balancer-settings.ts";
import { garpGroupsOf } from "./garp-groups.ts";
import { notificationsOf } from "./global-notifications.ts";
import { linkDelaysOf } from "./link-delays.ts";
import { accountOf, programFor } from "./programs.ts";
import { asAddress, asNumber, asText, flagOf, given, numberOf, textOf } from "./setting-values.ts";
import { vrrpDefaultsOf } from "./vrrp-options.ts";

/** What is said; undefined when nothing is. */
export function globalOptionsOf(root: Section, defs: Section): GlobalOptions | undefined {
  const vrrp = vrrpDefaultsOf(defs, "vrrp_", "vrrp_strict");
  const dynamic = settingOf(defs, "dynamic_interfaces");
  const flush = settingOf(defs, "lvs_flush_on_stop");
  const namespace = settingOf(root, "net_namespace_ipvs");
  const options: GlobalOptions = {
    ...given({
      netNamespace: textOf(root, "net_namespace"),
      balancerNamespace: namespace && (asText(namespace.values[0]) ?? ""),
      instanceName: textOf(root, "instance"),
      traces: tracesOf(root, defs),
      startupDelayMs: numberOf(defs, "vrrp_startup_delay"),
      delayAfterBootMs: numberOf(defs, "vrrp_delay_after_boot"),
      garpIntervalMs: numberOf(defs, "vrrp_garp_interval"),
      gnaIntervalMs: numberOf(defs, "vrrp_gna_interval"),
      garpGroups: garpGroupsOf(root),
      linkDelays: linkDelaysOf(root),
      logUnknownVrids: flagOf(defs, "log_unknown_vrids"),
      defaultInterface: textOf(defs, "default_interface"),
      disableLocalIgmp: flagOf(defs, "disable_local_igmp"),
      scripts: scriptsOf(defs),
      notifyTimeoutMs: numberOf(defs, "notify_timeout"),
      startup: onceOf(defs, "startup_script"),
      shutdown: onceOf(defs, "shutdown_script"),
      syncDaemon: syncDaemonOf(defs),
      connectionTimeouts: timeoutsOf(defs),
      balancer: balancerSettingsOf(defs),
      flushAtStart: flagOf(defs, "lvs_flush"),
      vrrpProcess: processOf(defs, "vrrp"),
      checkerProcess: processOf(defs, "checker"),
      bfdProcess: processOf(defs, "bfd"),
      childWaitMs: numberOf(root, "child_wait_time"),
    }),
    ...(Object.keys(vrrp).length === 0 ? {} : { vrrp }),
    ...(dynamic === undefined
      ? {}
      : {
          dynamicInterfaces: dynamic.values[0] === "allow_if_changes" ? "allow_if_changes" : "yes",
        }),
    ...(flush === undefined
      ? {}
      : { flushAtStop: flush.values[0] === "VS" ? "virtual-servers" : "table" }),
    ...notificationsOf(defs),
  };
  return Object.keys(options).length === 0 ? undefined : options;
}

/** Permissions by the names that C has for them, without the `S_`. */
const umaskBits: Readonly<Record<string, number>> = {
  IRUSR: 0o400,
  IWUSR: 0o200,
  IXUSR: 0o100,
  IRWXU: 0o700,
  IRGRP: 0o040,
  IWGRP: 0o020,
  IXGRP: 0o010,
  IRWXG: 0o070,
  IROTH: 0o004,
  IWOTH: 0o002,
  IXOTH: 0o001,
  IRWXO: 0o007,
};

function umaskOf(defs: Section): number | undefined {
  const words = settingOf(defs, "umask")?.values.map((word) => asText(word) ?? "") ?? [];
  const [first = ""] = words;
  if (first === "") return undefined;
  if (/^0[0-7]+$/.test(first)) return Number.parseInt(first, 8);
  if (/^\d/.test(first)) return Number(first);
  return words
    .flatMap((word) => word.split("|"))
    .reduce((mask, bit) => mask | (umaskBits[bit] ?? 0), 0);
}

function tracesOf(root: Section, defs: Section): DaemonTraces | undefined {
  const version = numberOf(defs, "json_version") ?? Number(textOf(defs, "json_version"));
  const names = flagOf(defs, "process_names") === true;
  const traces = given({
    ownPidDirectory: flagOf(root, "use_pid_dir"),
    umask: umaskOf(defs),
    mainTitle: textOf(defs, "process_name"),
    vrrpTitle: textOf(defs, "vrrp_process_name") ?? (names ? "keepalived_vrrp" : undefined),
    dumpsNameInstance: flagOf(defs, "data_use_instance"),
    jsonVersion: version === 2 ? (2 as const) : undefined,
    stateDump: textOf(defs, "state_dump_file"),
    countersDump: textOf(defs, "stats_dump_file"),
    jsonDump: textOf(defs, "json_dump_file"),
  });
  return Object.keys(traces).length === 0 ? undefined : traces;
}

function scriptsOf(defs: Section): ScriptSettings | undefined {
  const account = settingOf(defs, "script_user");
  const security = flagOf(defs, "enable_script_security");
  const symlinkPaths = flagOf(defs, "use_symlink_paths");
  const supplementaryGroups = flagOf(defs, "set_supplementary_groups");
  const said = [account, security, symlinkPaths, supplementaryGroups];
  if (said.every((value) => value === undefined)) return undefined;
  return {
    ...(account === undefined ? {} : accountOf(account, 0)),
    security: security ?? false,
    symlinkPaths: symlinkPaths ?? false,
    supplementaryGroups: supplementaryGroups ?? false,
  };
}

function onceOf(
  defs: Section,
  keyword: "startup_script" | "shutdown_script",
): OnceProgram | undefined {
  const program = programFor(defs, keyword);
  const timeoutS = numberOf(defs, `${keyword}_timeout`) ?? 10;
  return program && { ...program, timeoutMs: timeoutS * 1000 };
}

function syncDaemonOf(defs: Section): SyncDaemon | undefined {
  const setting = settingOf(defs, "lvs_sync_daemon");
  const networkInterface = asText(setting?.values[0]);
  if (setting === undefined || networkInterface === undefined) return undefined;
  const option = (name: string): string | number | boolean | undefined =>
    setting.options?.find((candidate) => candidate.name === name)?.values[0];
  return {
    interface: networkInterface,
    ...given({
      instance: asText(setting.values[1]) ?? asText(option("inst")),
      id: asNumber(option("id")),
      packetBytesMax: asNumber(option("maxlen")),
      port: asNumber(option("port")),
      ttl: asNumber(option("ttl")),
      group: asAddress(option("group")),
    }),
  };
}

function timeoutsOf(defs: Section): ConnectionTimeouts | undefined {
  const options = settingOf(defs, "lvs_timeouts")?.options;
  if (options === undefined) return undefined;
  const secondsOf = (name: string): number | undefined => {
    const value = asNumber(options.find((option) => option.name === name)?.values[0]);
    return value === undefined ? undefined : value / 1000;
  };
  return given({ tcpS: secondsOf("tcp"), tcpFinS: secondsOf("tcpfin"), udpS: secondsOf("udp") });
}

function processOf(defs: Section, name: "vrrp" | "checker" | "bfd"): ProcessSettings | undefined {
  const cpus = settingOf(defs, `${name}_cpu_affinity`)?.values.filter(
    (value) => typeof value === "number",
  );
  const settings: ProcessSettings = given({
    // Those of the VRRP process are acted on: they have fields of their own.
    nice: name === "vrrp" ? undefined : numberOf(defs, `${name}_priority`),
    realtimePriority: name === "vrrp" ? undefined : numberOf(defs, `${name}_rt_priority`),
    cpus,
    realtimeLimitUs: numberOf(defs, `${name}_rlimit_rttime`),
  });
  return Object.keys(settings).length === 0 ? undefined : settings;
}
