// From an IP address to an interface and two MAC addresses, by the kernel's routes and neighbours.

import type { IpAddress } from "../../base/address.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import type { Clock } from "../../world/clock.ts";
import type { AddressKernel, LinkFact } from "../../world/kernel.ts";
import type { NeighbourFact, RoutingChange, RoutingKernel } from "../../world/routing.ts";

/** Frames that wait for one neighbour; the sender repeats what is lost. */
const WAITING_MAX = 64;
/** A frame that has waited longer is no use to anybody. */
const WAITING_MAX_MS = 2000;
/** How often the kernel is asked for one unresolved neighbour. */
const ASK_INTERVAL_MS = 1000;
/** Clients whose MAC address is remembered from their own frames. */
const LEARNED_MAX = 65_536;
/** Destinations whose route is remembered until some route changes. */
const ROUTES_MAX = 65_536;

/** Where the kernel would send a packet. */
export interface Route {
  readonly interfaceIndex: number;
  /** The neighbour that must get the frame. */
  readonly hop: IpAddress;
  readonly local: boolean;
}

/** A frame's way out: interface and addresses are known. */
export interface LinkAddresses {
  readonly interfaceIndex: number;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
}

interface WaitingFrame {
  readonly sinceMs: number;
  readonly send: (addresses: LinkAddresses) => void;
}

export class NextHops {
  readonly #routing: RoutingKernel;
  readonly #addresses: AddressKernel;
  readonly #clock: Clock;
  readonly #routes = new Map<string, Result<Route, string>>();
  readonly #macs = new Map<string, Uint8Array>();
  readonly #learned = new Map<string, Uint8Array>();
  readonly #links = new Map<number, LinkFact>();
  readonly #waiting = new Map<string, WaitingFrame[]>();
  readonly #askedAtMs = new Map<string, number>();
  /** Neighbours to ask the kernel for again from time to time, because it cannot keep them. */
  readonly #unmanaged = new Map<string, Route>();

  constructor(routing: RoutingKernel, addresses: AddressKernel, clock: Clock) {
    this.#routing = routing;
    this.#clock = clock;
    this.#addresses = addresses;
    this.#readAll();
    routing.watch((change) => this.#follow(change));
    addresses.watch((change) => {
      this.#routes.clear();
      if (change.kind === "link") this.#links.set(change.link.index, change.link);
      else if (change.kind === "link-gone") this.#links.delete(change.index);
      else if (change.kind === "overrun") this.#readAll();
    });
  }

  /** The links as last seen. */
  links(): readonly LinkFact[] {
    return [...this.#links.values()];
  }

  /** The name of an interface; undefined for one that is gone. */
  interfaceName(index: number): string | undefined {
    return this.#links.get(index)?.name;
  }

  /** `link`: the address itself must be the neighbour, as DR needs it; `route`: the routes decide. */
  route(address: IpAddress, via: "link" | "route"): Result<Route, string> {
    const key = `${via} ${address}`;
    const known = this.#routes.get(key);
    if (known !== undefined) return known;
    const found = this.#routing.route(address);
    const route: Result<Route, string> = found.ok
      ? ok({
          interfaceIndex: found.value.interfaceIndex,
          hop: via === "link" ? address : (found.value.gateway ?? address),
          local: found.value.local,
        })
      : fail(found.fault.text);
    if (this.#routes.size >= ROUTES_MAX) this.#routes.clear();
    this.#routes.set(key, route);
    return route;
  }

  /** Asks the kernel to resolve the neighbour of a route and to keep it. */
  prepare(route: Route): void {
    const key = hopKey(route);
    if (route.local || this.#macs.has(key)) return;
    const nowMs = this.#clock.nowMs();
    if (nowMs - (this.#askedAtMs.get(key) ?? Number.NEGATIVE_INFINITY) < ASK_INTERVAL_MS) return;
    this.#askedAtMs.set(key, nowMs);
    const kept = this.#routing.keepResolved(route.interfaceIndex, route.hop);
    if (kept.ok && !kept.value.managed) this.#unmanaged.set(key, route);
  }

  /** Asks again for what the kernel does not keep; about twice a minute is enough. */
  refresh(): void {
    for (const { interfaceIndex, hop } of this.#unmanaged.values())
      this.#routing.keepResolved(interfaceIndex, hop);
  }

  /** Remembers from whose MAC address a client's frame came, for clients the kernel does not know. */
  learn(interfaceIndex: number, address: IpAddress, mac: Uint8Array): void {
    const key = hopKey({ interfaceIndex, hop: address });
    const known = this.#learned.get(key);
    if (known?.every((byte, i) => byte === mac[i])) return;
    if (this.#learned.size >= LEARNED_MAX) this.#learned.clear();
    this.#learned.set(key, mac.slice());
  }

  /** Calls `send` at once or, when the neighbour must be asked first, once it has answered. */
  whenResolved(route: Route, send: (addresses: LinkAddresses) => void): void {
    const key = hopKey(route);
    const mac = this.#macs.get(key) ?? this.#learned.get(key);
    const source = this.#links.get(route.interfaceIndex)?.mac;
    if (mac !== undefined && source?.length === 6) {
      send({ interfaceIndex: route.interfaceIndex, source, destination: mac });
      return;
    }
    const waiting = this.#waiting.get(key) ?? [];
    waiting.push({ sinceMs: this.#clock.nowMs(), send });
    if (waiting.length > WAITING_MAX) waiting.shift();
    this.#waiting.set(key, waiting);
    this.prepare(route);
  }

  close(): void {
    this.#waiting.clear();
  }

  #follow(change: RoutingChange): void {
    switch (change.kind) {
      case "neighbour":
        this.#take(change.neighbour);
        break;
      case "neighbour-gone":
        this.#macs.delete(hopKey({ ...change, hop: change.address }));
        break;
      case "route":
        this.#routes.clear();
        break;
      case "overrun":
        this.#readAll();
        break;
    }
  }

  #readAll(): void {
    this.#routes.clear();
    const links = this.#addresses.links();
    if (links.ok) for (const link of links.value) this.#links.set(link.index, link);
    const neighbours = this.#routing.neighbours();
    if (!neighbours.ok) return;
    this.#macs.clear();
    for (const neighbour of neighbours.value) this.#take(neighbour);
  }

  #take({ interfaceIndex, address, mac, state }: NeighbourFact): void {
    const key = hopKey({ interfaceIndex, hop: address });
    const usable = mac?.length === 6 && !["none", "incomplete", "failed"].includes(state);
    if (!usable) {
      this.#macs.delete(key);
      return;
    }
    this.#macs.set(key, mac);
    const source = this.#links.get(interfaceIndex)?.mac;
    if (source?.length !== 6) return;
    const waiting = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    const nowMs = this.#clock.nowMs();
    for (const { sinceMs, send } of waiting) {
      if (nowMs - sinceMs <= WAITING_MAX_MS) send({ interfaceIndex, source, destination: mac });
    }
  }
}

function hopKey(route: Pick<Route, "interfaceIndex" | "hop">): string {
  return `${route.interfaceIndex} ${route.hop}`;
}
