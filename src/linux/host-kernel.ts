// The parts of the kernel that a MASTER changes beside addresses.

import type { HostKernel } from "../world/host-kernel.ts";
import type { Syscalls } from "./ffi/syscalls.ts";
import { openKernelSettings } from "./kernel-settings.ts";
import { openRoutingTables } from "./netlink-routing-tables.ts";
import { openVirtualLinks } from "./netlink-virtual-links.ts";
import { openPacketGuard } from "./packet-guard.ts";

/** All of them, of the network namespace that the caller is in. */
export function openHostKernel(syscalls: Syscalls): HostKernel {
  return {
    guard: openPacketGuard(syscalls),
    routing: openRoutingTables(syscalls),
    virtualLinks: openVirtualLinks(syscalls),
    settings: openKernelSettings(),
  };
}
