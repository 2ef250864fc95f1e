// The address family of an instance: what stands first in its block decides, as with keepalived.

import { familyOf, type IpAddress, parseIpAddress } from "../../../base/address.ts";
import type { Line } from "../language/expand.ts";
import { keywordOf, type Section } from "../section.ts";

/** A place that names an address of the family of its instance: all of them must agree with the first. */
export interface FamilyWitness {
  readonly family: 4 | 6;
  readonly address: IpAddress;
  readonly keyword: string;
  readonly line: Line;
  /** Of the address in the line. */
  readonly wordIndex: number;
}

const sources: ReadonlySet<string> = new Set(["mcast_src_ip", "unicast_src_ip"]);
const lists: ReadonlySet<string> = new Set(["unicast_peer", "virtual_ipaddress"]);

/** The addresses that must agree, in the order of the text; `virtual_ipaddress_excluded` is not among them. */
export function familyWitnessesOf(section: Section): readonly FamilyWitness[] {
  const witnesses: FamilyWitness[] = [];
  const add = (value: unknown, keyword: string, line: Line, wordIndex: number): void => {
    const parsed = parseIpAddress(String(value ?? "").replace(/\/.*/, ""));
    if (!parsed.ok) return;
    const address = parsed.value;
    witnesses.push({ family: familyOf(address), address, keyword, line, wordIndex });
  };
  for (const setting of section.settings) {
    const keyword = keywordOf(setting);
    if (sources.has(keyword)) add(setting.values[0], keyword, setting.line, 1);
    else if (lists.has(keyword))
      for (const { leading, line } of setting.entries ?? []) add(leading[0], keyword, line, 0);
  }
  return witnesses;
}

/** The family that the first of them gives; IPv4 when there is none. */
export function familyOfSection(section: Section): 4 | 6 {
  return familyWitnessesOf(section)[0]?.family ?? 4;
}
