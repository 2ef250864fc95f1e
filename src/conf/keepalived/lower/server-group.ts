// virtual_server_group: addresses, ranges and marks.

import {
  familyOf,
  type IpAddress,
  ipAddressBytes,
  ipAddressFromBytes,
  parseIpAddress,
} from "../../../base/address.ts";
import type { ServerGroup, ServerGroupEntry } from "../../../model/server-group.ts";
import type { Entry, Setting } from "../section.ts";
import { asNumber, asText } from "./setting-values.ts";

/** Reads one group; undefined when it has no name. */
export function lowerServerGroup(setting: Setting): ServerGroup | undefined {
  const name = setting.line.words[1]?.text;
  if (name === undefined) return undefined;
  return { name, entries: (setting.entries ?? []).flatMap((entry) => lowerEntry(entry) ?? []) };
}

function lowerEntry({ leading, line }: Entry): ServerGroupEntry | undefined {
  const [first, second, third] = leading;
  if (first === "fwmark") {
    const fwmark = asNumber(second);
    if (fwmark === undefined) return undefined;
    const family = asText(third);
    return {
      kind: "fwmark",
      fwmark,
      ...(family === undefined ? {} : { family: family === "inet6" ? 6 : 4 }),
    };
  }
  const range = rangeOf(asText(first));
  const port = asNumber(second);
  if (range === undefined || (port === undefined && line.words.length > 1)) return undefined;
  return { kind: "addresses", ...range, port: port ?? 0 };
}

/** `192.0.2.1`, `192.0.2.1-10`, `192.0.2.1-192.0.2.10` or `192.0.2.0/28`: the first and the last address. */
function rangeOf(
  text: string | undefined,
): { readonly first: IpAddress; readonly last: IpAddress } | undefined {
  const match = /^([^/-]+)(?:-([^/]+)|\/(\d{1,3}))?$/.exec(text ?? "");
  const parsed = parseIpAddress(match?.[1] ?? "");
  if (match === null || !parsed.ok) return undefined;
  const first = parsed.value;
  const [, , end, length] = match;
  if (length !== undefined) return { first, last: lastOfPrefix(first, Number(length)) };
  if (end === undefined) return { first, last: first };
  const whole = parseIpAddress(end);
  return { first, last: whole.ok ? whole.value : withLastPart(first, end) };
}

function lastOfPrefix(first: IpAddress, length: number): IpAddress {
  const bytes = ipAddressBytes(first);
  const last = bytes.map((byte, i) => {
    const ones = Math.min(8, Math.max(0, length - i * 8));
    return byte | (0xff >> ones);
  });
  return ipAddressFromBytes(last);
}

/** The address whose last part, decimal in IPv4 and hexadecimal in IPv6, is another one. */
function withLastPart(first: IpAddress, part: string): IpAddress {
  const bytes = ipAddressBytes(first);
  const last = bytes.length - 1;
  if (familyOf(first) === 4) bytes[last] = Number(part) & 0xff;
  else {
    const value = Number.parseInt(part, 16);
    bytes[last - 1] = (value >> 8) & 0xff;
    bytes[last] = value & 0xff;
  }
  return ipAddressFromBytes(bytes);
}
