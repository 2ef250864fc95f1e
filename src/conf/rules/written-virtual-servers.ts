// Virtual servers as they are written, with what counts where something is missing: what rules about them look at.
// It is made once for a configuration, also for blocks that the model leaves out because nobody can run them.

import { type IpAddress, parseIpAddress } from "../../base/address.ts";
import type {
  ForwardingMethod,
  TransportProtocol,
  VirtualServerKey,
} from "../../model/virtual-server.ts";
import { endpointName, virtualServerName } from "../../model/virtual-server.ts";
import { spanAt } from "../keepalived/reading.ts";
import { type Entry, keywordOf, type Section, type Setting } from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import type { Configuration } from "./rule.ts";

/** What stands behind `virtual_server`. */
export type WrittenKey =
  | { readonly kind: "address"; readonly address: IpAddress; readonly port: number }
  | { readonly kind: "fwmark"; readonly fwmark: number }
  | { readonly kind: "group"; readonly group: string };

/** One line of a virtual_server_group with addresses. */
export interface WrittenGroupLine {
  readonly entry: Entry;
  /** The first one of a range. */
  readonly address: IpAddress;
  readonly isRange: boolean;
  /** 0: none is written. */
  readonly port: number;
}

/** One real_server block whose address could be read. */
export interface WrittenRealServer {
  readonly setting: Setting;
  readonly section: Section;
  readonly address: IpAddress;
  /** 0: none is written. */
  readonly port: number;
  /** What counts; undefined when a word that cannot be read decides. */
  readonly forwarding: ForwardingMethod | undefined;
  /** What counts, from here or from the virtual server; undefined when a word that cannot be read decides. */
  readonly weight: number | undefined;
  /** The blocks of its checks. */
  readonly checks: readonly Setting[];
}

/** One virtual_server block whose key could be read. */
export interface WrittenVirtualServer {
  readonly setting: Setting;
  readonly section: Section;
  readonly key: WrittenKey;
  /** The lines with addresses of its group, when it is one of a group that exists. */
  readonly groupLines: readonly WrittenGroupLine[];
  /** True when its group also, or only, has marks. */
  readonly hasGroupMarks: boolean;
  /** By the usual spelling of the keyword: the setting that counts. */
  readonly settings: ReadonlyMap<string, Setting>;
  /** As written; undefined when it is missing or cannot be read. */
  readonly protocol: TransportProtocol | undefined;
  /** NAT when none is written; undefined when a word that cannot be read decides. */
  readonly forwarding: ForwardingMethod | undefined;
  readonly realServers: readonly WrittenRealServer[];
}

/** Keywords of checks. */
export const checkKeywords: ReadonlySet<string> = new Set([
  "TCP_CHECK",
  "HTTP_GET",
  "SSL_GET",
  "SMTP_CHECK",
  "DNS_CHECK",
  "UDP_CHECK",
  "PING_CHECK",
  "MISC_CHECK",
  "FILE_CHECK",
  "BFD_CHECK",
]);

const protocols: ReadonlySet<unknown> = new Set<TransportProtocol>(["TCP", "UDP", "SCTP"]);
const methods: ReadonlySet<unknown> = new Set<ForwardingMethod>(["NAT", "DR", "TUN", "FULLNAT"]);
const noSettings: readonly Setting[] = [];
const noLines: readonly WrittenGroupLine[] = [];

interface Written {
  readonly servers: readonly WrittenVirtualServer[];
  /** Every keyword of real servers that occurs. */
  readonly keywords: ReadonlySet<string>;
}

const known = new WeakMap<Section, Written>();

/** The virtual servers of a configuration, in the order of the text. */
export function writtenVirtualServers(
  configuration: Pick<Configuration, "root">,
): readonly WrittenVirtualServer[] {
  return written(configuration.root).servers;
}

/** True when a keyword, that of a check among them, occurs in a real server: what does not need not be looked for. */
export function isInRealServers(
  configuration: Pick<Configuration, "root">,
  keyword: string,
): boolean {
  return written(configuration.root).keywords.has(keyword);
}

function written(root: Section): Written {
  const before = known.get(root);
  if (before !== undefined) return before;
  const servers: WrittenVirtualServer[] = [];
  const keywords = new Set<string>();
  const groups = groupsOf(root);
  for (const setting of root.settings) {
    if (keywordOf(setting) !== "virtual_server" || setting.section === undefined) continue;
    const key = keyOf(setting);
    if (key === undefined) continue;
    const group = key.kind === "group" ? groups.get(key.group) : undefined;
    servers.push(readVirtualServer(setting, setting.section, { key, group }, keywords));
  }
  const found = { servers, keywords };
  known.set(root, found);
  return found;
}

interface Group {
  readonly lines: readonly WrittenGroupLine[];
  readonly hasMarks: boolean;
}

/** The groups by name; of two with one name the first counts. */
function groupsOf(root: Section): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const setting of root.settings) {
    if (keywordOf(setting) !== "virtual_server_group") continue;
    const name = setting.line.text(1);
    if (name === undefined || groups.has(name)) continue;
    const entries = setting.entries ?? [];
    groups.set(name, {
      lines: entries.flatMap(groupLineOf),
      hasMarks: entries.some(({ leading }) => leading[0] === "fwmark"),
    });
  }
  return groups;
}

function groupLineOf(entry: Entry): readonly WrittenGroupLine[] {
  const [text, port] = entry.leading;
  if (typeof text !== "string" || text === "fwmark") return [];
  const end = text.search(/[-/]/);
  const parsed = parseIpAddress(end < 0 ? text : text.slice(0, end));
  if (!parsed.ok || (port === undefined && entry.line.wordCount > 1)) return [];
  const { value: address } = parsed;
  return [{ entry, address, isRange: end >= 0, port: typeof port === "number" ? port : 0 }];
}

function keyOf(setting: Setting): WrittenKey | undefined {
  const [first, second] = setting.values;
  if (first === "fwmark")
    return typeof second === "number" ? { kind: "fwmark", fwmark: second } : undefined;
  if (first === "group")
    return typeof second === "string" ? { kind: "group", group: second } : undefined;
  const endpoint = endpointOf(setting);
  return endpoint && { kind: "address", ...endpoint };
}

/** Address and port of a line; undefined when one of them is written and cannot be read. */
export function endpointOf(
  setting: Setting,
): { readonly address: IpAddress; readonly port: number } | undefined {
  const [address, port] = setting.values;
  if (typeof address !== "string") return undefined;
  if (typeof port === "number") return { address: address as IpAddress, port };
  return setting.line.wordCount > 2 ? undefined : { address: address as IpAddress, port: 0 };
}

/** The usual spelling of keywords that have two. */
const usualSpelling: Readonly<Record<string, string>> = {
  lb_algo: "lvs_sched",
  lb_kind: "lvs_method",
};

function readVirtualServer(
  setting: Setting,
  section: Section,
  what: { readonly key: WrittenKey; readonly group: Group | undefined },
  seen: Set<string>,
): WrittenVirtualServer {
  const settings = new Map<string, Setting>();
  const blocks: Setting[] = [];
  for (const inner of section.settings) {
    const keyword = keywordOf(inner);
    if (keyword === "real_server") blocks.push(inner);
    else settings.set(usualSpelling[keyword] ?? keyword, inner);
  }
  const forwarding = methodOf(settings.get("lvs_method"), "NAT");
  const weight = weightOf(settings.get("weight"), 1);
  const protocol = settings.get("protocol")?.values[0];
  const realServers: WrittenRealServer[] = [];
  for (const block of blocks) {
    const server = readRealServer(block, forwarding, weight, seen);
    if (server !== undefined) realServers.push(server);
  }
  return {
    setting,
    section,
    key: what.key,
    groupLines: what.group?.lines ?? noLines,
    hasGroupMarks: what.group?.hasMarks ?? false,
    settings,
    protocol: protocols.has(protocol) ? (protocol as TransportProtocol) : undefined,
    forwarding,
    realServers,
  };
}

function readRealServer(
  setting: Setting,
  forwarding: ForwardingMethod | undefined,
  weight: number | undefined,
  seen: Set<string>,
): WrittenRealServer | undefined {
  const { section } = setting;
  const endpoint = endpointOf(setting);
  if (section === undefined || endpoint === undefined) return undefined;
  let method: Setting | undefined;
  let ownWeight: Setting | undefined;
  let checks: Setting[] | undefined;
  for (const inner of section.settings) {
    const keyword = keywordOf(inner);
    seen.add(keyword);
    if (keyword === "lvs_method" || keyword === "lb_kind") method = inner;
    else if (keyword === "weight") ownWeight = inner;
    else if (checkKeywords.has(keyword)) {
      if (checks === undefined) checks = [inner];
      else checks.push(inner);
    }
  }
  return {
    setting,
    section,
    address: endpoint.address,
    port: endpoint.port,
    forwarding: methodOf(method, forwarding),
    weight: weightOf(ownWeight, weight),
    checks: checks ?? noSettings,
  };
}

function methodOf(
  setting: Setting | undefined,
  otherwise: ForwardingMethod | undefined,
): ForwardingMethod | undefined {
  if (setting === undefined) return otherwise;
  const value = setting.values[0];
  return methods.has(value) ? (value as ForwardingMethod) : undefined;
}

function weightOf(setting: Setting | undefined, otherwise: number | undefined): number | undefined {
  if (setting === undefined) return otherwise;
  const value = setting.values[0];
  return typeof value === "number" ? value : undefined;
}

/** `TCP 10.0.0.1:80`, `FWM 10`, `group web`: how people know a virtual server. */
export function writtenName(server: WrittenVirtualServer): string {
  const { key, protocol = "UDP" } = server;
  switch (key.kind) {
    case "group":
      return `group ${key.group}`;
    case "fwmark":
      return virtualServerName({ ...key, family: 4 });
    case "address":
      return virtualServerName({ ...key, protocol } satisfies VirtualServerKey);
  }
}

/** `10.0.0.2:80`, or the address alone when no port is written. */
export function realServerName(server: Pick<WrittenRealServer, "address" | "port">): string {
  return server.port === 0 ? server.address : endpointName(server.address, server.port);
}

/** The family of what clients connect to; undefined for groups, and for marks that nothing tells it of. */
export function writtenFamily(server: WrittenVirtualServer): 4 | 6 | undefined {
  const { key } = server;
  if (key.kind === "address") return key.address.includes(":") ? 6 : 4;
  if (key.kind === "group") return undefined;
  const written = server.settings.get("ip_family")?.values[0];
  if (written === "inet" || written === "inet6") return written === "inet" ? 4 : 6;
  const first = server.realServers.find(({ forwarding }) => forwarding !== "TUN");
  return first && (first.address.includes(":") ? 6 : 4);
}

/** Where the name of a virtual or real server stands: its address or mark. */
export function nameSpan(server: { readonly setting: Setting }): Span {
  const { line, values } = server.setting;
  return spanAt(line, values[0] === "fwmark" || values[0] === "group" ? 2 : 1);
}

/** Where a keyword of the virtual server stands; its name when it is not written. */
export function keywordSpan(server: WrittenVirtualServer, keyword: string): Span {
  const setting = server.settings.get(keyword);
  return setting === undefined ? nameSpan(server) : spanAt(setting.line, 0);
}

/** Where the first argument of a keyword stands; the virtual server's name when it is not written. */
export function argumentSpan(server: WrittenVirtualServer, keyword: string): Span {
  const setting = server.settings.get(keyword);
  return setting === undefined ? nameSpan(server) : spanAt(setting.line, 1);
}

/** One check of a real server, with all that surrounds it. */
export interface WrittenCheck {
  readonly keyword: string;
  readonly setting: Setting;
  readonly section: Section;
  readonly real: WrittenRealServer;
  readonly server: WrittenVirtualServer;
}

/** Calls `see` with every check of these kinds. */
export function eachCheck(
  configuration: Pick<Configuration, "root">,
  keywords: ReadonlySet<string>,
  see: (check: WrittenCheck) => void,
): void {
  if (!isAnyIn(written(configuration.root).keywords, keywords)) return;
  for (const server of writtenVirtualServers(configuration))
    for (const real of server.realServers)
      for (const setting of real.checks) {
        const keyword = setting.spec.name;
        const { section } = setting;
        if (section !== undefined && keywords.has(keyword))
          see({ keyword, setting, section, real, server });
      }
}

function isAnyIn(set: ReadonlySet<string>, some: ReadonlySet<string>): boolean {
  for (const one of some) if (set.has(one)) return true;
  return false;
}

/** Checks that ask for pages. */
export const httpChecks: ReadonlySet<string> = new Set(["HTTP_GET", "SSL_GET"]);

/** Calls `see` with every `url` block of HTTP checks. */
export function eachUrl(
  configuration: Pick<Configuration, "root">,
  see: (url: Section) => void,
): void {
  eachCheck(configuration, httpChecks, ({ section }) => {
    for (const inner of section.settings)
      if (inner.section !== undefined && inner.spec.name === "url") see(inner.section);
  });
}
