// What a vrrp_instance says beyond the plain virtual router, and what global_defs says for all of them.

import type {
  ExtraInterfaceGarp,
  HmacSettings,
  LeaseSetting,
  UnicastPeer,
  UnicastSettings,
  VirtualMac,
  VrrpDefaults,
  VrrpOptions,
} from "../../../model/vrrp-options.ts";
import { type Section, settingOf, settingsOf } from "../section.ts";
import { notifyProgramsOf } from "./programs.ts";
import { lowerRoutes, lowerRules } from "./routing-lines.ts";
import {
  addressOf,
  asAddress,
  asNumber,
  asText,
  flagOf,
  given,
  numberOf,
  textOf,
} from "./setting-values.ts";
import { trackedObjects } from "./tracking.ts";
import { entriesOf } from "./vrrp-instance.ts";
import { witnessNeedOf } from "./witness.ts";

/** The options of an instance; undefined when it has none. */
export function vrrpOptionsOf(
  section: Section,
  syncGroup: string | undefined,
): VrrpOptions | undefined {
  const options: VrrpOptions = {
    ...vrrpDefaultsOf(section, "", "strict_mode"),
    ...given({
      syncGroup,
      unicast: unicastOf(section),
      virtualMac: virtualMacOf(section),
      ipvlan: settingOf(section, "use_ipvlan")
        ?.line.words.slice(1)
        .map(({ text }) => text),
      hmac: hmacOf(section),
      accept: acceptOf(section),
      vrf: textOf(section, "vrf"),
      trackOwnInterface: offWhen(section, "dont_track_primary"),
      trackSourceAddress: flagOf(section, "track_src_ip"),
      promoteSecondaries: flagOf(section, "promote_secondaries"),
      receiveBufferBytes: numberOf(section, "kernel_rx_buf_size"),
      timerExpiredBackup: timerOf(section),
      syncDaemonInterface: textOf(section, "lvs_sync_daemon_interface"),
      routes: some(lowerRoutes(entriesOf(section, "virtual_routes"))),
      rules: some(lowerRules(entriesOf(section, "virtual_rules"))),
      trackedFiles: some(trackedObjects(section, "track_file")),
      trackedProcesses: some(trackedObjects(section, "track_process")),
      trackedBfdSessions: some(trackedObjects(section, "track_bfd")),
      witnesses: witnessNeedOf(section),
      notify: filled(notifyProgramsOf(section)),
      mail: flagOf(section, "smtp_alert"),
    }),
  };
  return filled(options);
}

/** What an instance or, with `vrrp_` before the keywords, global_defs says for elections and announcements. */
export function vrrpDefaultsOf(
  section: Section,
  prefix: "" | "vrrp_",
  strict: "strict_mode" | "vrrp_strict",
): VrrpDefaults {
  return given({
    strict: flagOf(section, strict),
    downTimerAdverts: numberOf(section, `${prefix}down_timer_adverts`),
    lowerPriorityNoAdvert: flagOf(section, `${prefix}lower_prio_no_advert`),
    higherPrioritySendAdvert: flagOf(section, `${prefix}higher_prio_send_advert`),
    ownerIgnoresAdverts: flagOf(section, `${prefix}owner_ignore_adverts`),
    skipCheckOfAddresses: flagOf(section, `${prefix}skip_check_adv_addr`),
    checksumAsVersion2: flagOf(section, "v3_checksum_as_v2"),
    garpLowerPriorityDelayMs: numberOf(section, `${prefix}garp_lower_prio_delay`),
    garpLowerPriorityRepeat: numberOf(section, `${prefix}garp_lower_prio_repeat`),
    garpExtraInterfaces: extraGarpOf(section, `${prefix}garp_extra_if`),
    notifyPriorityChanges: flagOf(section, `${prefix}notify_priority_changes`),
    lease: leaseOf(section),
    virtualMacPrefix: textOf(section, "vmac_prefix"),
    virtualMacAddressPrefix: textOf(section, "vmac_addr_prefix"),
  });
}

function leaseOf(section: Section): LeaseSetting | undefined {
  const text = textOf(section, "vip_lease");
  return text === "yes" || text === "no" || text === "auto" ? text : undefined;
}

function extraGarpOf(section: Section, keyword: string): ExtraInterfaceGarp | undefined {
  const setting = settingOf(section, keyword);
  const seconds = asNumber(setting?.values[1]);
  if (setting === undefined || seconds === undefined) return undefined;
  return { all: setting.values[0] === "all", everyMs: seconds * 1000 };
}

function unicastOf(section: Section): UnicastSettings | undefined {
  const blocks = settingsOf(section, "unicast_peer");
  const source = addressOf(section, "unicast_src_ip");
  if (blocks.length === 0 && source === undefined) return undefined;
  const old = settingOf(section, "old_unicast_checksum");
  return {
    ...given({ source }),
    peers: peersOf(section),
    ttl: numberOf(section, "unicast_ttl") ?? 255,
    checkSource: flagOf(section, "check_unicast_src") ?? true,
    faultWithoutPeers: flagOf(section, "unicast_fault_no_peer") ?? false,
    ...(old === undefined ? {} : { oldChecksum: old.values[0] === "never" ? "never" : "yes" }),
  };
}

function peersOf(section: Section): readonly UnicastPeer[] {
  return entriesOf(section, "unicast_peer").flatMap(({ leading, options }) => {
    const address = asAddress(leading[0]);
    if (address === undefined) return [];
    const ttl = (name: string): number | undefined =>
      asNumber(options.find((option) => option.name === name)?.values[0]);
    return [{ address, ...given({ ttlMin: ttl("min_ttl"), ttlMax: ttl("max_ttl") }) }];
  });
}

/** `use_vmac` [NAME] [MAC], in any order, and `name NAME`. */
function virtualMacOf(section: Section): VirtualMac | undefined {
  const setting = settingOf(section, "use_vmac");
  if (setting === undefined) return undefined;
  const words = setting.values.filter((value) => typeof value === "string");
  const named = asText(setting.options?.find(({ name }) => name === "name")?.values[0]);
  return {
    ...given({
      interface: named ?? words.find((word) => !word.includes(":")),
      mac: words.find((word) => word.includes(":")),
    }),
    ofAddresses: flagOf(section, "use_vmac_addr") ?? false,
    transmitFromBase: flagOf(section, "vmac_xmit_base") ?? false,
  };
}

function hmacOf(section: Section): HmacSettings | undefined {
  const block = settingOf(section, "auth_hmac")?.section;
  if (block === undefined) return undefined;
  const mode = textOf(block, "mode");
  return {
    keys: settingsOf(block, "key").flatMap(({ values }) => {
      const id = asNumber(values[0]);
      const key = asText(values[1]);
      return id === undefined || key === undefined ? [] : [{ id, key }];
    }),
    ...given({
      activeKey: numberOf(block, "active_key"),
      timeWindowMs: seconds(numberOf(block, "time_window")),
    }),
    antiReplay: textOf(block, "anti_replay") === "monotonic" ? "monotonic" : "time",
    mode: mode === "permissive" || mode === "receive-only" ? mode : "enforce",
  };
}

function seconds(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1000;
}

/** The last of `accept` and `no_accept` counts. */
function acceptOf(section: Section): boolean | undefined {
  const last = section.settings.findLast(
    ({ spec }) => spec.name === "accept" || spec.name === "no_accept",
  );
  return last === undefined ? undefined : last.spec.name === "accept";
}

function offWhen(section: Section, keyword: string): boolean | undefined {
  return settingOf(section, keyword) === undefined ? undefined : false;
}

/** 254 where no number is written. */
function timerOf(section: Section): number | undefined {
  const setting = settingOf(section, "timer_expired_backup");
  return setting === undefined ? undefined : (asNumber(setting.values[0]) ?? 254);
}

function some<Value>(values: readonly Value[]): readonly Value[] | undefined {
  return values.length === 0 ? undefined : values;
}

function filled<Value extends object>(value: Value): Value | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
