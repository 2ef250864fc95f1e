// Running in a named network namespace: the process enters it and becomes its own program again, so that every thread
// that it ever has is inside.

import { closeSync, openSync, statSync } from "node:fs";
import { fail, ok, type Result } from "../base/result.ts";
import type { KernelFault } from "../world/kernel.ts";
import { syscallFault } from "./ffi/errno.ts";
import type { Syscalls } from "./ffi/syscalls.ts";

const newNetwork = 0x40000000;
const setDescriptorFlags = 2;

/** A namespace that cannot be entered. */
export type NamespaceFault = { readonly kind: "no-namespace"; readonly text: string } | KernelFault;

/** True when this process is in the namespace of that name [ip netns]; a fault when there is none. */
export function isInNetworkNamespace(name: string): Result<boolean, NamespaceFault> {
  try {
    const there = statSync(pathOf(name));
    const here = statSync("/proc/self/ns/net");
    return ok(there.ino === here.ino && there.dev === here.dev);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return fail({ kind: "no-namespace", text: `no network namespace ${name}: ${text}` });
  }
}

/**
 * Enters a namespace and starts this process's program again with the same arguments: same process id, all inside.
 * Returns only with a fault. `descriptors` stay open.
 */
export function restartInNetworkNamespace(
  syscalls: Syscalls,
  name: string,
  descriptors: readonly number[] = [],
): NamespaceFault {
  let fd: number;
  try {
    fd = openSync(pathOf(name), "r");
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { kind: "no-namespace", text: `no network namespace ${name}: ${text}` };
  }
  const entered = syscalls.setns(fd, newNetwork);
  closeSync(fd);
  if (entered < 0) return syscallFault(`setns(${name})`, entered);
  for (const descriptor of descriptors) syscalls.fcntl(descriptor, setDescriptorFlags, 0);
  const argv = [process.argv0, ...process.execArgv, ...process.argv.slice(1)];
  const environment = Object.entries(process.env).map(([key, value]) => `${key}=${value ?? ""}`);
  return syscallFault("execve", syscalls.execve(process.execPath, argv, environment));
}

function pathOf(name: string): string {
  return `/run/netns/${name}`;
}
