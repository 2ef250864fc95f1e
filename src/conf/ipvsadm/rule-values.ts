// The arguments of options: addresses, numbers, masks.

import { type Family, familyOf, type IpAddress, parseIpAddress } from "../../base/address.ts";
import { maskLength } from "../text/netmask.ts";
import { parsePort } from "../text/port-names.ts";
import type { GivenOption, ReportWord, RuleWord } from "./scan-rule.ts";

/** Finds the address of a name; undefined when nobody can tell. */
export type ResolveHost = (name: string, family: Family) => IpAddress | undefined;

/** How values are read. */
export interface ValueContext {
  readonly report: ReportWord;
  readonly resolve?: ResolveHost;
}

const stops = { severity: "error", stops: true } as const;
const half = "ipvsadm stops here, with half of the table loaded";

/** A number in a range. */
export function readNumber(
  given: GivenOption | undefined,
  range: readonly [number, number],
  context: ValueContext,
): number | undefined {
  const word = given?.argument;
  if (given === undefined || word === undefined) return undefined;
  const [min, max] = range;
  const value = Number(word.text);
  if (/^\d+$/.test(word.text) && value >= min && value <= max) return value;
  context.report(word, "A05", {
    ...stops,
    message: /^-?\d+$/.test(word.text)
      ? `\`${given.word.text} ${word.text}\` is out of range`
      : `\`${word.text}\` is not a number`,
    label: `${min} to ${max}`,
    effect: half,
  });
  return undefined;
}

/** An address with a port, by numbers or names. */
export function readEndpoint(
  word: RuleWord,
  family: Family | undefined,
  context: ValueContext,
): { readonly address?: IpAddress; readonly port?: number } | undefined {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::([^:]*))?$/.exec(word.text);
  const bare = parseIpAddress(word.text);
  if (bare.ok) return { address: bare.value };
  const host = match?.[1] ?? match?.[2] ?? "";
  const portText = match?.[3];
  const parsed = parseIpAddress(host);
  const port = portText === undefined ? undefined : parsePort(portText);
  if (portText !== undefined && port === undefined) return badEndpoint(word, context);
  const rest = port === undefined ? {} : { port };
  if (parsed.ok) return { address: parsed.value, ...rest };
  const isName =
    match?.[2] !== undefined && /^[A-Za-z0-9._-]+$/.test(host) && !/^[\d.]+$/.test(host);
  if (!isName) return badEndpoint(word, context);
  return resolved(host, word, family ?? 4, rest, context);
}

function resolved(
  host: string,
  word: RuleWord,
  family: Family,
  rest: { readonly port?: number },
  { report, resolve }: ValueContext,
): { readonly address?: IpAddress; readonly port?: number } {
  const address = host === "localhost" ? parseIpAddress("127.0.0.1") : undefined;
  if (address?.ok === true) return { address: address.value, ...rest };
  const found = resolve?.(host, family);
  if (found !== undefined) return { address: found, ...rest };
  report(word, "A14", {
    severity: resolve === undefined ? "advice" : "error",
    message:
      resolve === undefined
        ? `\`${host}\` is the name of a host: it is looked up when the file is loaded`
        : `the host \`${host}\` has no IPv${family} address that could be found`,
    effect: "without its address the line is left out",
    fix: "save the table with `ipvsadm -Sn`",
  });
  return rest;
}

function badEndpoint(word: RuleWord, { report }: ValueContext): undefined {
  report(word, "A04", {
    ...stops,
    message: `\`${word.text}\` is no address with a port`,
    label: "such as 192.0.2.1:80 or [2001:db8::1]:80",
    effect: half,
  });
  return undefined;
}

/** The length of the prefix that persistence looks at. */
export function readMask(
  given: GivenOption | undefined,
  family: Family,
  context: ValueContext,
): number | undefined {
  const word = given?.argument;
  if (word === undefined) return undefined;
  if (family === 6) return readNumber(given, [1, 128], context);
  const length = maskLength(word.text);
  if (typeof length === "number") return length;
  context.report(word, "A04", {
    ...stops,
    message: `\`${word.text}\` ${length}`,
    label: "such as 255.255.255.0",
    effect: half,
  });
  return undefined;
}

/** True when both are of one family. */
export function isOfFamily(address: IpAddress, family: Family): boolean {
  return familyOf(address) === family;
}
