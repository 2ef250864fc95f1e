// Options of routes and rules as iproute2 writes them, by name.

import { type Family, familyOf, type IpAddress, parseIpAddress } from "../../base/address.ts";
import type { RoutingOption } from "../../model/routing.ts";
import { gauge, type SnmpValue } from "./value.ts";

/** A destination or source: its address and the length of its prefix. */
export interface Prefix {
  readonly address: IpAddress;
  readonly length: number;
}

const tables: Readonly<Record<string, number>> = { default: 253, main: 254, local: 255 };
const anywhere: Readonly<Record<Family, IpAddress>> = {
  4: "0.0.0.0" as IpAddress,
  6: "::" as IpAddress,
};

/** Reads `10.0.0.0/8`, an address, or `default`. Undefined where it is none of these. */
export function prefixOf(text: string, family: Family): Prefix | undefined {
  if (text === "default" || text === "all" || text === "any")
    return { address: anywhere[family], length: 0 };
  const [first = "", length] = text.split("/");
  const address = parseIpAddress(first);
  if (!address.ok) return undefined;
  const bits = familyOf(address.value) === 6 ? 128 : 32;
  return { address: address.value, length: length === undefined ? bits : Number(length) };
}

/** Number of a routing table; undefined for a name that only this host's files know. */
export function tableNumber(
  table: string | number | undefined,
  unless: number,
): number | undefined {
  if (table === undefined) return unless;
  const number = typeof table === "number" ? table : (tables[table] ?? Number(table));
  return Number.isInteger(number) ? number : undefined;
}

/** The value behind a name; undefined where the name is not written. */
export function optionText(
  options: readonly RoutingOption[],
  ...names: string[]
): string | undefined {
  const option = options.find(({ name }) => names.includes(name));
  return option === undefined ? undefined : String(option.values.at(-1) ?? "");
}

/** The same as a number, decimal or hexadecimal; times end with `ms` or `s` and become milliseconds. */
export function optionNumber(
  options: readonly RoutingOption[],
  ...names: string[]
): number | undefined {
  const text = optionText(options, ...names);
  if (text === undefined) return undefined;
  const [, digits = "", unit] = /^(.*?)(ms|s)?$/.exec(text) ?? [];
  const value = Number(digits) * (unit === "s" ? 1000 : 1);
  return digits === "" || Number.isNaN(value) ? undefined : value;
}

/** The same as a Gauge32. */
export function optionGauge(
  options: readonly RoutingOption[],
  ...names: string[]
): SnmpValue | undefined {
  const value = optionNumber(options, ...names);
  return value === undefined ? undefined : gauge(value);
}

/** Whether a name is written at all. */
export function hasOption(options: readonly RoutingOption[], name: string): boolean {
  return options.some((option) => option.name === name);
}

/** Two numbers around a separator, such as `5/0xff` and `100-200`; the second may be missing. */
export function optionPair(
  options: readonly RoutingOption[],
  name: string,
  separator: string,
): readonly [number | undefined, number | undefined] {
  const [first, second] = (optionText(options, name) ?? "").split(separator);
  const number = (text: string | undefined): number | undefined =>
    text === undefined || text === "" || Number.isNaN(Number(text)) ? undefined : Number(text);
  return [number(first), number(second)];
}
