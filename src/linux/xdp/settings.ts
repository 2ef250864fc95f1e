// What an administrator sets for the whole balancer, as the program keeps it, and back.

import { fail, ok, type Result } from "../../base/result.ts";
import { type BalancerSettings, defaultBalancerSettings } from "../../model/balancer-settings.ts";
import { encodeIndex } from "../../wire/maps/fields.ts";
import {
  decodeSettings,
  encodeSettings,
  type SettingsRecord,
  settingFlags,
} from "../../wire/maps/settings-record.ts";
import type { EngineFault } from "../../world/engine.ts";
import { errnoName } from "../ffi/errno.ts";
import type { MapHandle } from "./map-handle.ts";
import { unitsOf } from "./tuning.ts";

/** IPVS's TCP timeouts in seconds, by state: NONE, ESTABLISHED, SYN_SENT ... SYNACK. */
const tcpTimeoutsS: readonly number[] = [2, 900, 120, 60, 120, 120, 10, 60, 30, 120, 120];
const establishedState = 1;
const finWaitState = 4;

type SettingName = keyof BalancerSettings;

/** Settings that nothing in the eBPF program reads: only their defaults are true. */
const withoutEffect: Readonly<Partial<Record<SettingName, string>>> = {
  sloppySctp: "an association begins with INIT",
  cacheBypass: "a packet that nobody takes is not sent on to where it was going",
  scheduleIcmp: "an ICMP error about no known connection is the host's",
  pathMtuDiscovery: "a packet that does not fit into a tunnel cannot be cut in pieces",
};

const flagOf = {
  expireNodestConnections: settingFlags.expireNodest,
  expireQuiescentTemplates: settingFlags.expireQuiescent,
  sloppyTcp: settingFlags.sloppyTcp,
  sloppySctp: settingFlags.sloppySctp,
  cacheBypass: settingFlags.cacheBypass,
  natIcmpSend: settingFlags.natIcmp,
  scheduleIcmp: settingFlags.scheduleIcmp,
  pathMtuDiscovery: settingFlags.pathMtu,
  backupOnly: settingFlags.backupOnly,
  syncPersistMode: settingFlags.syncPersist,
} as const satisfies Partial<Record<SettingName, number>>;

const daemonFlags = settingFlags.copying | settingFlags.receiving;

/** As the program keeps them; `daemons` are the bits of sync daemons that run. */
export function recordOfSettings(
  settings: BalancerSettings,
  unitS: number,
  daemons: number,
): SettingsRecord {
  let flags = daemons & daemonFlags;
  for (const [name, flag] of Object.entries(flagOf))
    if (settings[name as keyof typeof flagOf]) flags |= flag;
  const timeoutsS = tcpTimeoutsS.with(establishedState, settings.tcpEstablishedTimeoutS);
  return {
    flags,
    reuse: settings.connectionReuseMode,
    tcpTimeouts: timeoutsS
      .with(finWaitState, settings.tcpFinTimeoutS)
      .map((seconds) => unitsOf(seconds, unitS)),
    udpTimeout: unitsOf(settings.udpTimeoutS, unitS),
    lblcExpiration: unitsOf(settings.lblcExpirationS, unitS),
    lblcrExpiration: unitsOf(settings.lblcrExpirationS, unitS),
    syncThreshold: settings.syncThreshold,
    syncPeriod: settings.syncPeriod,
    syncRefresh:
      settings.syncRefreshPeriodS === 0 ? 0 : unitsOf(settings.syncRefreshPeriodS, unitS),
    syncRetries: settings.syncRetries,
  };
}

/** A unit is at most half a second, so whole seconds come back as they were. */
export function settingsOfRecord(record: SettingsRecord, unitS: number): BalancerSettings {
  const seconds = (units: number): number => Math.round(units * unitS);
  const flags = Object.fromEntries(
    Object.entries(flagOf).map(([name, flag]) => [name, (record.flags & flag) !== 0]),
  ) as Record<keyof typeof flagOf, boolean>;
  return {
    ...flags,
    tcpEstablishedTimeoutS: seconds(record.tcpTimeouts[establishedState] ?? 0),
    tcpFinTimeoutS: seconds(record.tcpTimeouts[finWaitState] ?? 0),
    udpTimeoutS: seconds(record.udpTimeout),
    connectionReuseMode: record.reuse,
    lblcExpirationS: seconds(record.lblcExpiration),
    lblcrExpirationS: seconds(record.lblcrExpiration),
    syncThreshold: record.syncThreshold,
    syncPeriod: record.syncPeriod,
    syncRefreshPeriodS: seconds(record.syncRefresh),
    syncRetries: record.syncRetries,
  };
}

/** The first contents of the map. */
export function defaultSettingsRecord(unitS: number): Uint8Array {
  return encodeSettings(recordOfSettings(defaultBalancerSettings, unitS, 0));
}

/** What is wrong with settings whoever acts on them; the kernel's ranges. */
function outOfRange(settings: BalancerSettings): string | undefined {
  const whole = Object.entries(settings).find(
    ([, value]) => typeof value === "number" && (!Number.isInteger(value) || value < 0),
  );
  if (whole !== undefined) return `${whole[0]} must be a whole number from 0`;
  const { tcpEstablishedTimeoutS, tcpFinTimeoutS, udpTimeoutS } = settings;
  const longestS = 0x7fffffff / 1000;
  for (const seconds of [tcpEstablishedTimeoutS, tcpFinTimeoutS, udpTimeoutS])
    if (seconds < 1 || seconds > longestS) return `a timeout of ${seconds} s is not possible`;
  if (settings.connectionReuseMode > 3) return "connectionReuseMode is 0 to 3";
  if (settings.syncRetries > 3) return "syncRetries is 0 to 3";
  if (settings.syncPeriod !== 0 && settings.syncThreshold >= settings.syncPeriod)
    return "syncThreshold must be less than syncPeriod";
  return undefined;
}

/** The settings of one data plane, read from it and written to it. */
export class SettingsKeeper {
  readonly #map: MapHandle;
  readonly #unitS: number;

  constructor(map: MapHandle, unitS: number) {
    this.#map = map;
    this.#unitS = unitS;
  }

  read(): Result<BalancerSettings, EngineFault> {
    const record = this.#record();
    return record.ok ? ok(settingsOfRecord(record.value, this.#unitS)) : record;
  }

  /** Changes what is given; `not-supported` for what cannot act or is out of range, and then nothing. */
  change(changes: Partial<BalancerSettings>): Result<void, EngineFault> {
    const record = this.#record();
    if (!record.ok) return record;
    const before = settingsOfRecord(record.value, this.#unitS);
    const after: BalancerSettings = { ...before, ...changes };
    for (const [name, reason] of Object.entries(withoutEffect) as [SettingName, string][])
      if (after[name] !== before[name])
        return fail({ kind: "not-supported", text: `${name} in the xdp engine: ${reason}` });
    const wrong = outOfRange(after);
    if (wrong !== undefined) return fail({ kind: "not-supported", text: wrong });
    return this.#write(recordOfSettings(after, this.#unitS, record.value.flags));
  }

  /** Tells the program which sync daemons run. */
  setDaemons(copying: boolean, receiving: boolean): Result<void, EngineFault> {
    const record = this.#record();
    if (!record.ok) return record;
    const flags =
      (record.value.flags & ~daemonFlags) |
      (copying ? settingFlags.copying : 0) |
      (receiving ? settingFlags.receiving : 0);
    if (flags === record.value.flags) return ok(undefined);
    return this.#write({ ...record.value, flags });
  }

  #record(): Result<SettingsRecord, EngineFault> {
    const bytes = this.#map.lookup(encodeIndex(0));
    if (bytes === undefined)
      return fail({ kind: "syscall-failed", text: "the settings cannot be read" });
    return ok(decodeSettings(bytes));
  }

  #write(record: SettingsRecord): Result<void, EngineFault> {
    const returned = this.#map.update(encodeIndex(0), encodeSettings(record));
    if (returned >= 0) return ok(undefined);
    return fail({ kind: "syscall-failed", text: `writing settings: ${errnoName(-returned)}` });
  }
}
