// Routes and neighbours through rtnetlink.

import type { IpAddress } from "../base/address.ts";
import { ok, type Result } from "../base/result.ts";
import { type NetlinkMessage, netlinkFlag, netlinkType } from "../wire/netlink/message.ts";
import {
  decodeNeighbourMessage,
  encodeNeighbourDump,
  encodeNeighbourMessage,
  type NeighbourMessage,
  neighbourExtendedFlag,
  neighbourFlag,
  neighbourState,
} from "../wire/netlink/neighbour-message.ts";
import {
  decodeRouteMessage,
  encodeRouteRequest,
  routeType,
} from "../wire/netlink/route-message.ts";
import type { KernelFault } from "../world/kernel.ts";
import type {
  NeighbourFact,
  NeighbourState,
  RouteFact,
  RoutingChange,
  RoutingKernel,
} from "../world/routing.ts";
import { errno, syscallFailed } from "./ffi/errno.ts";
import type { Syscalls } from "./ffi/syscalls.ts";
import { NetlinkNotifications, NetlinkRequests } from "./netlink-socket.ts";

/** RTNLGRP_NEIGH, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE. */
const groups = [3, 7, 11];

const stateNames = new Map<number, NeighbourState>(
  (Object.keys(neighbourState) as NeighbourState[]).map((name) => [neighbourState[name], name]),
);

function neighbourFact(message: NeighbourMessage): NeighbourFact {
  const { interfaceIndex, address, mac } = message;
  const state = stateNames.get(message.state) ?? "none";
  return { interfaceIndex, address, state, ...(mac === undefined ? {} : { mac }) };
}

class NetlinkRouting implements RoutingKernel {
  readonly #requests: NetlinkRequests;
  readonly #notifications: NetlinkNotifications;

  constructor(syscalls: Syscalls) {
    this.#requests = new NetlinkRequests(syscalls);
    this.#notifications = new NetlinkNotifications(syscalls);
  }

  route(destination: IpAddress): Result<RouteFact, KernelFault> {
    const request = encodeRouteRequest(destination);
    const routes = this.#requests.get(
      "RTM_GETROUTE",
      netlinkType.getRoute,
      request,
      decodeRouteMessage,
    );
    if (!routes.ok) return routes;
    const [route] = routes.value;
    if (route === undefined || route.outputInterface === 0)
      return syscallFailed("RTM_GETROUTE", errno.ENETUNREACH);
    const { gateway, preferredSource } = route;
    return ok({
      interfaceIndex: route.outputInterface,
      local: route.type === routeType.local,
      ...(gateway === undefined ? {} : { gateway }),
      ...(preferredSource === undefined ? {} : { preferredSource }),
    });
  }

  neighbours(): Result<readonly NeighbourFact[], KernelFault> {
    const messages = this.#requests.dump(
      "RTM_GETNEIGH",
      netlinkType.getNeighbour,
      encodeNeighbourDump(),
      decodeNeighbourMessage,
    );
    return messages.ok ? ok(messages.value.map(neighbourFact)) : messages;
  }

  keepResolved(
    interfaceIndex: number,
    address: IpAddress,
  ): Result<{ readonly managed: boolean }, KernelFault> {
    const before = this.#neighbour(interfaceIndex, address);
    if (!before.ok) return before;
    // NTF_USE would make an ordinary entry of a permanent one.
    const isPermanent = before.value?.state === neighbourState.permanent;
    if (isPermanent || isManaged(before.value)) return ok({ managed: true });
    const wanted = {
      interfaceIndex,
      address,
      state: neighbourState.none,
      flags: neighbourFlag.use,
      extendedFlags: neighbourExtendedFlag.managed,
    };
    const managed = this.#create(wanted);
    if (!managed.ok) {
      const used = this.#create({ ...wanted, extendedFlags: 0 });
      return used.ok ? ok({ managed: false }) : used;
    }
    // A kernel that does not know the extended flags passes over them in silence.
    const after = this.#neighbour(interfaceIndex, address);
    return after.ok ? ok({ managed: isManaged(after.value) }) : after;
  }

  watch(onChange: (change: RoutingChange) => void): void {
    this.#notifications.subscribe(groups, {
      onMessage: (message) => {
        const change = changeOf(message);
        if (change !== undefined) onChange(change);
      },
      onOverrun: () => onChange({ kind: "overrun" }),
    });
  }

  close(): void {
    this.#notifications.close();
    this.#requests.close();
  }

  #create(neighbour: NeighbourMessage): Result<void, KernelFault> {
    const payload = encodeNeighbourMessage(neighbour);
    const type = netlinkType.newNeighbour;
    return this.#requests.change("RTM_NEWNEIGH", type, netlinkFlag.create, payload);
  }

  #neighbour(
    interfaceIndex: number,
    address: IpAddress,
  ): Result<NeighbourMessage | undefined, KernelFault> {
    const request = encodeNeighbourMessage({
      interfaceIndex,
      address,
      state: neighbourState.none,
      flags: 0,
      extendedFlags: 0,
    });
    const found = this.#requests.get(
      "RTM_GETNEIGH",
      netlinkType.getNeighbour,
      request,
      decodeNeighbourMessage,
    );
    if (found.ok) return ok(found.value[0]);
    return found.fault.errno === errno.ENOENT ? ok(undefined) : found;
  }
}

function isManaged(neighbour: NeighbourMessage | undefined): boolean {
  return ((neighbour?.extendedFlags ?? 0) & neighbourExtendedFlag.managed) !== 0;
}

function changeOf(message: NetlinkMessage): RoutingChange | undefined {
  if (message.type === netlinkType.newRoute || message.type === netlinkType.deleteRoute)
    return { kind: "route" };
  const decoded = decodeNeighbourMessage(message.payload);
  if (!decoded.ok) return { kind: "overrun" };
  if (decoded.value === undefined) return undefined;
  const { interfaceIndex, address } = decoded.value;
  if (message.type === netlinkType.deleteNeighbour)
    return { kind: "neighbour-gone", interfaceIndex, address };
  return { kind: "neighbour", neighbour: neighbourFact(decoded.value) };
}

/** The routes and neighbours of the network namespace that the caller is in. */
export function openNetlinkRouting(syscalls: Syscalls): RoutingKernel {
  return new NetlinkRouting(syscalls);
}
