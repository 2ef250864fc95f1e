// Keeps the interfaces of virtual routers: made before they are needed, given the settings without
// which two interfaces on one segment answer for each other, and removed when no instance needs them.
//
// What is changed about the base interface is written into the alias of the virtual one. So a process
// that comes after a crash knows what to restore, and what it finds is known to be ours.

import type { VirtualLink } from "../../plan/virtual-links.ts";
import { virtualLinks } from "../../plan/virtual-links.ts";
import type { LinkTable } from "./link-table.ts";
import { type EngineWorld, LogLimiter } from "./output.ts";
import type { RunningInstance } from "./running-instance.ts";

const complaintGapMs = 30_000;
const aliasStart = "keelson";
const fe80 = "fe80:";

export class VirtualLinkKeeper {
  readonly #world: EngineWorld;
  readonly #links: LinkTable;
  readonly #complaints = new LogLimiter(complaintGapMs);
  #wanted = new Map<string, VirtualLink>();
  /** Links that are ours and stand; by name. */
  readonly #standing = new Map<string, VirtualLink>();
  /** Settings of base interfaces as they were before us: path and value. */
  readonly #before = new Map<string, string>();
  /** Why a link could not be made. */
  readonly #faults = new Map<string, string>();

  constructor(world: EngineWorld, links: LinkTable) {
    this.#world = world;
    this.#links = links;
  }

  /** Takes the instances of a new configuration, retiring ones included. */
  adopt(instances: Iterable<RunningInstance>): void {
    this.#wanted = new Map();
    for (const { config } of instances)
      for (const link of virtualLinks(config)) this.#wanted.set(link.name, link);
    for (const link of [...this.#standing.values()])
      if (!this.#wanted.has(link.name)) this.#remove(link);
    this.raise();
  }

  /** Makes what is missing and can be made. True: the links have changed. */
  raise(): boolean {
    let changed = false;
    for (const link of this.#wanted.values()) {
      const known = this.#links.link(link.name);
      if (known?.up === true && this.#standing.has(link.name)) continue;
      if (this.#links.link(link.base)?.up !== true) continue;
      changed = this.#make(link) || changed;
    }
    if (changed) this.#links.readLinks();
    return changed;
  }

  /** A sentence when an interface of an instance could not be made. */
  faultOf(instance: RunningInstance): string | undefined {
    if (this.#faults.size === 0) return undefined;
    for (const { name } of virtualLinks(instance.config)) {
      const fault = this.#faults.get(name);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  /** Names of macvlan interfaces, whose own chatter must not reach the segment. */
  get quietLinks(): readonly string[] {
    return [...this.#standing.values()]
      .filter(({ kind }) => kind === "macvlan")
      .map(({ name }) => name);
  }

  /** At the end: removes what stands. */
  clear(): void {
    this.#wanted = new Map();
    for (const link of [...this.#standing.values()]) this.#remove(link);
  }

  #make(link: VirtualLink): boolean {
    const { settings, virtualLinks: kernel } = this.#world.host;
    const found = this.#links.link(link.name);
    const isOurs = found?.alias?.startsWith(aliasStart) === true;
    if (found !== undefined && found.kind !== link.kind && !isOurs) {
      const what = found.kind === undefined ? "another interface" : `a ${found.kind}`;
      const text = `could not make ${link.kind} ${link.name}: ${what} has this name`;
      this.#faults.set(link.name, text);
      this.#warn("virtual-link-failed", text);
      return false;
    }
    this.#recall(found?.alias);
    const changes = this.#changesOfBase(link.base);
    const words = changes.map(({ path, before }) => `${path}=${before}`);
    const made = kernel.add(link, [aliasStart, ...words].join(" "));
    if (!made.ok) {
      const text = `could not make ${link.kind} ${link.name} on ${link.base}: ${made.fault.text}`;
      this.#faults.set(link.name, text);
      this.#warn("virtual-link-failed", text);
      return false;
    }
    this.#faults.delete(link.name);
    // Before it answers for addresses that are not on it, and the base for those that are.
    for (const [setting, value] of settingsOf(link, settings.read("ipv4/conf/all/rp_filter")))
      settings.write(setting, value);
    for (const { path, before, value } of changes) {
      this.#before.set(path, before);
      settings.write(path, value);
    }
    this.#standing.set(link.name, link);
    this.#addOwnAddresses(link);
    return true;
  }

  /** IPv6 adverts leave with a link-local address, which is the base's; an ipvlan may have its own. */
  #addOwnAddresses(link: VirtualLink): void {
    if (link.address !== undefined)
      this.#world.kernel.apply({
        kind: "add-address",
        fact: { ...link.address, interface: link.name },
      });
    if (!link.ipv6 || !link.carriesAdverts) return;
    const local = this.#links.addressesOf(link.base, 6).find((address) => address.startsWith(fe80));
    if (local === undefined) return;
    // Nothing but adverts shall leave with it.
    const lifetime = { preferredLifetimeS: 0 };
    const fact = {
      address: local,
      prefixLength: 64,
      interface: link.name,
      scope: 253,
      ...lifetime,
    };
    this.#world.kernel.apply({ kind: "add-address", fact });
  }

  #remove(link: VirtualLink): void {
    this.#standing.delete(link.name);
    this.#world.host.virtualLinks.remove(link.name);
    const isShared = [...this.#standing.values()].some(({ base }) => base === link.base);
    if (isShared) return;
    for (const [name] of settingsOfBase) {
      const path = basePath(link.base, name);
      const before = this.#before.get(path);
      if (before === undefined) continue;
      this.#before.delete(path);
      this.#world.host.settings.write(path, before);
    }
  }

  /** What has to be changed about a base interface, or has been already. */
  #changesOfBase(base: string): readonly BaseChange[] {
    return settingsOfBase.flatMap(([name, value]) => {
      const path = basePath(base, name);
      const before = this.#before.get(path) ?? this.#world.host.settings.read(path);
      const isLess = before !== undefined && Number(before) < Number(value);
      return isLess ? [{ path, before, value }] : [];
    });
  }

  /** What an earlier process has changed, from the alias of its link. */
  #recall(alias: string | undefined): void {
    if (alias?.startsWith(`${aliasStart} `) !== true) return;
    for (const word of alias.split(" ").slice(1)) {
      const [path = "", value = ""] = word.split("=");
      if (path !== "" && value !== "" && !this.#before.has(path)) this.#before.set(path, value);
    }
  }

  #warn(kind: string, text: string): void {
    if (!this.#complaints.allows(text, this.#world.clock.nowMs())) return;
    this.#world.tell({ kind: "log", event: { level: "error", kind, text } });
  }
}

interface BaseChange {
  readonly path: string;
  readonly before: string;
  readonly value: string;
}

/**
 * The base does not answer for addresses of the virtual interface, and does not ask in their name:
 * either would tell others its own MAC address for them (RFC 9568 section 8.1.2).
 */
const settingsOfBase: readonly (readonly [name: string, value: string])[] = [
  ["arp_ignore", "1"],
  ["arp_announce", "2"],
];

function basePath(base: string, name: string): string {
  return `ipv4/conf/${base}/${name}`;
}

/** Settings of the virtual interface itself; they go with it. */
function settingsOf(
  { name, ipv6 }: VirtualLink,
  filterOfAll: string | undefined,
): readonly (readonly [path: string, value: string])[] {
  // The host's own route leads over the base, so that a strict filter would drop everything here. The
  // greater of this and the setting for all counts: loose is enough, and changes no other interface.
  const filter = filterOfAll === undefined || filterOfAll === "0" ? "0" : "2";
  const ipv4 = `ipv4/conf/${name}`;
  return [
    [`${ipv4}/arp_ignore`, "1"],
    [`${ipv4}/accept_local`, "1"],
    [`${ipv4}/rp_filter`, filter],
    [`${ipv4}/promote_secondaries`, "1"],
    [`ipv6/conf/${name}/disable_ipv6`, ipv6 ? "0" : "1"],
    [`ipv6/conf/${name}/accept_ra`, "0"],
    [`ipv6/conf/${name}/autoconf`, "0"],
  ];
}
