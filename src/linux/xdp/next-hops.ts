// Where frames to a destination go, from the kernel's routes and neighbours: the MAC addresses that
// the program writes into each packet.

import type { IpAddress } from "../../base/address.ts";
import { hopStatus, type NextHop, noHop } from "../../wire/maps/destination-record.ts";
import type { LinkFact } from "../../world/kernel.ts";
import type { NeighbourFact, RoutingKernel } from "../../world/routing.ts";

/** How often the kernel is asked to resolve an address that has no MAC yet, and to keep it. */
const resolveEveryMs = 1000;
const keepEveryMs = 30_000;
const usable = ["reachable", "stale", "delay", "probe", "permanent", "noarp"];

/** A destination's way, and whether it is this very host. */
export interface Way {
  readonly hop: NextHop;
  readonly local: boolean;
  /** The source address that the route prefers; absent without a route. */
  readonly source?: IpAddress;
}

/** Answers "where to" from one reading of the kernel. */
export interface WayFinder {
  find(destination: IpAddress): Way;
}

export class NextHops {
  readonly #routing: RoutingKernel;
  readonly #sendsByXdp: (ifindex: number) => boolean;
  readonly #askedAtMs = new Map<string, number>();

  /** `sendsByXdp` tells whether XDP can send out of an interface. */
  constructor(routing: RoutingKernel, sendsByXdp: (ifindex: number) => boolean) {
    this.#routing = routing;
    this.#sendsByXdp = sendsByXdp;
  }

  /** Reads the neighbours once; routes are asked for one by one. */
  look(links: readonly LinkFact[], nowMs: number): WayFinder {
    const read = this.#routing.neighbours();
    const neighbours = new Map<string, NeighbourFact>();
    if (read.ok)
      for (const neighbour of read.value)
        neighbours.set(`${neighbour.interfaceIndex} ${neighbour.address}`, neighbour);
    const byIndex = new Map(links.map((link) => [link.index, link]));
    return { find: (destination) => this.#find(destination, neighbours, byIndex, nowMs) };
  }

  #find(
    destination: IpAddress,
    neighbours: ReadonlyMap<string, NeighbourFact>,
    links: ReadonlyMap<number, LinkFact>,
    nowMs: number,
  ): Way {
    const route = this.#routing.route(destination);
    if (!route.ok) return { hop: noHop, local: false };
    if (route.value.local) return { hop: noHop, local: true };
    const link = links.get(route.value.interfaceIndex);
    if (link === undefined) return { hop: noHop, local: false };
    const gateway = route.value.gateway ?? destination;
    const name = `${link.index} ${gateway}`;
    const neighbour = neighbours.get(name);
    const mac =
      neighbour !== undefined && usable.includes(neighbour.state) ? neighbour.mac : undefined;
    this.#keepResolved(
      link.index,
      gateway,
      mac === undefined ? resolveEveryMs : keepEveryMs,
      nowMs,
    );
    const { preferredSource: source } = route.value;
    const hop = this.#hop(link, gateway, mac);
    return { hop, local: false, ...(source !== undefined && { source }) };
  }

  #hop(link: LinkFact, gateway: IpAddress, mac: Uint8Array | undefined): NextHop {
    const common = { ifindex: link.index, gateway, mtu: Math.min(link.mtu, 0xffff) };
    if (mac?.length !== 6 || link.mac.length !== 6)
      return {
        ...common,
        status: hopStatus.unresolved,
        targetMac: noHop.targetMac,
        sourceMac: noHop.sourceMac,
      };
    const status = this.#sendsByXdp(link.index) ? hopStatus.ready : hopStatus.readyForTc;
    return { ...common, status, targetMac: mac, sourceMac: link.mac };
  }

  #keepResolved(ifindex: number, gateway: IpAddress, everyMs: number, nowMs: number): void {
    const name = `${ifindex} ${gateway}`;
    const askedAtMs = this.#askedAtMs.get(name);
    if (askedAtMs !== undefined && nowMs - askedAtMs < everyMs) return;
    this.#askedAtMs.set(name, nowMs);
    this.#routing.keepResolved(ifindex, gateway);
  }
}
