// Where KEEPALIVED-MIB stands: below Debian's number, which its authors use.

import { type Oid, oid } from "../oid.ts";

const keepalived = oid("1.3.6.1.4.1.9586.100.5");

/** Global objects. */
export const globalRoot: Oid = [...keepalived, 1];
/** Objects of VRRP. */
export const vrrpRoot: Oid = [...keepalived, 2];
/** Objects of virtual servers. */
export const checkRoot: Oid = [...keepalived, 3];

/** The entry of a table of VRRP. */
export function vrrpEntry(number: number): Oid {
  return [...vrrpRoot, number, 1];
}

/** The entry of a table of virtual servers. */
export function checkEntry(number: number): Oid {
  return [...checkRoot, number, 1];
}
