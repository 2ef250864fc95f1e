// The dump of counters, as keepalived writes it on SIGUSR2.

import type { InstanceCounters } from "./counters.ts";

/** `keepalived.stats`: one block an instance. */
export function renderKeepalivedStatistics(
  instances: readonly { readonly name: string; readonly counters: InstanceCounters }[],
): string {
  return instances.map(({ name, counters }) => renderInstance(name, counters)).join("");
}

function renderInstance(name: string, counters: InstanceCounters): string {
  return `VRRP Instance: ${name}
  Advertisements:
    Received: ${counters.advert_rcvd}
    Sent: ${counters.advert_sent}
  Became master: ${counters.become_master}
  Released master: ${counters.release_master}
  Packet Errors:
    Length: ${counters.packet_len_err}
    TTL: ${counters.ip_ttl_err}
    Invalid Type: ${counters.invalid_type_rcvd}
    Advertisement Interval: ${counters.advert_interval_err}
    Address List: ${counters.addr_list_err}
  Authentication Errors:
    Invalid Type: ${counters.invalid_authtype}
    Type Mismatch: ${counters.authtype_mismatch}
    Failure: ${counters.auth_failure}
  Priority Zero:
    Received: ${counters.pri_zero_rcvd}
    Sent: ${counters.pri_zero_sent}
`;
}
