// Names of errno values, and faults made of them.

import { constants } from "node:os";
import { getSystemErrorMap } from "node:util";
import { fail, type Result } from "../../base/result.ts";
import type { KernelFault } from "../../world/kernel.ts";

/** Values that are tested for in this room. */
export const errno = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EAGAIN: 11,
  EACCES: 13,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ERANGE: 34,
  EPROTO: 71,
  EMSGSIZE: 90,
  EOPNOTSUPP: 95,
  EAFNOSUPPORT: 97,
  EADDRNOTAVAIL: 99,
  ENETDOWN: 100,
  ENETUNREACH: 101,
  ENOBUFS: 105,
  ETIMEDOUT: 110,
} as const;

const names = new Map<number, string>(
  Object.entries(constants.errno).map(([name, value]) => [value, name]),
);

/** The name of a positive errno: `EPERM`; `E1234` for one that has none. */
export function errnoName(value: number): string {
  return getSystemErrorMap().get(-value)?.[0] ?? names.get(value) ?? `E${value}`;
}

/** A fault from what a system call returned (negative errno); `detail` is the kernel's own text. */
export function syscallFault(call: string, returned: number, detail?: string): KernelFault {
  const value = Math.abs(returned);
  const code = errnoName(value);
  const reason = detail ?? getSystemErrorMap().get(-value)?.[1];
  const text = reason === undefined ? `${call}: ${code}` : `${call}: ${code}, ${reason}`;
  return { kind: "syscall-failed", call, errno: value, code, text };
}

/** `syscallFault` as a failed result. */
export function syscallFailed(
  call: string,
  returned: number,
  detail?: string,
): Result<never, KernelFault> {
  return fail(syscallFault(call, returned, detail));
}

/**
 * What a call returned that fails only when the process is out of descriptors or forbidden to make
 * any: throws then, because nothing can be done without it.
 */
export function required(call: string, returned: number): number {
  if (returned < 0) throw new Error(syscallFault(call, returned).text);
  return returned;
}
