// Which lines of a virtual server its checks make use of.

import type { DirectiveName, Setting } from "./configuration.ts";
import type { ServiceName } from "./services.ts";
import type { VirtualWish } from "./wishes.ts";

const always: ReadonlySet<DirectiveName> = new Set<DirectiveName>([
  "real",
  "real6",
  "checktype",
  "service",
  "scheduler",
  "schedflags",
  "protocol",
  "persistent",
  "checktimeout",
  "negotiatetimeout",
  "checkinterval",
  "failurecount",
  "quiescent",
  "fallback",
  "fallback6",
  "fallbackcommand",
  "emailalert",
  "smtp",
  "servicename",
  "comment",
]);

const ofHttp: readonly DirectiveName[] = ["request", "receive", "virtualhost", "httpmethod"];
const ofSql: readonly DirectiveName[] = ["login", "passwd", "database", "request"];
const ofLogin: readonly DirectiveName[] = ["login", "passwd"];

/** What ldirectord's check of a service reads. */
const byService: Readonly<Record<ServiceName, readonly DirectiveName[]>> = {
  dns: ["request", "receive"],
  ftp: [...ofLogin, "request", "receive"],
  http: ofHttp,
  https: ofHttp,
  http_proxy: ofHttp,
  imap: ofLogin,
  imaps: ofLogin,
  ldap: [...ofLogin, "request", "receive"],
  ldaps: [...ofLogin, "request", "receive"],
  mysql: ofSql,
  nntp: [],
  none: [],
  oracle: ofSql,
  pgsql: ofSql,
  pop: ofLogin,
  pops: ofLogin,
  radius: [...ofLogin, "secret"],
  simpletcp: ["request", "receive"],
  sip: ["login"],
  smtp: [],
  submission: [],
};

const directivesOfChecks: ReadonlySet<DirectiveName> = new Set<DirectiveName>([
  ...Object.values(byService).flat(),
  "checkcommand",
  "checkport",
]);

/** True when ldirectord itself would do something with this line. */
export function hasEffect(setting: Setting, wish: VirtualWish): boolean {
  const { name } = setting;
  if (name === "netmask") return wish.section.settings.some((other) => other.name === "persistent");
  if (name === "ops") return setting.value === false || wish.protocol === "udp";
  if (name === "httpmethod" && setting.value === "GET") return true;
  if (!directivesOfChecks.has(name)) return true;
  const { kind } = wish.checkType;
  if (kind === "external" || kind === "external-perl") return name === "checkcommand";
  if (name === "checkcommand") return false;
  if (kind === "connect") return name === "checkport";
  if (kind === "negotiate" || kind === "combined")
    return wish.service === "none"
      ? false
      : name === "checkport" || byService[wish.service].includes(name);
  return false;
}

/** True when the translation says what this line says. */
export function isCarriedOver(setting: Setting, wish: VirtualWish): boolean {
  const { name } = setting;
  if (always.has(name)) return true;
  if (!hasEffect(setting, wish)) return false;
  if (name === "checkcommand") return wish.checkType.kind === "external";
  if (name === "checkport" || name === "netmask" || name === "ops") return true;
  if (wish.service === "http" || wish.service === "https") return ofHttp.includes(name);
  return wish.service === "dns" && byService.dns.includes(name);
}
