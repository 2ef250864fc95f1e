// global_defs: what the kernel's IPVS has as sysctls below net.ipv4.vs, under the same names behind `lvs_`.

import { keyword, single, toggle } from "./entries.ts";
import type { KeywordSpec } from "./keyword-spec.ts";
import { argument, integer } from "./kinds.ts";

const off = { default: "off", ours: true } as const;

/** A month, as for the timeouts. */
const longestS = 2_678_400;

const lifetime = (name: string, scheduler: string): KeywordSpec =>
  single(
    name,
    `How long \`${scheduler}\` remembers the server of an address without packets.`,
    "SECONDS",
    integer(1, longestS, "86400 counts", "seconds"),
    { default: "86400", ours: true },
  );

/** Settings of the data plane that are no keywords of keepalived. */
export const lvsSettingKeywords: readonly KeywordSpec[] = [
  toggle(
    "lvs_expire_nodest_conn",
    "Starts a connection anew when its server has been taken out, instead of dropping its packets.",
    off,
  ),
  toggle(
    "lvs_expire_quiescent_template",
    "Lets clients go whose server has the weight 0, though they are remembered.",
    off,
  ),
  single(
    "lvs_conn_reuse_mode",
    "Which old connection a SYN replaces: 0 none, 1 one that has ended, 3 one that is ending too.",
    "BITS",
    integer(0, 3, "1 counts"),
    { default: "1", ours: true },
  ),
  toggle("lvs_sloppy_tcp", "Lets any TCP segment but RST begin a connection.", off),
  toggle("lvs_sloppy_sctp", "Lets any chunk begin an SCTP association.", off),
  toggle(
    "lvs_cache_bypass",
    "Sends packets of a mark that has no server on to where they were going.",
    off,
  ),
  toggle(
    "lvs_nat_icmp_send",
    "Answers unknown packets of a NAT server by ICMP port unreachable.",
    off,
  ),
  toggle(
    "lvs_schedule_icmp",
    "Chooses a server also for ICMP errors about connections that nobody knows.",
    off,
  ),
  toggle(
    "lvs_pmtu_disc",
    "Tells clients what fits into tunnels; off, packets that are too large are cut.",
    { default: "on", ours: true },
  ),
  toggle(
    "lvs_backup_only",
    "Balances nothing while this director receives the connections of another one.",
    off,
  ),
  lifetime("lvs_lblc_expiration", "lblc"),
  lifetime("lvs_lblcr_expiration", "lblcr"),
  keyword(
    "lvs_sync_threshold",
    "The packet of a connection with which it is copied to the other director, and after how many it is again.",
    [
      argument("PACKET", integer(0, 2_147_483_646, "3 50 counts")),
      argument("PERIOD", integer(0, 2_147_483_647, "3 50 counts")),
    ],
    { unset: "3 and 50", ours: true, check: checkThreshold },
  ),
  single(
    "lvs_sync_refresh_period",
    "After how long a connection is copied again though nothing has changed; 0: by packets.",
    "SECONDS",
    integer(0, longestS, "0 counts", "seconds"),
    { default: "0", ours: true },
  ),
  single(
    "lvs_sync_retries",
    "How often a copy is sent again within an eighth of the refresh period.",
    "COUNT",
    integer(0, 3, "0 counts"),
    { default: "0", ours: true },
  ),
  toggle(
    "lvs_sync_persist_mode",
    "Copies what is remembered of clients, and not each of their connections.",
    off,
  ),
];

function checkThreshold(words: readonly string[]): string | undefined {
  const [packet, period] = words.slice(1).map(Number);
  if (packet === undefined || period === undefined || period === 0 || packet < period)
    return undefined;
  return "the packet is below the period, as the kernel has it";
}
