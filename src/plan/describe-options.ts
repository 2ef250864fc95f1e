// Changes of an instance's options as lines of text, in the words of keepalived.conf. Keys of auth_hmac
// are not told.

import type { VrrpOptions } from "../model/vrrp-options.ts";

const keywords: Readonly<Record<keyof VrrpOptions, string>> = {
  strict: "strict_mode",
  downTimerAdverts: "down_timer_adverts",
  lowerPriorityNoAdvert: "lower_prio_no_advert",
  higherPrioritySendAdvert: "higher_prio_send_advert",
  ownerIgnoresAdverts: "owner_ignore_adverts",
  skipCheckOfAddresses: "skip_check_adv_addr",
  checksumAsVersion2: "v3_checksum_as_v2",
  garpLowerPriorityDelayMs: "garp_lower_prio_delay",
  garpLowerPriorityRepeat: "garp_lower_prio_repeat",
  garpExtraInterfaces: "garp_extra_if",
  notifyPriorityChanges: "notify_priority_changes",
  lease: "vip_lease",
  virtualMacPrefix: "vmac_prefix",
  virtualMacAddressPrefix: "vmac_addr_prefix",
  secondFamily: "addresses of the other family",
  halfOf: "the instance of the other family",
  syncGroup: "vrrp_sync_group",
  unicast: "unicast_peer",
  virtualMac: "use_vmac",
  ipvlan: "use_ipvlan",
  hmac: "auth_hmac",
  accept: "accept",
  vrf: "vrf",
  trackOwnInterface: "dont_track_primary",
  trackSourceAddress: "track_src_ip",
  promoteSecondaries: "promote_secondaries",
  receiveBufferBytes: "kernel_rx_buf_size",
  timerExpiredBackup: "timer_expired_backup",
  syncDaemonInterface: "lvs_sync_daemon_interface",
  routes: "virtual_routes",
  rules: "virtual_rules",
  trackedFiles: "track_file",
  trackedProcesses: "track_process",
  trackedBfdSessions: "track_bfd",
  witnesses: "witness",
  notify: "notify programs",
  mail: "smtp_alert",
};

/** One line for each option that differs: its values where they are short, else that it has changed. */
export function describeOptions(
  before: VrrpOptions = {},
  after: VrrpOptions = {},
): readonly string[] {
  const keys = Object.keys({ ...before, ...after }) as (keyof VrrpOptions)[];
  return keys
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => {
      const [old, fresh] = [shortText(before[key]), shortText(after[key])];
      const keyword = keywords[key] ?? key;
      if (old === undefined || fresh === undefined) return `${keyword}: changed`;
      return `${keyword} ${old} -> ${fresh}`;
    });
}

function shortText(value: unknown): string | undefined {
  if (value === undefined) return "not said";
  if (typeof value === "boolean") return value ? "on" : "off";
  return typeof value === "object" ? undefined : String(value);
}
