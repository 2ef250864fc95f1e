// The lines of virtual_ipaddress: an address with options in the manner of iproute2.

import {
  familyOf,
  type IpAddress,
  ipv4FromNumber,
  ipv4Number,
  parseIpAddress,
} from "../../../base/address.ts";
import type { VirtualAddress } from "../../../model/vrrp-instance.ts";
import type { Span } from "../../text/diagnostic.ts";
import type { Line } from "../language/expand.ts";
import type { Word } from "../language/tree.ts";
import type { Lowering } from "./lowering.ts";

/** An address and where it stands. */
export interface PlacedAddress {
  readonly value: VirtualAddress;
  readonly span: Span;
}

const scopes: Readonly<Record<string, number>> = {
  global: 0,
  site: 200,
  link: 253,
  host: 254,
  nowhere: 255,
};

const flagsNotActedOn: ReadonlySet<string> = new Set([
  "home",
  "-nodad",
  "mngtmpaddr",
  "noprefixroute",
  "autojoin",
  "no_track",
  "use_vmac",
]);

const optionsNotActedOn: ReadonlySet<string> = new Set(["peer", "preferred_lft", "track_group"]);

/** Reads the address lines inside the block of `line`. */
export function lowerAddressLines(line: Line, lowering: Lowering): readonly PlacedAddress[] {
  const found: PlacedAddress[] = [];
  for (const inner of line.block ?? []) {
    const address = lowerAddressLine(inner, lowering);
    if (address !== undefined) found.push(address);
  }
  return found;
}

/** Options of one address while its line is read. */
type AddressOptions = { -readonly [Key in keyof VirtualAddress]?: VirtualAddress[Key] };

function lowerAddressLine(line: Line, lowering: Lowering): PlacedAddress | undefined {
  const first = line.words[0];
  if (first === undefined) return undefined;
  const base = readPrefix(line, first, lowering);
  if (base === undefined) return undefined;
  const options: AddressOptions = {};
  for (let i = 1; i < line.words.length; i++) {
    const word = line.words[i];
    const value = line.words[i + 1];
    if (word !== undefined && readOption(line, word, value, { base, options }, lowering)) i++;
  }
  return { value: { ...base, ...options }, span: lowering.span(line, first) };
}

function readPrefix(
  line: Line,
  word: Word,
  lowering: Lowering,
): { address: IpAddress; prefixLength: number } | undefined {
  const slash = word.text.indexOf("/");
  const parsed = parseIpAddress(slash < 0 ? word.text : word.text.slice(0, slash));
  if (!parsed.ok) {
    // What looks like an address was meant to be one; prose and placeholders are skipped as keepalived does.
    const meant = /^\d+\.|:/.test(word.text);
    lowering.report(lowering.span(line, word), {
      severity: meant ? "error" : "warning",
      code: "not-an-address",
      message: `\`${word.text}\` is not an IP address`,
      effect: meant ? "keepalived skips the line" : "the line is ignored",
      fix: "write an address as in `192.0.2.1/24`, or remove the line",
    });
    return undefined;
  }
  const lengthMax = familyOf(parsed.value) === 4 ? 32 : 128;
  if (slash < 0) return { address: parsed.value, prefixLength: lengthMax };
  const length = word.text.slice(slash + 1);
  const prefixLength = /^\d{1,3}$/.test(length) ? Number(length) : lengthMax + 1;
  if (prefixLength <= lengthMax) return { address: parsed.value, prefixLength };
  lowering.report(lowering.span(line, word), {
    severity: "warning",
    code: "value-out-of-range",
    message: `the prefix length \`${length}\` is outside 0 to ${lengthMax}`,
    effect: `${lengthMax} counts`,
  });
  return { address: parsed.value, prefixLength: lengthMax };
}

/** Reads one option; true when it took its argument as well. */
function readOption(
  line: Line,
  word: Word,
  value: Word | undefined,
  target: { base: { address: IpAddress; prefixLength: number }; options: AddressOptions },
  lowering: Lowering,
): boolean {
  const name = word.text;
  if (flagsNotActedOn.has(name) || optionsNotActedOn.has(name)) {
    lowering.report(lowering.span(line, word), {
      severity: "warning",
      code: "keyword-not-acted-on",
      message: `\`${name}\` is read, but Keelson does not act on it yet`,
    });
    return optionsNotActedOn.has(name);
  }
  if (!["dev", "scope", "brd", "broadcast", "label"].includes(name)) {
    lowering.report(lowering.span(line, word), {
      severity: "warning",
      code: "unknown-keyword",
      message: `\`${name}\` is no option of an address`,
      effect: "it is ignored",
      fix: parseIpAddress(name.replace(/\/.*/, "")).ok
        ? "put each address on a line of its own"
        : "write dev, scope, brd or label",
    });
    return false;
  }
  if (value === undefined) {
    lowering.report(lowering.span(line, word), {
      severity: "error",
      code: "missing-argument",
      message: `\`${name}\` needs an argument`,
    });
    return false;
  }
  readValue(line, name, value, target, lowering);
  return true;
}

function readValue(
  line: Line,
  name: string,
  value: Word,
  target: { base: { address: IpAddress; prefixLength: number }; options: AddressOptions },
  lowering: Lowering,
): void {
  const { base, options } = target;
  if (name === "dev") options.interface = value.text;
  else if (name === "label") options.label = value.text;
  else if (name === "scope") {
    const scope = Object.hasOwn(scopes, value.text) ? scopes[value.text] : Number(value.text);
    if (scope !== undefined && scope >= 0 && scope <= 255) options.scope = scope;
    else lowering.choice(line, value, Object.keys(scopes), "the scope is global");
  } else if (value.text === "+") {
    if (familyOf(base.address) === 4) options.broadcast = broadcastOf(base);
  } else if (value.text !== "-") {
    const broadcast = lowering.address(line, value);
    if (broadcast !== undefined) options.broadcast = broadcast;
  }
}

/** The address of a subnet whose host bits are all one. */
function broadcastOf(base: { address: IpAddress; prefixLength: number }): IpAddress {
  const hostBits = 2 ** (32 - base.prefixLength) - 1;
  return ipv4FromNumber((ipv4Number(base.address) | hostBits) >>> 0);
}
