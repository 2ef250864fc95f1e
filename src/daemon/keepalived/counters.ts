// Counters of instances under keepalived's names.

import type { VrrpCounters, VrrpInstanceStatus } from "../../model/status.ts";

/** The counters of one instance, as the dump in JSON names them. */
export interface InstanceCounters {
  readonly advert_rcvd: number;
  readonly advert_sent: number;
  readonly become_master: number;
  readonly release_master: number;
  readonly packet_len_err: number;
  readonly advert_interval_err: number;
  readonly ip_ttl_err: number;
  readonly invalid_type_rcvd: number;
  readonly addr_list_err: number;
  readonly invalid_authtype: number;
  readonly authtype_mismatch: number;
  readonly auth_failure: number;
  readonly pri_zero_rcvd: number;
  readonly pri_zero_sent: number;
}

type CounterName = keyof InstanceCounters;

/** Which of keepalived's counters a rejected packet belongs to; what is not named it does not count. */
const kinds: Readonly<Record<string, CounterName>> = {
  "ttl-wrong": "ip_ttl_err",
  truncated: "packet_len_err",
  "length-wrong": "packet_len_err",
  "ip-header-wrong": "packet_len_err",
  "type-wrong": "invalid_type_rcvd",
  "interval-zero": "advert_interval_err",
  "interval-mismatch": "advert_interval_err",
  "address-count-zero": "addr_list_err",
  "address-list-mismatch": "addr_list_err",
  "auth-type-wrong": "authtype_mismatch",
};

function counterOf(kind: string): CounterName | undefined {
  return kinds[kind] ?? (/^(auth|hmac|ah)-/.test(kind) ? "auth_failure" : undefined);
}

/** The counters of an instance since its process started. */
export function countersOf({ counters, state }: VrrpInstanceStatus): InstanceCounters {
  const errors = errorsOf(counters);
  const of = (name: CounterName): number => errors.get(name) ?? 0;
  return {
    advert_rcvd: counters.advertsReceived,
    advert_sent: counters.advertsSent,
    become_master: counters.becameMaster,
    // Each time but a lasting one has ended.
    release_master: Math.max(0, counters.becameMaster - (state === "MASTER" ? 1 : 0)),
    packet_len_err: of("packet_len_err"),
    advert_interval_err: of("advert_interval_err"),
    ip_ttl_err: of("ip_ttl_err"),
    invalid_type_rcvd: of("invalid_type_rcvd"),
    addr_list_err: of("addr_list_err"),
    invalid_authtype: of("invalid_authtype"),
    authtype_mismatch: of("authtype_mismatch"),
    auth_failure: of("auth_failure"),
    pri_zero_rcvd: counters.priorityZeroReceived,
    pri_zero_sent: counters.priorityZeroSent,
  };
}

function errorsOf({ rejected }: VrrpCounters): ReadonlyMap<CounterName, number> {
  const errors = new Map<CounterName, number>();
  for (const [kind, count] of Object.entries(rejected)) {
    const name = counterOf(kind);
    if (name !== undefined) errors.set(name, (errors.get(name) ?? 0) + count);
  }
  return errors;
}

/** Counters since somebody has cleared them. The VRRP process goes on counting; this remembers from where. */
export class ClearedCounters {
  readonly #bases = new Map<string, InstanceCounters>();

  /** What has been counted since the last `clear`. */
  of(status: VrrpInstanceStatus): InstanceCounters {
    const counters = countersOf(status);
    const base = this.#bases.get(status.name);
    if (base === undefined) return counters;
    // A VRRP process that was started anew counts from 0.
    if (names(counters).some((name) => counters[name] < base[name])) {
      this.#bases.delete(status.name);
      return counters;
    }
    const since = names(counters).map((name) => [name, counters[name] - base[name]] as const);
    return Object.fromEntries(since) as unknown as InstanceCounters;
  }

  clear(instances: readonly VrrpInstanceStatus[]): void {
    for (const status of instances) this.#bases.set(status.name, countersOf(status));
  }
}

function names(counters: InstanceCounters): readonly CounterName[] {
  return Object.keys(counters) as CounterName[];
}
