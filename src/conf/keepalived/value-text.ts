// Small readings of texts that values need.

import { familyOf, parseIpAddress } from "../../base/address.ts";
import { utf8Length } from "../text/text-position.ts";
/** How many ones an IPv4 netmask begins with; undefined when it is none. */
export function netmaskLength(text: string): number | undefined {
  const parsed = parseIpAddress(text);
  if (!parsed.ok || familyOf(parsed.value) !== 4) return undefined;
  const bits = parsed.value
    .split(".")
    .map((part) => Number(part).toString(2).padStart(8, "0"))
    .join("");
  return /^1*0*$/.test(bits) ? bits.lastIndexOf("1") + 1 : undefined;
}

/** As many whole characters as fit into that many bytes of UTF-8. */
export function firstBytes(text: string, bytesMax: number): string {
  let bytes = 0;
  let kept = "";
  for (const character of text) {
    bytes += utf8Length(character);
    if (bytes > bytesMax) break;
    kept += character;
  }
  return kept;
}
