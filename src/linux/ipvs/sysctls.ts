// The settings of IPVS that are files below /proc/sys/net/ipv4/vs.

import { fail, ok, type Result } from "../../base/result.ts";
import { type BalancerSettings, defaultBalancerSettings } from "../../model/balancer-settings.ts";
import type { EngineFault } from "../../world/engine.ts";
import type { KernelSettings } from "../../world/host-kernel.ts";
import { errno } from "../ffi/errno.ts";

const directory = "ipv4/vs/";

type Switches = {
  readonly [Name in keyof BalancerSettings as BalancerSettings[Name] extends boolean
    ? Name
    : never]: string;
};

/** Settings that are on or off. */
const switches: Switches = {
  expireNodestConnections: "expire_nodest_conn",
  expireQuiescentTemplates: "expire_quiescent_template",
  sloppyTcp: "sloppy_tcp",
  sloppySctp: "sloppy_sctp",
  cacheBypass: "cache_bypass",
  natIcmpSend: "nat_icmp_send",
  scheduleIcmp: "schedule_icmp",
  pathMtuDiscovery: "pmtu_disc",
  backupOnly: "backup_only",
  syncPersistMode: "sync_persist_mode",
};

/** Settings that are a number. */
const numbers = {
  connectionReuseMode: "conn_reuse_mode",
  lblcExpirationS: "lblc_expiration",
  lblcrExpirationS: "lblcr_expiration",
  syncRefreshPeriodS: "sync_refresh_period",
  syncRetries: "sync_retries",
} as const;

const thresholdAndPeriod = "sync_threshold";

type SwitchName = keyof typeof switches;
type NumberName = keyof typeof numbers;
type SysctlSettings = Pick<
  BalancerSettings,
  SwitchName | NumberName | "syncThreshold" | "syncPeriod"
>;

/** All of them; one that the kernel does not have, or whose scheduler is not loaded, is its default. */
export function readSysctls(files: KernelSettings): SysctlSettings {
  const defaults = defaultBalancerSettings;
  const number = (name: string, otherwise: number): number => {
    const text = files.read(directory + name);
    return text === undefined || !/^-?\d+$/.test(text) ? otherwise : Number(text);
  };
  const settings: Record<string, boolean | number> = {};
  for (const [name, file] of Object.entries(switches) as [SwitchName, string][])
    settings[name] = number(file, defaults[name] ? 1 : 0) !== 0;
  for (const [name, file] of Object.entries(numbers) as [NumberName, string][])
    settings[name] = number(file, defaults[name]);
  const [threshold, period] = readThreshold(files);
  return { ...defaults, ...settings, syncThreshold: threshold, syncPeriod: period };
}

function readThreshold(files: KernelSettings): readonly [number, number] {
  const words = (files.read(directory + thresholdAndPeriod) ?? "").split(/\s+/).map(Number);
  const [threshold, period] = words;
  if (threshold === undefined || period === undefined || words.some(Number.isNaN))
    return [defaultBalancerSettings.syncThreshold, defaultBalancerSettings.syncPeriod];
  return [threshold, period];
}

/** Writes what is given; stops at the first that the kernel refuses or does not have. */
export function writeSysctls(
  files: KernelSettings,
  settings: Partial<BalancerSettings>,
): Result<void, EngineFault> {
  const writes: [string, string][] = [];
  for (const [name, file] of Object.entries(switches) as [SwitchName, string][]) {
    const value = settings[name];
    if (value !== undefined) writes.push([file, value ? "1" : "0"]);
  }
  for (const [name, file] of Object.entries(numbers) as [NumberName, string][]) {
    const value = settings[name];
    if (value !== undefined) writes.push([file, String(value)]);
  }
  const { syncThreshold, syncPeriod } = settings;
  if (syncThreshold !== undefined || syncPeriod !== undefined) {
    const [threshold, period] = readThreshold(files);
    const value = `${syncThreshold ?? threshold} ${syncPeriod ?? period}`;
    writes.push([thresholdAndPeriod, value]);
  }
  for (const [file, value] of writes) {
    const written = writeOne(files, file, value);
    if (!written.ok) return written;
  }
  return ok(undefined);
}

function writeOne(files: KernelSettings, file: string, value: string): Result<void, EngineFault> {
  if (files.read(directory + file) === value) return ok(undefined);
  const written = files.write(directory + file, value);
  if (written.ok) return written;
  const { code, errno: number } = written.fault;
  const what = `net.ipv4.vs.${file} = ${value}`;
  if (number === errno.ENOENT) {
    const scheduler = /^(lblcr?)_expiration$/.exec(file)?.[1];
    const text =
      scheduler === undefined
        ? `${what}: this kernel has no such setting`
        : `${what}: the kernel has it once a service uses the scheduler ${scheduler}`;
    return fail({ kind: "not-supported", text, code });
  }
  const text =
    number === errno.EINVAL ? `${what}: out of the kernel's range (${code})` : `${what}: ${code}`;
  return fail({ kind: "syscall-failed", text, code });
}
