// Some keywords have rules of their own for what a generic one says of all others: a VRID out of range is V01, not S17.

/** By block and keyword: the generic rules and the ones that speak in their stead. */
const own: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "vrrp_instance virtual_router_id": { S17: "V01", S23: "V01" },
  "virtual_server lb_algo": { S16: "L03" },
  "virtual_server lvs_sched": { S16: "L03" },
  "virtual_server persistence_granularity": { S28: "L24" },
  "virtual_server/real_server weight": { S17: "L11" },
  "virtual_server weight": { S17: "L11" },
  "virtual_server/real_server/HTTP_GET/url digest": { S28: "L16" },
  "virtual_server/real_server/SSL_GET/url digest": { S28: "L16" },
  "vrrp_script raise": { S01: "X12" },
  "vrrp_instance virtual_ipaddress": { S24: "V28" },
  "vrrp_instance virtual_ipaddress_excluded": { S24: "V28" },
};

/** The rule that speaks about a keyword of a block where the generic rule would be `code`. */
export function ruleOfKeyword(path: string, keyword: string, code: string): string {
  return own[`${path} ${keyword}`]?.[code] ?? code;
}

/** True for a rule that only warns: the file works, though not as it is written. */
export function isMild(rule: string): boolean {
  return rule === "L16";
}
