// Questions to the table of all keywords.

import { knownKeywords } from "./known-keywords.ts";

/** What follows a keyword. */
export type KeywordForm = "none" | "needs-argument" | "optional-argument" | "block" | "value-block";

/** A keyword of keepalived. */
export interface KnownKeyword {
  readonly name: string;
  readonly form: KeywordForm;
}

/** Deprecated keywords and what to do about them. */
export const deprecatedKeywords: Readonly<Record<string, string>> = {
  lvs_process_name: "write `checker_process_name`",
  lvs_flush_onstop: "write `lvs_flush_on_stop`",
  vrrp_vmac_garp_intvl: "write `vrrp_garp_extra_if`",
  vmac_garp_intvl: "write `garp_extra_if`",
  vrrp_rlimit_rtime: "write `vrrp_rlimit_rttime`",
  checker_rlimit_rtime: "write `checker_rlimit_rttime`",
  bfd_rlimit_rtime: "write `bfd_rlimit_rttime`",
  enable_snmp_keepalived: "write `enable_snmp_vrrp`",
  vrrp_track_file: "write `track_file`",
  global_tracking: "write `sync_group_tracking_weight`",
  native_ipv6: "remove it",
  lvs_sync_daemon_interface: "write `lvs_sync_daemon` in global_defs",
  nb_get_retry: "write `retry`",
};

/** Keywords that Keelson adds, by the path of their block. */
const ownKeywords: Readonly<Record<string, string>> = {
  global_defs: "lb_engine= lb_attach= lb_interfaces= lb_connections=",
};

const tables = new Map<string, ReadonlyMap<string, KnownKeyword>>();
for (const [path, words] of Object.entries(knownKeywords))
  tables.set(path, readTable(`${words} ${ownKeywords[path] ?? ""}`));

function readTable(words: string): ReadonlyMap<string, KnownKeyword> {
  const table = new Map<string, KnownKeyword>();
  for (const word of words.trim().split(/\s+/)) {
    const name = word.replace(/[=?{[]+$/, "");
    table.set(name, { name, form: formOf(word.slice(name.length)) });
  }
  return table;
}

function formOf(sign: string): KeywordForm {
  if (sign.endsWith("{")) return "block";
  if (sign.endsWith("[")) return "value-block";
  if (sign === "=") return "needs-argument";
  return sign === "?" ? "optional-argument" : "none";
}

/** The keywords of a block by name; undefined when there is no such block. */
export function keywordsOf(path: string): ReadonlyMap<string, KnownKeyword> | undefined {
  return tables.get(path);
}

/** Paths of the blocks in which a keyword belongs, at most three. */
export function blocksThatHave(name: string): readonly string[] {
  const paths: string[] = [];
  for (const [path, table] of tables) if (table.has(name)) paths.push(path);
  return paths.slice(0, 3);
}

/** True for a keyword that keepalived has, too. */
export function isKeepalived(name: string): boolean {
  return blocksThatHave(name).length > 0 && !ownKeywords["global_defs"]?.includes(`${name}=`);
}
