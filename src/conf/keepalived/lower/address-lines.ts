// Address lines: an address with options in the manner of iproute2.

import { familyOf, type IpAddress, ipv4FromNumber, ipv4Number } from "../../../base/address.ts";
import type { AddressFlagName, VirtualAddress } from "../../../model/vrrp-instance.ts";
import type { Span } from "../../text/diagnostic.ts";
import { spanAt } from "../reading.ts";
import type { Entry } from "../section.ts";
import type { SettingValue } from "../table/keyword-spec.ts";
import { asAddress, asText } from "./setting-values.ts";

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

/** The addresses of a block; without the lines whose address could not be read. */
export function lowerAddresses(entries: readonly Entry[] = []): readonly PlacedAddress[] {
  const found: PlacedAddress[] = [];
  for (const entry of entries) {
    const value = lowerAddress(entry);
    if (value !== undefined) found.push({ value, span: spanAt(entry.line, 0) });
  }
  return found;
}

/** Options of one address while its line is read. */
type AddressOptions = { -readonly [Key in keyof VirtualAddress]?: VirtualAddress[Key] };

function lowerAddress(entry: Entry): VirtualAddress | undefined {
  const base = readPrefix(entry.leading[0]);
  if (base === undefined) return undefined;
  const options: AddressOptions = {};
  const flags: AddressFlagName[] = [];
  for (const { name, values } of entry.options) {
    if (isFlag(name)) flags.push(name);
    else if (name === "no_track") options.tracked = false;
    else if (name === "use_vmac") options.virtualMac = true;
    const text = asText(values[0]);
    if (text !== undefined) addOption(options, base, name, text);
  }
  return { ...base, ...options, ...(flags.length === 0 ? {} : { flags }) };
}

/** An option with a value. */
function addOption(
  options: AddressOptions,
  base: { readonly address: IpAddress; readonly prefixLength: number },
  name: string,
  text: string,
): void {
  if (name === "dev") options.interface = text;
  else if (name === "label") options.label = text;
  else if (name === "scope") options.scope = scopes[text] ?? Number(text);
  else if (name === "brd") addBroadcast(options, base, text);
  else if (name === "peer") options.peer = text as IpAddress;
  else if (name === "preferred_lft")
    options.preferredLifetimeS = text === "forever" ? text : Number(text);
}

const flagNames: readonly string[] = ["home", "-nodad", "mngtmpaddr", "noprefixroute", "autojoin"];

function isFlag(name: string): name is AddressFlagName {
  return flagNames.includes(name);
}

/** An address with the length of its prefix: the whole address where none is written. */
export function readPrefix(
  value: SettingValue | undefined,
): { readonly address: IpAddress; readonly prefixLength: number } | undefined {
  if (typeof value !== "string") return undefined;
  const slash = value.indexOf("/");
  const address = asAddress(slash < 0 ? value : value.slice(0, slash));
  if (address === undefined) return undefined;
  if (slash >= 0) return { address, prefixLength: Number(value.slice(slash + 1)) };
  return { address, prefixLength: familyOf(address) === 4 ? 32 : 128 };
}

function addBroadcast(
  options: AddressOptions,
  base: { readonly address: IpAddress; readonly prefixLength: number },
  text: string,
): void {
  if (text !== "+" && text !== "-") options.broadcast = text as IpAddress;
  else if (familyOf(base.address) === 4) options.broadcast = broadcastOf(base, text === "+");
}

/** The address of a subnet whose host bits are all one, or all zero. */
function broadcastOf(
  base: { readonly address: IpAddress; readonly prefixLength: number },
  isSet: boolean,
): IpAddress {
  const hostBits = 2 ** (32 - base.prefixLength) - 1;
  const address = ipv4Number(base.address);
  return ipv4FromNumber((isSet ? address | hostBits : address & ~hostBits) >>> 0);
}
