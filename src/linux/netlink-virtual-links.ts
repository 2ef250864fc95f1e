// Interfaces of virtual routers: macvlan and ipvlan on top of another interface.

import { ok, type Result } from "../base/result.ts";
import type { VirtualLink } from "../plan/virtual-links.ts";
import { netlinkFlag, netlinkType } from "../wire/netlink/message.ts";
import {
  encodeLinkChange,
  encodeLinkNamed,
  encodeLinkUp,
  encodeVirtualLink,
} from "../wire/netlink/virtual-link-message.ts";
import type { VirtualLinkKernel } from "../world/host-kernel.ts";
import type { KernelFault } from "../world/kernel.ts";
import { errno, syscallFailed } from "./ffi/errno.ts";
import type { Syscalls } from "./ffi/syscalls.ts";
import { NetlinkRequests } from "./netlink-socket.ts";

class NetlinkVirtualLinks implements VirtualLinkKernel {
  readonly #requests: NetlinkRequests;

  constructor(syscalls: Syscalls) {
    this.#requests = new NetlinkRequests(syscalls);
  }

  add(link: VirtualLink, alias: string): Result<void, KernelFault> {
    const base = this.#requests.interfaceIndex(link.base);
    if (base < 0) return syscallFailed("RTM_NEWLINK", base, `no interface ${link.base}`);
    const type = netlinkType.newLink;
    const flags = netlinkFlag.create | netlinkFlag.exclusive;
    const made = this.#requests.change("RTM_NEWLINK", type, flags, encodeVirtualLink(link, base));
    if (!made.ok && made.fault.errno !== errno.EEXIST) return made;
    const index = this.#requests.interfaceIndex(link.name);
    if (index < 0) return syscallFailed("RTM_NEWLINK", index, `no interface ${link.name}`);
    // The kernel would bring it up first and look at the rest of one message afterwards.
    const change = encodeLinkChange(link, index, alias);
    const changed = this.#requests.change("RTM_NEWLINK", type, 0, change);
    return changed.ok
      ? this.#requests.change("RTM_NEWLINK", type, 0, encodeLinkUp(index))
      : changed;
  }

  remove(name: string): Result<void, KernelFault> {
    const payload = encodeLinkNamed(name);
    const gone = this.#requests.change("RTM_DELLINK", netlinkType.deleteLink, 0, payload);
    return !gone.ok && gone.fault.errno === errno.ENODEV ? ok(undefined) : gone;
  }
}

/** The virtual links of the network namespace that the caller is in. */
export function openVirtualLinks(syscalls: Syscalls): VirtualLinkKernel {
  return new NetlinkVirtualLinks(syscalls);
}
