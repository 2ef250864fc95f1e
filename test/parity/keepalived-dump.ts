// keepalived's own dump of its data (SIGUSR1) -> facts. The dump is indented text: objects at one blank, properties at
// three, items of lists and inner objects deeper.

import type { Facts } from "./facts.ts";

/** A line of a dump and how far it is indented. */
interface DumpLine {
  readonly indent: number;
  readonly text: string;
}

/** The facts of the dumps that one run left: those of the VRRP and of the checker process. */
export function factsOfDumps(dumps: readonly string[]): Facts {
  const facts = new Map<string, string>();
  for (const dump of dumps) {
    for (const [title, lines] of sectionsOf(dump)) {
      if (title === "VRRP Topology") readInstances(lines, facts);
      else if (title === "VRRP Scripts") readScripts(lines, facts);
      else if (title === "VRRP Sync groups") readSyncGroups(lines, facts);
      else if (title === "LVS Topology") readVirtualServers(lines, facts);
      else if (title === "Health checkers") readCheckers(lines, facts);
    }
  }
  return facts;
}

function sectionsOf(dump: string): ReadonlyMap<string, readonly DumpLine[]> {
  const sections = new Map<string, DumpLine[]>();
  let current: DumpLine[] = [];
  for (const line of dump.split("\n")) {
    const title = /^------< (.*) >------/.exec(line)?.[1];
    if (title === undefined) {
      const text = line.trim();
      if (text !== "") current.push({ indent: line.length - line.trimStart().length, text });
    } else {
      current = [];
      sections.set(title, current);
    }
  }
  return sections;
}

/** Cuts lines into objects, each beginning with a line that `start` matches. */
function objectsOf(
  lines: readonly DumpLine[],
  start: RegExp,
): readonly { readonly match: RegExpExecArray; readonly lines: readonly DumpLine[] }[] {
  const objects: { match: RegExpExecArray; lines: DumpLine[] }[] = [];
  for (const line of lines) {
    const match = start.exec(line.text);
    if (match !== null) objects.push({ match, lines: [] });
    else objects.at(-1)?.lines.push(line);
  }
  return objects;
}

function property(lines: readonly DumpLine[], name: string): string | undefined {
  const line = lines.find(({ text }) => text.startsWith(`${name} = `));
  return line?.text.slice(name.length + 3);
}

/** The items below a line that begins with `name`. */
function list(lines: readonly DumpLine[], name: string): readonly string[] {
  const start = lines.findIndex(({ text }) => text.startsWith(name));
  const head = lines[start];
  if (head === undefined) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex(({ indent }) => indent <= head.indent);
  return (end < 0 ? rest : rest.slice(0, end)).map(({ text }) => text);
}

function set(facts: Map<string, string>, fact: string, value: string | undefined): void {
  if (value !== undefined && value !== "") facts.set(fact, value);
}

function readInstances(lines: readonly DumpLine[], facts: Map<string, string>): void {
  for (const { match, lines: own } of objectsOf(lines, /^VRRP Instance = (.*)$/)) {
    const instance = `instance ${match[1]}`;
    const networkInterface = property(own, "Interface") ?? "";
    set(facts, `${instance}: version`, property(own, "VRRP Version"));
    set(facts, `${instance}: interface`, networkInterface.replace(/^.* on /, ""));
    set(facts, `${instance}: virtual_router_id`, property(own, "Virtual Router ID"));
    set(facts, `${instance}: priority`, property(own, "Priority"));
    set(facts, `${instance}: advert_int`, milliseconds(property(own, "Advert interval")));
    set(facts, `${instance}: preempt`, property(own, "Preempt"));
    set(facts, `${instance}: preempt_delay`, milliseconds(property(own, "Preempt delay")));
    set(facts, `${instance}: auth_type`, property(own, "Authentication type"));
    set(facts, `${instance}: auth_pass`, property(own, "Password"));
    set(facts, `${instance}: sync group`, property(own, "Sync group"));
    const source = /^(.*) \(from configuration\)$/.exec(property(own, "Using src_ip") ?? "");
    set(facts, `${instance}: source address`, source?.[1]);
    for (const [name, field] of garpFields)
      set(facts, `${instance}: ${field}`, property(own, `Gratuitous ARP ${name}`));
    set(facts, `${instance}: addresses`, addresses(list(own, "Virtual IP (")));
    set(facts, `${instance}: excluded addresses`, addresses(list(own, "Virtual IP Excluded")));
    set(facts, `${instance}: tracked scripts`, tracks(list(own, "Tracked scripts")));
    set(facts, `${instance}: tracked interfaces`, tracks(list(own, "Tracked interfaces")));
    const peers = list(own, "Unicast Peer").map((text) => text.split(" ")[0] ?? "");
    set(facts, `${instance}: unicast peers`, peers.toSorted().join(", "));
  }
}

/** keepalived's words for the pacing of gratuitous ARP, and the keywords. */
const garpFields = [
  ["delay", "garp_master_delay"],
  ["repeat", "garp_master_repeat"],
  ["refresh", "garp_master_refresh"],
  ["refresh repeat", "garp_master_refresh_repeat"],
] as const;

/** `1 sec`, `300 milli-sec`, `0.300000`, `5 secs` -> milliseconds. */
function milliseconds(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const value = Number.parseFloat(text);
  return String(Math.round(text.includes("milli") ? value : value * 1000));
}

/** Addresses in one order and one notation; the interface of a virtual MAC is its parent. */
function addresses(lines: readonly string[]): string {
  const canonical = lines.map((line) =>
    line
      .replace(/ dev \S+@(\S+)/, " dev $1")
      .replace(/ scope global/, "")
      .replace(/ set$/, "")
      .replace(/^(\S+)\/(32|128) /, "$1 ")
      .replace(/ -nodad| preferred_lft forever| valid_lft.*$/g, "")
      .trim(),
  );
  return canonical.toSorted().join(", ");
}

function tracks(lines: readonly string[]): string {
  return lines
    .map((line) => line.replace(/:? weight 0$/, "").replace(/ no_?reverse$/, ""))
    .toSorted()
    .join(", ");
}

function readScripts(lines: readonly DumpLine[], facts: Map<string, string>): void {
  for (const { match, lines: own } of objectsOf(lines, /^VRRP Script = (.*)$/)) {
    const script = `script ${match[1]}`;
    set(facts, `${script}: command`, property(own, "Command")?.replaceAll("'", ""));
    set(facts, `${script}: interval`, milliseconds(property(own, "Interval")));
    set(facts, `${script}: weight`, property(own, "Weight"));
    set(facts, `${script}: rise`, property(own, "Rise"));
    set(facts, `${script}: fall`, property(own, "Fall"));
  }
}

function readSyncGroups(lines: readonly DumpLine[], facts: Map<string, string>): void {
  for (const { match, lines: own } of objectsOf(lines, /^VRRP Sync Group = ([^,]*)/)) {
    const members = list(own, "VRRP member instances").toSorted().join(", ");
    set(facts, `sync group ${match[1]}: members`, members);
  }
}

function readVirtualServers(lines: readonly DumpLine[], facts: Map<string, string>): void {
  const start = /^VS (?:VIP = (.*), VPORT = (\d+)|FWMARK = (\d+)|GROUP = (\S+)).*$/;
  for (const { match, lines: all } of objectsOf(lines, start)) {
    const [, address, port, fwmark, group] = match;
    const first = all.findIndex(({ text }) => text.includes("< Real server >"));
    const own = first < 0 ? all : all.slice(0, first);
    const protocol = property(own, "protocol") ?? "none";
    const name =
      group !== undefined
        ? `group ${group}`
        : fwmark !== undefined
          ? `FWM ${fwmark}`
          : `${protocol} ${endpoint(address, port)}`;
    const server = `virtual server ${name}`;
    set(facts, `${server}: lvs_sched`, property(own, "lvs_sched"));
    set(facts, `${server}: persistence`, property(own, "persistence timeout"));
    set(facts, `${server}: granularity`, property(own, "persistence granularity"));
    set(facts, `${server}: alpha`, onOff(own, "alpha is "));
    set(facts, `${server}: omega`, onOff(own, "omega is "));
    const [quorum, hysteresis] = property(own, "quorum")?.split(", hysteresis = ") ?? [];
    set(facts, `${server}: quorum`, quorum);
    set(facts, `${server}: hysteresis`, hysteresis);
    set(facts, `${server}: ops`, property(own, "One packet scheduling"));
    const sorry = /\[(.*)\]:(?:\w+:)?(\d+)$/.exec(property(own, "sorry server") ?? "");
    if (sorry !== null) set(facts, `${server}: sorry server`, endpoint(sorry[1], sorry[2]));
    for (const real of objectsOf(all.slice(first), /^RIP = (.*), RPORT = (\d+), WEIGHT = (\d+)/)) {
      const [, rip, rport, weight] = real.match;
      const said = [`weight ${weight}`, ...realServerFacts(real.lines)];
      set(facts, `${server}: real server ${endpoint(rip, rport)}`, said.join(" "));
    }
  }
}

function realServerFacts(lines: readonly DumpLine[]): readonly string[] {
  const [lower = "0", upper = "0"] = property(lines, "connection limit range")?.split(" -> ") ?? [];
  const inhibits = onOff(lines, "Inhibit on failure is ") === "ON";
  return [
    property(lines, "forwarding method")?.replace(/[ ,].*/, "") ?? "",
    ...(upper === "0" ? [] : [`uthreshold ${upper}`]),
    ...(lower === "0" ? [] : [`lthreshold ${lower}`]),
    ...(inhibits ? ["inhibit_on_failure"] : []),
  ];
}

function endpoint(address = "", port = "0"): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function onOff(lines: readonly DumpLine[], name: string): string | undefined {
  return lines.find(({ text }) => text.startsWith(name))?.text.slice(name.length);
}

function readCheckers(lines: readonly DumpLine[], facts: Map<string, string>): void {
  const counts = new Map<string, number>();
  for (const { match, lines: own } of objectsOf(lines, /^(\S.*) -> \[(.*)\]:\w+:(\d+)$/)) {
    const [, server, address, port] = match;
    const base = `check of ${server?.replace(/^\[(.*)\]:(\w+):(\d+)$/, "$2 $1:$3")} -> ${endpoint(address, port)}`;
    const count = (counts.get(base) ?? 0) + 1;
    counts.set(base, count);
    const check = count === 1 ? base : `${base} (${count})`;
    set(facts, `${check}: kind`, property(own, "Keepalive method")?.replace(/,.*/, ""));
    set(facts, `${check}: delay_loop`, microseconds(property(own, "Delay loop")));
    set(facts, `${check}: retry`, property(own, "Retries"));
    set(facts, `${check}: delay_before_retry`, microseconds(property(own, "Delay before retry")));
    set(facts, `${check}: connect_timeout`, milliseconds(property(own, "Timeout")));
    const target = /^\[(.*)\]:(\d+)$/.exec(property(own, "Dest") ?? "");
    if (target !== null) set(facts, `${check}: target`, endpoint(target[1], target[2]));
  }
}

function microseconds(text: string | undefined): string | undefined {
  return text === undefined ? undefined : String(Math.round(Number.parseInt(text, 10) / 1000));
}
