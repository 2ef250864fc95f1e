// global_defs: what is said of the whole balancer, as its settings.

import type { BalancerSettings } from "../../../model/balancer-settings.ts";
import { type Section, settingOf } from "../section.ts";
import { asNumber, flagOf, given, numberOf } from "./setting-values.ts";

/** What is said; undefined when nothing is. */
export function balancerSettingsOf(defs: Section): Partial<BalancerSettings> | undefined {
  const settings = given({
    ...timeoutsOf(defs),
    expireNodestConnections: flagOf(defs, "lvs_expire_nodest_conn"),
    expireQuiescentTemplates: flagOf(defs, "lvs_expire_quiescent_template"),
    connectionReuseMode: numberOf(defs, "lvs_conn_reuse_mode"),
    sloppyTcp: flagOf(defs, "lvs_sloppy_tcp"),
    sloppySctp: flagOf(defs, "lvs_sloppy_sctp"),
    cacheBypass: flagOf(defs, "lvs_cache_bypass"),
    natIcmpSend: flagOf(defs, "lvs_nat_icmp_send"),
    scheduleIcmp: flagOf(defs, "lvs_schedule_icmp"),
    pathMtuDiscovery: flagOf(defs, "lvs_pmtu_disc"),
    backupOnly: flagOf(defs, "lvs_backup_only"),
    lblcExpirationS: numberOf(defs, "lvs_lblc_expiration"),
    lblcrExpirationS: numberOf(defs, "lvs_lblcr_expiration"),
    ...thresholdOf(defs),
    syncRefreshPeriodS: numberOf(defs, "lvs_sync_refresh_period"),
    syncRetries: numberOf(defs, "lvs_sync_retries"),
    syncPersistMode: flagOf(defs, "lvs_sync_persist_mode"),
  });
  return Object.keys(settings).length === 0 ? undefined : settings;
}

/** 0 leaves a timeout as it is, as with `ipvsadm --set`. */
function timeoutsOf(defs: Section): Partial<BalancerSettings> {
  const options = settingOf(defs, "lvs_timeouts")?.options ?? [];
  const secondsOf = (name: string): number | undefined => {
    const ms = asNumber(options.find((option) => option.name === name)?.values[0]);
    return ms === undefined || ms === 0 ? undefined : Math.max(1, Math.round(ms / 1000));
  };
  return given({
    tcpEstablishedTimeoutS: secondsOf("tcp"),
    tcpFinTimeoutS: secondsOf("tcpfin"),
    udpTimeoutS: secondsOf("udp"),
  });
}

/** Both or none: the kernel refuses a packet that is not below its period. */
function thresholdOf(defs: Section): Partial<BalancerSettings> {
  const values = settingOf(defs, "lvs_sync_threshold")?.values;
  const [packet, period] = [asNumber(values?.[0]), asNumber(values?.[1])];
  if (packet === undefined || period === undefined) return {};
  if (period !== 0 && packet >= period) return {};
  return { syncThreshold: packet, syncPeriod: period };
}
