// Finds what differs between two hosts that lived through the same scene, one line each.

import { type Played, type PlayedStep, type Seen, SIDES } from "./stage.ts";
import type { Packet } from "./wire.ts";

/** How much later than the other one a state may be told, beyond an interval, on a busy machine. */
const LATE_MS = 1500;

/** Every difference, as `STEP: only keepalived: WHAT`. */
export function differences(played: Played): readonly string[] {
  return [...played.steps.flatMap(ofStep), ...ofAdverts(played)];
}

function ofStep(played: PlayedStep): readonly string[] {
  const { keepalived, keelson } = played.seen;
  const found = [
    ...ofSets(common(keepalived.facts, keelson.facts), common(keelson.facts, keepalived.facts)),
    ...ofTold(keepalived, keelson),
    // keepalived starts programs at the same time: their order is chance.
    ...ofLists("calls", keepalived.calls.toSorted(), keelson.calls.toSorted()),
    ...ofSets(announcements(keepalived.packets), announcements(keelson.packets)),
    ...ofSets(probes(keepalived.packets), probes(keelson.packets)),
    ...ofSets(keepalived.answers, keelson.answers),
    ...ofSets(goodbyes(keepalived.packets), goodbyes(keelson.packets)),
    ...ofTimes(played),
    ...(keepalived.running === keelson.running
      ? []
      : [`only ${keepalived.running ? "keepalived" : "keelson"} runs`]),
    ...SIDES.flatMap((side) =>
      played.seen[side].missing.map((state) => `${side} never told ${state}`),
    ),
  ];
  return found.map((line) => `${played.step.say}: ${line}`);
}

/** Facts without the settings of interfaces that the other host has not: that it has none is said once. */
function common(facts: readonly string[], others: readonly string[]): readonly string[] {
  const names = new Set(others.flatMap((fact) => /^link (\S+)/.exec(fact)?.[1] ?? []));
  return facts.filter((fact) => {
    const name = /^setting ipv[46]\/conf\/([^/]+)\//.exec(fact)?.[1];
    return name === undefined || name === "all" || name === "default" || names.has(name);
  });
}

function ofSets(a: readonly string[], b: readonly string[]): readonly string[] {
  return [
    ...a.filter((line) => !b.includes(line)).map((line) => `only keepalived: ${line}`),
    ...b.filter((line) => !a.includes(line)).map((line) => `only keelson: ${line}`),
  ];
}

function ofLists(what: string, a: readonly string[], b: readonly string[]): readonly string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  return [`${what}: keepalived [${a.join(" | ")}] keelson [${b.join(" | ")}]`];
}

/** Lines of the FIFO, each object's for themselves; what is told with every advert counts once. */
function ofTold(a: Seen, b: Seen): readonly string[] {
  const byObject = (seen: Seen): ReadonlyMap<string, readonly string[]> => {
    const lines = new Map<string, string[]>();
    for (const { text } of seen.told) {
      const name = text.split(" ").slice(0, 2).join(" ");
      const list = lines.get(name) ?? [];
      lines.set(name, list);
      if (!text.includes("MASTER_RX_LOWER_PRI") || !list.includes(text)) list.push(text);
    }
    return lines;
  };
  const theirs = byObject(a);
  const ours = byObject(b);
  return [...new Set([...theirs.keys(), ...ours.keys()])].flatMap((name) =>
    ofLists("told", theirs.get(name) ?? [], ours.get(name) ?? []),
  );
}

function announcements(packets: readonly Packet[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { kind, port, text } of packets)
    if (kind === "announcement")
      counts.set(`${port} ${text}`, (counts.get(`${port} ${text}`) ?? 0) + 1);
  return [...counts].map(([text, count]) => `announced ${count} times ${text}`);
}

const probes = (packets: readonly Packet[]): readonly string[] => [
  ...new Set(
    packets
      .filter(({ kind }) => kind === "arp-probe")
      .map(({ port, text }) => `probe ${port} ${text}`),
  ),
];

/** Adverts of priority 0: how often each is said. */
function goodbyes(packets: readonly Packet[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const packet of packets)
    if (packet.kind === "advert" && describeAdvert(packet).includes("priority 0 "))
      counts.set(packet.text, (counts.get(packet.text) ?? 0) + 1);
  return [...counts].map(([text, count]) => `${count} goodbyes ${text}`);
}

function ofTimes({ seen, startedMs, step }: PlayedStep): readonly string[] {
  if (step.act.kind === "start") return [];
  const times = (side: Seen): ReadonlyMap<string, number> =>
    new Map(side.told.map(({ text, atMs }) => [text, atMs - startedMs]));
  const ours = times(seen.keelson);
  return [...times(seen.keepalived)].flatMap(([text, atMs]) => {
    const ourMs = ours.get(text);
    if (ourMs === undefined || Math.abs(ourMs - atMs) < LATE_MS) return [];
    return [`time of ${text}: keepalived ${Math.round(atMs)} ms, keelson ${Math.round(ourMs)} ms`];
  });
}

/** Over the whole scene: which adverts there were, in which order. */
function ofAdverts({ steps }: Played): readonly string[] {
  const said = (side: "keepalived" | "keelson"): readonly string[] =>
    steps
      .flatMap(({ seen }) => seen[side].packets)
      .filter(({ kind }) => kind === "advert")
      .map((packet) => `advert ${packet.port} ${describeAdvert(packet)} ${packet.text}`);
  const theirs = said("keepalived");
  const ours = said("keelson");
  const sets = ofSets([...new Set(theirs)], [...new Set(ours)]);
  if (sets.length > 0) return sets;
  const byInstance = (lines: readonly string[]): ReadonlyMap<string, readonly string[]> => {
    const found = new Map<string, string[]>();
    for (const line of lines) {
      // Unicast peers get theirs in turn.
      const key = `${/vrid \d+/.exec(line)?.[0] ?? ""}${/ 45.{30}(.{8})/.exec(line)?.[1] ?? ""}`;
      const list = found.get(key) ?? [];
      if (list.at(-1) !== line) list.push(line);
      found.set(key, list);
    }
    return found;
  };
  const b = byInstance(ours);
  return [...byInstance(theirs)].flatMap(([key, a]) =>
    JSON.stringify(a) === JSON.stringify(b.get(key))
      ? []
      : ofLists(`order of adverts, ${key}`, a.map(brief), (b.get(key) ?? []).map(brief)),
  );
}

const brief = (line: string): string => /priority \d+/.exec(line)?.[0] ?? line;

/** VRID and priority for the reader; the bytes follow. */
export function describeAdvert({ text }: Packet): string {
  const hex = text.slice(text.indexOf(": ") + 2);
  const byte = (at: number): number => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  const six = byte(0) >> 4 === 6;
  const at = six ? 40 : (byte(0) & 15) * 4 + (byte(9) === 51 ? 24 : 0);
  return `version ${byte(at) >> 4} vrid ${byte(at + 1)} priority ${byte(at + 2)} `;
}
