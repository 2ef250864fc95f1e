// What is to be set for the whole balancer, and how that is said.

import { type BalancerSettings, defaultBalancerSettings } from "../model/balancer-settings.ts";

type SettingName = keyof BalancerSettings;

/** The words of keepalived.conf. */
export const settingKeywords: Readonly<Record<SettingName, string>> = {
  tcpEstablishedTimeoutS: "lvs_timeouts tcp",
  tcpFinTimeoutS: "lvs_timeouts tcpfin",
  udpTimeoutS: "lvs_timeouts udp",
  expireNodestConnections: "lvs_expire_nodest_conn",
  expireQuiescentTemplates: "lvs_expire_quiescent_template",
  connectionReuseMode: "lvs_conn_reuse_mode",
  sloppyTcp: "lvs_sloppy_tcp",
  sloppySctp: "lvs_sloppy_sctp",
  cacheBypass: "lvs_cache_bypass",
  natIcmpSend: "lvs_nat_icmp_send",
  scheduleIcmp: "lvs_schedule_icmp",
  pathMtuDiscovery: "lvs_pmtu_disc",
  backupOnly: "lvs_backup_only",
  lblcExpirationS: "lvs_lblc_expiration",
  lblcrExpirationS: "lvs_lblcr_expiration",
  syncThreshold: "lvs_sync_threshold",
  syncPeriod: "lvs_sync_threshold",
  syncRefreshPeriodS: "lvs_sync_refresh_period",
  syncRetries: "lvs_sync_retries",
  syncPersistMode: "lvs_sync_persist_mode",
};

const settingNames = Object.keys(defaultBalancerSettings) as readonly SettingName[];

/** The settings of `wished` that `found` has otherwise. */
export function differingSettings(
  wished: Partial<BalancerSettings>,
  found: Partial<BalancerSettings>,
): Partial<BalancerSettings> {
  const names = settingNames.filter(
    (name) => wished[name] !== undefined && wished[name] !== found[name],
  );
  return pickSettings(wished, names);
}

/** Only the settings with these names, as far as they are there. */
export function pickSettings(
  settings: Partial<BalancerSettings>,
  names: readonly SettingName[],
): Partial<BalancerSettings> {
  return Object.fromEntries(
    names.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]])),
  );
}

/** `lvs_timeouts tcp 60` or `lvs_sync_threshold 3 50`, one text each, in the order of the model. */
export function describeSettings(settings: Partial<BalancerSettings>): readonly string[] {
  const texts = new Map<string, string>();
  for (const name of settingNames) {
    const value = settings[name];
    if (value === undefined) continue;
    const keyword = settingKeywords[name];
    const text = typeof value === "boolean" ? (value ? "on" : "off") : String(value);
    texts.set(keyword, `${texts.get(keyword) ?? keyword} ${text}`);
  }
  return [...texts.values()];
}
