// The lines of virtual_routes and static_routes, in the manner of `ip route`.

import { parseIpAddress } from "../../../base/address.ts";
import { scope } from "./address-lines.ts";
import { option } from "./entries.ts";
import type { ArgumentSpec, FormReading, LineSpec, OptionSpec, ValueKind } from "./keyword-spec.ts";
import {
  address,
  argument,
  choice,
  form,
  integer,
  interfaceName,
  optional,
  prefix,
  reference,
  text,
  uintMax,
} from "./kinds.ts";
import { routeFault } from "./line-checks.ts";

const ignored = "the route is left out";

const types = [
  ...["unicast", "local", "broadcast", "anycast", "multicast"],
  ...["blackhole", "unreachable", "prohibit", "throw", "nat"],
];

/** A destination: a prefix, or a word that stands for all of them. */
export const destination: ValueKind = form("PREFIX, default, any or all", readDestination);

function readDestination(word: string): FormReading {
  if (["default", "any", "all", "default6"].includes(word)) return { ok: true, value: word };
  const slash = word.indexOf("/");
  const parsed = parseIpAddress(slash < 0 ? word : word.slice(0, slash));
  const length = slash < 0 ? "0" : word.slice(slash + 1);
  const lengthMax = word.includes(":") ? 128 : 32;
  if (parsed.ok && /^\d{1,3}$/.test(length) && Number(length) <= lengthMax)
    return { ok: true, value: word };
  return {
    ok: false,
    message: `\`${word}\` is no destination`,
    otherwise: { instead: ignored },
  };
}

/** A number or a name of iproute2's tables. */
export const named = (what: string, max: number): ValueKind =>
  form(`${what}: a number or a name`, (word) => {
    const number = /^(0x[0-9a-fA-F]+|\d+)$/.test(word);
    if (number ? Number(word) <= max : /^[A-Za-z_][\w.-]*$/.test(word))
      return { ok: true, value: word };
    return {
      ok: false,
      message: `\`${word}\` is neither a number up to ${max} nor a name`,
      otherwise: { instead: ignored },
    };
  });

/** A realm, or two of them with `/`. */
export const realms: ValueKind = form("REALM or FROM/TO", (word) =>
  /^[\w.-]+(\/[\w.-]+)?$/.test(word)
    ? { ok: true, value: word }
    : { ok: false, message: `\`${word}\` is no realm`, otherwise: { instead: ignored } },
);

const duration: ValueKind = form("NUMBER, with ms or s behind it", (word) =>
  /^\d+(\.\d+)?(ms|s|us|ns)?$/.test(word)
    ? { ok: true, value: word }
    : { ok: false, message: `\`${word}\` is no time`, otherwise: { instead: ignored } },
);

const number = integer(0, uintMax, ignored);
const lock = optional("lock", choice(["lock"], "the word is ignored"));
const family = optional("FAMILY", choice(["inet", "inet6"], "the address decides"));

const one = (name: string, summary: string, arg: ArgumentSpec): OptionSpec =>
  option(name, summary, [arg]);
const bare = (name: string, summary: string): OptionSpec => option(name, summary, []);
const lockable = (name: string, summary: string, value: ValueKind = number): OptionSpec =>
  option(name, `${summary} With \`lock\` the kernel does not change it.`, [
    lock,
    argument("VALUE", value),
  ]);

/** What wraps the packets of a route, and the words that belong to it. */
const encapOption: OptionSpec = option(
  "encap",
  "Wraps packets: in IP [ip, ip6], MPLS labels or ILA.",
  [
    argument("TYPE", choice(["ip", "ip6", "mpls", "ila"], ignored)),
    optional("LABELS_OR_LOCATOR", form("LABEL/LABEL or LOCATOR", readEncap)),
  ],
  {
    options: [
      one(
        "id",
        "The id of the tunnel.",
        argument("ID", integer(0, Number.MAX_SAFE_INTEGER, ignored)),
      ),
      one("dst", "The other end of the tunnel.", argument("ADDRESS", address)),
      one("src", "This end of the tunnel.", argument("ADDRESS", address)),
      one("tos", "The TOS of outer packets; `ip` only.", argument("TOS", named("TOS", 255))),
      one("ttl", "The TTL of outer packets; `ip` only.", argument("TTL", integer(0, 255, ignored))),
      one(
        "tc",
        "The traffic class of outer packets; `ip6` only.",
        argument("TC", named("class", 255)),
      ),
      one(
        "hoplimit",
        "The hop limit of outer packets; `ip6` only.",
        argument("HOPS", integer(0, 255, ignored)),
      ),
      one("flags", "The flags of the tunnel.", argument("FLAGS", named("flags", 65_535))),
    ],
  },
);

function readEncap(word: string): FormReading {
  if (/^[0-9a-fA-F/:]+$/.test(word)) return { ok: true, value: word };
  return {
    ok: false,
    message: `\`${word}\` is neither a stack of labels nor a locator`,
    otherwise: { instead: ignored },
  };
}

const nexthopOption: OptionSpec = option(
  "nexthop",
  "One of several next hops; it is the last part of a line, and may stand there again and again.",
  [],
  {
    repeats: true,
    options: [
      option("via", "Its address.", [family, argument("ADDRESS", address)]),
      one("dev", "Its interface.", argument("INTERFACE", interfaceName)),
      one("weight", "Its share.", argument("WEIGHT", integer(1, 256, ignored))),
      bare("onlink", "Takes it for a neighbour even when no subnet says so."),
      encapOption,
      one("realms", "Its realms.", argument("REALMS", realms)),
    ],
  },
);

const pathOptions: readonly OptionSpec[] = [
  bare("inet", "Says that the route is IPv4."),
  bare("inet6", "Says that the route is IPv6."),
  one("to", "The destination, where it does not stand first.", argument("PREFIX", destination)),
  one("src", "The source address of packets of this host.", argument("ADDRESS", address)),
  option("via", "The next hop.", [family, argument("ADDRESS", address)]),
  option("gw", "An old spelling of `via`.", [family, argument("ADDRESS", address)], {
    sameAs: "via",
    deprecated: { advice: "write `via`", rename: "via" },
  }),
  option("or", "A second next hop, in the old manner.", [argument("ADDRESS", address)], {
    deprecated: { advice: "write `nexthop via` for each of them" },
  }),
  one("from", "The source that the route is for; IPv6 only.", argument("PREFIX", prefix)),
  one("tos", "The TOS that the route is for.", argument("TOS", named("TOS", 255))),
  option("dsfield", "Another name of `tos`.", [argument("TOS", named("TOS", 255))], {
    sameAs: "tos",
  }),
  one("table", "The routing table.", argument("TABLE", named("table", uintMax))),
  option("vrf", "The VRF, whose table counts.", [argument("INTERFACE", interfaceName)], {
    missing: "the route is left out; name the table of the VRF",
  }),
  one(
    "protocol",
    "Who has made the route, for the kernel's list.",
    argument("PROTOCOL", named("protocol", 255)),
  ),
  one("scope", "How far the destination is.", argument("SCOPE", scope)),
  one("metric", "The preference among routes; the least wins.", argument("METRIC", number)),
  option("priority", "Another name of `metric`.", [argument("METRIC", number)], {
    sameAs: "metric",
  }),
  option("preference", "Another name of `metric`.", [argument("METRIC", number)], {
    sameAs: "metric",
  }),
  one("dev", "The interface.", argument("INTERFACE", interfaceName)),
  option("oif", "Another name of `dev`.", [argument("INTERFACE", interfaceName)], {
    sameAs: "dev",
  }),
  bare("onlink", "Takes the next hop for a neighbour even when no subnet says so; IPv4 only."),
  encapOption,
  one("expires", "How long the route lives, in seconds; IPv6 only.", argument("SECONDS", number)),
];

const metricOptions: readonly OptionSpec[] = [
  lockable("mtu", "The largest packet of the path."),
  one("hoplimit", "The TTL of packets.", argument("HOPS", integer(0, 255, ignored))),
  lockable("advmss", "The segment size that TCP offers."),
  lockable("rtt", "The round trip time that TCP begins with.", duration),
  lockable("rttvar", "The variation of the round trip time that TCP begins with.", duration),
  lockable("reordering", "How much reordering TCP expects."),
  one("window", "The largest window that TCP offers.", argument("BYTES", number)),
  lockable("cwnd", "The largest congestion window."),
  lockable("ssthresh", "The slow start threshold that TCP begins with."),
  one("realms", "The realms of the route; IPv4 only.", argument("REALMS", realms)),
  lockable("rto_min", "The shortest retransmission timeout.", duration),
  one("initcwnd", "The congestion window that TCP begins with.", argument("SEGMENTS", number)),
  one("initrwnd", "The receive window that TCP begins with.", argument("SEGMENTS", number)),
  one(
    "features",
    "Features of the path.",
    argument("FEATURE", choice(["ecn"], "the word is ignored")),
  ),
  one("quickack", "Whether TCP acknowledges at once.", argument("FLAG", integer(0, 1, ignored))),
  lockable("congctl", "The congestion control of TCP.", text),
  one(
    "pref",
    "The preference among routers; IPv6 only.",
    argument("PREFERENCE", form("low, medium, high or a number", readPreference)),
  ),
  one(
    "ttl-propagate",
    "Whether the TTL goes along under MPLS labels.",
    argument("SWITCH", choice(["enabled", "disabled"], "the word is ignored")),
  ),
  one(
    "fastopen_no_cookie",
    "Whether TCP fast open does without a cookie.",
    argument("FLAG", integer(0, 1, ignored)),
  ),
  bare("add", "Adds the route unless there is one like it."),
  bare("prepend", "Puts the route before others like it, which is what happens anyway."),
  bare("append", "Puts the route behind others like it."),
  nexthopOption,
];

function readPreference(word: string): FormReading {
  if (/^(low|medium|high|\d{1,3})$/.test(word)) return { ok: true, value: word };
  return {
    ok: false,
    message: `\`${word}\` is neither low, medium, high nor a number`,
    otherwise: { instead: ignored },
  };
}

/** Routes that move with an instance, or stay. */
export function routeLine(kind: "virtual" | "static"): LineSpec {
  return {
    name: "route-line",
    summary: "One route a line: perhaps its type, the destination, and what `ip route` takes.",
    leading: [optional("TYPE", choice(types, ignored)), optional("PREFIX", destination)],
    check: routeFault,
    options: [
      ...pathOptions,
      ...metricOptions,
      bare("no_track", "Ignores it when somebody else removes the route."),
      ...(kind === "virtual"
        ? []
        : [
            one(
              "track_group",
              "The group of instances that leave MASTER when somebody removes the route.",
              argument("GROUP", reference("track_group")),
            ),
          ]),
    ],
  };
}
