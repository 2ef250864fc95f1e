// Where a block takes a value from that it does not name itself: the blocks around it, or global_defs.

import { keywordOf, type Section, type Setting } from "./section.ts";

/** A block and what is around it; outermost stands global_defs, which is around everything. */
export interface Surrounding {
  readonly section: Section;
  readonly around?: Surrounding;
}

/** Keywords that checks and real servers take from the blocks around them, under the names that those use. */
const fromServers: Readonly<Record<string, readonly string[]>> = {
  delay_loop: ["delay_loop"],
  connect_timeout: ["connect_timeout"],
  retry: ["retry"],
  delay_before_retry: ["delay_before_retry"],
  warmup: ["warmup"],
  virtualhost: ["virtualhost"],
  alpha: ["alpha"],
  weight: ["weight"],
  inhibit_on_failure: ["inhibit_on_failure"],
  lvs_method: ["lb_kind"],
  tls_compliant: ["tls_compliant"],
};

/** Keywords of checks that mean something else than those of the same name around them. */
const ownOfChecks: ReadonlySet<string> = new Set(["weight"]);

const alertsOfServers = ["smtp_alert_checker", "smtp_alert"];
const alertsOfInstances = ["smtp_alert_vrrp", "smtp_alert"];

/** Keywords that instances and sync groups take from global_defs, beside those with `vrrp_` in front of them. */
const fromGlobal: Readonly<Record<string, readonly string[]>> = {
  smtp_alert: alertsOfInstances,
  strict_mode: ["vrrp_strict"],
  v3_checksum_as_v2: ["v3_checksum_as_v2"],
  user: ["script_user"],
};

/** The setting that counts for a keyword of a block which does not name it, and the keyword of the block that does. */
export function inheritedFrom(
  section: Section,
  keyword: string,
  around: Surrounding | undefined,
  isUsable: (setting: Setting) => boolean,
): { readonly setting: Setting; readonly from: string } | undefined {
  for (let next = around; next !== undefined; next = next.around) {
    const names = namesIn(next.section.spec.path, section, keyword);
    for (const name of names) {
      const setting = next.section.settings.findLast(
        (candidate) => keywordOf(candidate) === name && isUsable(candidate),
      );
      if (setting !== undefined) return { setting, from: lastPart(next.section.spec.path) };
    }
  }
  return undefined;
}

/** Under which keywords the block at `outer` says what `keyword` says in a block. */
function namesIn(outer: string, section: Section, keyword: string): readonly string[] {
  const { path } = section.spec;
  const inServer = path.startsWith("virtual_server");
  if (outer === "global_defs") return inServer ? ofServers(keyword) : ofInstances(section, keyword);
  if (!inServer) return [];
  const isCheck = path.startsWith("virtual_server/real_server/");
  if (isCheck && ownOfChecks.has(keyword)) return [];
  return fromServers[keyword] ?? [];
}

function ofServers(keyword: string): readonly string[] {
  if (keyword === "smtp_alert") return alertsOfServers;
  if (keyword === "log_all_failures") return ["checker_log_all_failures"];
  return keyword === "user" ? ["script_user"] : [];
}

function ofInstances(section: Section, keyword: string): readonly string[] {
  const { path } = section.spec;
  if (path === "vrrp_script") return keyword === "user" ? ["script_user"] : [];
  if (path !== "vrrp_instance" && path !== "vrrp_sync_group") return [];
  // That is the nice value of the process.
  if (keyword === "priority") return [];
  if (keyword === "mcast_dst_ip") return [`vrrp_mcast_group${familyOf(section)}`];
  return fromGlobal[keyword] ?? [`vrrp_${keyword}`];
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The family of an instance: that of its first address. */
function familyOf(section: Section): 4 | 6 {
  const addresses = section.settings.find(
    (setting) => keywordOf(setting) === "virtual_ipaddress",
  )?.entries;
  return String(addresses?.[0]?.leading[0] ?? "").includes(":") ? 6 : 4;
}
