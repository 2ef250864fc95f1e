// What a refusal of the kernel's IPVS means.

import { fail, type Result } from "../../base/result.ts";
import type { EngineFault } from "../../world/engine.ts";
import type { KernelFault } from "../../world/kernel.ts";
import { errno } from "../ffi/errno.ts";

/** What to say for some values of errno in the place of their names, by errno. */
export type Meanings = Readonly<Record<number, Pick<EngineFault, "kind" | "text">>>;

const general: Meanings = {
  [errno.EPERM]: {
    kind: "unavailable",
    text: "the kernel lets only the administrator of the host's own user namespace drive IPVS (CAP_NET_ADMIN)",
  },
  [errno.EINVAL]: {
    kind: "syscall-failed",
    text: "the kernel calls it invalid: is the address one of a host, and does this kernel know all of it?",
  },
  [errno.ERANGE]: {
    kind: "syscall-failed",
    text: "a number is out of range: the lower threshold may not be above the upper one",
  },
  [errno.EAFNOSUPPORT]: {
    kind: "not-supported",
    text: "this kernel's IPVS does not know the address family",
  },
  [errno.EOPNOTSUPP]: {
    kind: "not-supported",
    text: "this kernel's IPVS cannot do it for this address family",
  },
};

/** A fault of the kernel in words; `meanings` are those of the call in particular. */
export function ipvsFault(fault: KernelFault, meanings: Meanings = {}): EngineFault {
  const { kind, text } = meanings[fault.errno] ??
    general[fault.errno] ?? { kind: "syscall-failed", text: fault.text };
  return { kind, text: text === fault.text ? text : `${text} (${fault.code})`, code: fault.code };
}

/** `ipvsFault` as a failed result. */
export function ipvsFailed(
  fault: KernelFault,
  meanings: Meanings = {},
): Result<never, EngineFault> {
  return fail(ipvsFault(fault, meanings));
}
