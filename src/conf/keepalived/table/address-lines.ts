// The lines of virtual_ipaddress, virtual_ipaddress_excluded and static_ipaddress, in the manner of iproute2.

import { parseIpAddress } from "../../../base/address.ts";
import { option } from "./entries.ts";
import type { FormReading, LineSpec, OptionSpec, ValueKind } from "./keyword-spec.ts";
import { address, argument, form, interfaceName, longestS, prefix, reference } from "./kinds.ts";
import { addressFault } from "./line-checks.ts";

const scopes = ["global", "site", "link", "host", "nowhere"];

/** A scope: a name or a number up to 255. */
export const scope: ValueKind = form("global, site, link, host, nowhere or 0..255", (word) =>
  scopes.includes(word) || (/^\d{1,3}$/.test(word) && Number(word) <= 255)
    ? { ok: true, value: word }
    : {
        ok: false,
        message: `\`${word}\` is no scope`,
        otherwise: { instead: "the scope is global" },
      },
);

function readBroadcast(word: string): FormReading {
  if (word === "+" || word === "-") return { ok: true, value: word };
  const parsed = parseIpAddress(word);
  if (parsed.ok) return { ok: true, value: parsed.value };
  return {
    ok: false,
    message: `\`${word}\` is no broadcast address`,
    otherwise: "stop",
  };
}

const lifetime: ValueKind = form("SECONDS or forever", (word) =>
  word === "forever" || (/^\d{1,10}$/.test(word) && Number(word) <= longestS)
    ? { ok: true, value: word }
    : {
        ok: false,
        message: `\`${word}\` is neither a number of seconds nor \`forever\``,
        otherwise: { instead: "the default counts" },
      },
);

const broadcast = [argument("ADDRESS", form("ADDRESS, + or -", readBroadcast))];

/** The options of all address lines. */
const commonOptions: readonly OptionSpec[] = [
  option("dev", "The interface that gets the address.", [argument("INTERFACE", interfaceName)]),
  option("scope", "Where the address is valid; IPv4 only.", [argument("SCOPE", scope)]),
  option("brd", "The broadcast address; `+` takes the last of the subnet. IPv4 only.", broadcast),
  option("broadcast", "Another spelling of `brd`.", broadcast, { sameAs: "brd" }),
  option("label", "The name under which old tools show the address; IPv4 only.", [
    argument("LABEL", { kind: "text", bytesMax: 15 }),
  ]),
  option("peer", "The other end of a point-to-point link.", [argument("ADDRESS", address)]),
  option("home", "Marks an IPv6 address as a mobile node's home.", []),
  option("-nodad", "Skips the search for duplicates of an IPv6 address.", []),
  option("mngtmpaddr", "Lets the kernel derive temporary IPv6 addresses from this one.", []),
  option("noprefixroute", "Makes no route for the address's subnet.", []),
  option("autojoin", "Joins a multicast group on behalf of the address.", []),
  option(
    "preferred_lft",
    "How long an IPv6 address is preferred; 0, which is the default for /128, keeps programs from choosing it as a source.",
    [argument("SECONDS", lifetime)],
  ),
];

/** An address that moves with an instance. */
export const virtualAddressLine: LineSpec = {
  name: "address-line",
  summary: "One address a line, with its prefix length, which is 32 or 128 when it is missing.",
  leading: [argument("ADDRESS", prefix)],
  check: addressFault,
  options: [
    ...commonOptions,
    option("no_track", "Ignores it when somebody else removes the address.", []),
    option("use_vmac", "Gives the address an interface with the virtual MAC address.", []),
  ],
};

/** An address that stays. */
export const staticAddressLine: LineSpec = {
  ...virtualAddressLine,
  options: [
    ...commonOptions,
    option("no_track", "Ignores it when somebody else removes the address.", []),
    option(
      "track_group",
      "The group of instances that leave MASTER when somebody removes the address.",
      [argument("GROUP", reference("track_group"))],
    ),
  ],
};
