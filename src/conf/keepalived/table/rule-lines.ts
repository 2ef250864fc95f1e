// The lines of virtual_rules and static_rules, in the manner of `ip rule`.

import { option } from "./entries.ts";
import type { ArgumentSpec, FormReading, LineSpec, OptionSpec, ValueKind } from "./keyword-spec.ts";
import {
  argument,
  choice,
  form,
  integer,
  interfaceName,
  intMax,
  reference,
  uintMax,
} from "./kinds.ts";
import { ruleFault } from "./line-checks.ts";
import { destination, named, realms } from "./route-lines.ts";

const ignored = "the rule is left out";

const actions = ["nop", "blackhole", "unreachable", "prohibit"];

/** Two numbers in order with `-` between them. */
function range(what: string, max: number): ValueKind {
  return form("FROM-TO", (word): FormReading => {
    const match = /^(\d+)-(\d+)$/.exec(word);
    const from = Number(match?.[1]);
    const to = Number(match?.[2]);
    if (match !== null && from <= to && to <= max) return { ok: true, value: word };
    // keepalived means to take a single port, and refuses it by mistake.
    const single = /^\d+$/.test(word) && Number(word) <= max;
    return {
      ok: false,
      message: single
        ? `keepalived takes ${what} only as a range: write \`${word}-${word}\``
        : `\`${word}\` is no range of ${what}`,
      otherwise: { instead: ignored },
    };
  });
}

const mark: ValueKind = form("MARK or MARK/MASK", (word) =>
  /^(0x[0-9a-fA-F]{1,8}|\d{1,10})(\/(0x[0-9a-fA-F]{1,8}|\d{1,10}))?$/.test(word)
    ? { ok: true, value: word }
    : { ok: false, message: `\`${word}\` is no mark`, otherwise: { instead: ignored } },
);

const one = (name: string, summary: string, arg: ArgumentSpec): OptionSpec =>
  option(name, summary, [arg]);
const bare = (name: string, summary: string): OptionSpec => option(name, summary, []);
const same = (name: string, of: string, arg: ArgumentSpec): OptionSpec =>
  option(name, `Another name of \`${of}\`.`, [arg], { sameAs: of });

const table = argument("TABLE", named("table", uintMax));
const preference = argument("PREFERENCE", integer(0, uintMax, ignored));
const tos = argument("TOS", named("TOS", 255));
const length = argument("LENGTH", integer(0, intMax, ignored));
const group = argument("GROUP", named("group", intMax));
const device = argument("INTERFACE", interfaceName);

const selectors: readonly OptionSpec[] = [
  bare("inet", "Says that the rule is for IPv4."),
  bare("inet6", "Says that the rule is for IPv6."),
  bare("not", "Turns the selection around."),
  one("from", "Packets from these addresses.", argument("PREFIX", destination)),
  one("to", "Packets to these addresses.", argument("PREFIX", destination)),
  one("tos", "Packets with this TOS.", tos),
  same("dsfield", "tos", tos),
  one("fwmark", "Packets with this mark.", argument("MARK", mark)),
  one("iif", "Packets that came in on this interface.", device),
  same("dev", "iif", device),
  one("oif", "Packets of sockets that are bound to this interface.", device),
  one(
    "tunnel-id",
    "Packets of the tunnel with this id.",
    argument("ID", integer(0, Number.MAX_SAFE_INTEGER, ignored)),
  ),
  one("uidrange", "Packets of these users.", argument("FROM-TO", range("user ids", uintMax))),
  bare("l3mdev", "Packets of a VRF, whose table is then looked into."),
  one("ipproto", "Packets of this protocol.", argument("PROTOCOL", named("protocol", 255))),
  one("sport", "Packets from these ports.", argument("FROM-TO", range("ports", 65_535))),
  one("dport", "Packets to these ports.", argument("FROM-TO", range("ports", 65_535))),
];

const consequences: readonly OptionSpec[] = [
  one("table", "The table to look into.", table),
  same("lookup", "table", table),
  one("preference", "The place of the rule; the least is asked first.", preference),
  same("order", "preference", preference),
  same("priority", "preference", preference),
  one("realms", "The realms that the packets get; IPv4 only.", argument("REALMS", realms)),
  one("suppress_prefixlength", "Skips routes of the table that are no longer than this.", length),
  same("sup_pl", "suppress_prefixlength", length),
  one("suppress_ifgroup", "Skips routes of the table over interfaces of this group.", group),
  same("sup_group", "suppress_ifgroup", group),
  one(
    "protocol",
    "Who has made the rule, for the kernel's list.",
    argument("PROTOCOL", integer(0, 255, ignored)),
  ),
  one(
    "type",
    "What the rule does in the place of a table.",
    argument("ACTION", choice([...actions, "unicast"], ignored)),
  ),
  one("goto", "Goes on with the rule of this preference, which must be a higher one.", preference),
  bare("nop", "Does nothing."),
  bare("blackhole", "Drops the packets."),
  bare("unreachable", "Refuses the packets as unreachable."),
  bare("prohibit", "Refuses the packets as forbidden."),
];

/** Rules that move with an instance, or stay. */
export function ruleLine(kind: "virtual" | "static"): LineSpec {
  return {
    name: "rule-line",
    summary: "One routing rule a line, as `ip rule` takes it.",
    leading: [],
    check: ruleFault,
    options: [
      ...selectors,
      ...consequences,
      bare("no_track", "Ignores it when somebody else removes the rule."),
      ...(kind === "virtual"
        ? []
        : [
            one(
              "track_group",
              "The group of instances that leave MASTER when somebody removes the rule.",
              argument("GROUP", reference("track_group")),
            ),
          ]),
    ],
  };
}
