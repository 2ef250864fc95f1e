// Running in a named network namespace: the process enters it and becomes its own program again, so that every thread
// that it ever has is inside.

import { closeSync, openSync, statSync } from "node:fs";
import { fail, ok, type Result } from "../base/result.ts";
import type { KernelFault } from "../world/kernel.ts";
import { syscallFault } from "./ffi/errno.ts";
import type { Syscalls } from "./ffi/syscalls.ts";

const newNetwork = 0x40000000;
const setDescriptorFlags = 2;
const standardDescriptors = [0, 1, 2];

/** A namespace that cannot be entered. */
export type NamespaceFault = { readonly kind: "no-namespace"; readonly text: string } | KernelFault;

/**
 * Gets into a namespace [ip netns] by starting this process's program again there with the same arguments and the same
 * process id; `descriptors` stay open. Returns undefined when this process is inside, or none is named; else the fault.
 */
export function enterNetworkNamespace(
  syscalls: Syscalls,
  name: string | undefined,
  descriptors: readonly number[] = [],
): NamespaceFault | undefined {
  if (name === undefined) return undefined;
  const inside = isInside(name);
  if (!inside.ok) return inside.fault;
  return inside.value ? undefined : restartInside(syscalls, name, descriptors);
}

function isInside(name: string): Result<boolean, NamespaceFault> {
  try {
    const there = statSync(pathOf(name));
    const here = statSync("/proc/self/ns/net");
    return ok(there.ino === here.ino && there.dev === here.dev);
  } catch (error) {
    return fail(missing(name, error));
  }
}

/** Returns only with a fault. */
function restartInside(
  syscalls: Syscalls,
  name: string,
  descriptors: readonly number[],
): NamespaceFault {
  let fd: number;
  try {
    fd = openSync(pathOf(name), "r");
  } catch (error) {
    return missing(name, error);
  }
  const entered = syscalls.setns(fd, newNetwork);
  closeSync(fd);
  if (entered < 0) return syscallFault(`setns(${name})`, entered);
  // Node marks all of them, the standard ones too, to be closed.
  for (const descriptor of [...standardDescriptors, ...descriptors])
    syscalls.fcntl(descriptor, setDescriptorFlags, 0);
  const argv = [process.argv0, ...process.execArgv, ...process.argv.slice(1)];
  const environment = Object.entries(process.env).map(([key, value]) => `${key}=${value ?? ""}`);
  return syscallFault("execve", syscalls.execve(process.execPath, argv, environment));
}

function missing(name: string, error: unknown): NamespaceFault {
  const reason = error instanceof Error ? error.message : String(error);
  return { kind: "no-namespace", text: `no network namespace ${name}: ${reason}` };
}

function pathOf(name: string): string {
  return `/run/netns/${name}`;
}
