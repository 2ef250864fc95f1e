// Routes and rules through rtnetlink.

import type { Family } from "../base/address.ts";
import { ok, type Result } from "../base/result.ts";
import type { NextHop, RouteFact, RoutingOperation, RuleFact } from "../plan/routing-facts.ts";
import { decodeLinkMessage, encodeLinkRequest } from "../wire/netlink/link-message.ts";
import { type NetlinkMessage, netlinkFlag, netlinkType } from "../wire/netlink/message.ts";
import {
  decodeRouteObject,
  encodeRouteDump,
  encodeRouteObject,
  type RouteHop,
  type RouteObject,
  routeProtocolOf,
} from "../wire/netlink/route-object.ts";
import { decodeRuleObject, encodeRuleDump, encodeRuleObject } from "../wire/netlink/rule-object.ts";
import type { RoutingTableKernel } from "../world/host-kernel.ts";
import type { KernelFault } from "../world/kernel.ts";
import { errno, syscallFailed } from "./ffi/errno.ts";
import type { Syscalls } from "./ffi/syscalls.ts";
import { NetlinkNotifications, NetlinkRequests } from "./netlink-socket.ts";

/** RTNLGRP_IPV4_ROUTE, IPV4_RULE, IPV6_ROUTE, IPV6_RULE. */
const groups = [7, 8, 11, 19];
/** RTPROT_KERNEL: comes and goes with addresses, ours among them. */
const protocolKernel = 2;
const families: readonly Family[] = [4, 6];
const allLinks = 0;
const noSuchProcess = 3;
const scopeNowhere = 255;

class NetlinkRoutingTables implements RoutingTableKernel {
  readonly #requests: NetlinkRequests;
  readonly #notifications: NetlinkNotifications;

  constructor(syscalls: Syscalls) {
    this.#requests = new NetlinkRequests(syscalls);
    this.#requests.checkStrictly();
    this.#notifications = new NetlinkNotifications(syscalls);
  }

  routes(protocol: number): Result<readonly RouteFact[], KernelFault> {
    const names = this.#linkNames();
    if (!names.ok) return names;
    const facts: RouteFact[] = [];
    for (const family of families) {
      const objects = this.#requests.dump(
        "RTM_GETROUTE",
        netlinkType.getRoute,
        encodeRouteDump(family, protocol),
        decodeRouteObject,
      );
      if (objects.ok) {
        // An old kernel does not filter.
        const own = objects.value.filter((object) => object.protocol === protocol);
        facts.push(...own.map((object) => routeFact(object, names.value)));
      } else if (!isAbsent(objects.fault)) return objects;
    }
    return ok(facts);
  }

  rules(): Result<readonly RuleFact[], KernelFault> {
    const facts: RuleFact[] = [];
    for (const family of families) {
      const objects = this.#requests.dump(
        "RTM_GETRULE",
        netlinkType.getRule,
        encodeRuleDump(family),
        decodeRuleObject,
      );
      if (objects.ok) facts.push(...objects.value);
      else if (!isAbsent(objects.fault)) return objects;
    }
    return ok(facts);
  }

  apply(operation: RoutingOperation): Result<void, KernelFault> {
    switch (operation.kind) {
      case "add-route":
        return this.#addRoute(operation.route);
      case "remove-route":
        return this.#removeRoute(operation.route);
      case "add-rule": {
        const flags = netlinkFlag.create | netlinkFlag.exclusive;
        const payload = encodeRuleObject(operation.rule);
        const added = this.#requests.change("RTM_NEWRULE", netlinkType.newRule, flags, payload);
        return !added.ok && added.fault.errno === errno.EEXIST ? ok(undefined) : added;
      }
      case "remove-rule": {
        const payload = encodeRuleObject(operation.rule);
        const gone = this.#requests.change("RTM_DELRULE", netlinkType.deleteRule, 0, payload);
        return !gone.ok && gone.fault.errno === errno.ENOENT ? ok(undefined) : gone;
      }
    }
  }

  watch(onChange: () => void): void {
    this.#notifications.subscribe(groups, {
      onMessage: (message) => {
        if (mattersToUs(message)) onChange();
      },
      onOverrun: onChange,
    });
  }

  close(): void {
    this.#notifications.close();
    this.#requests.close();
  }

  #addRoute(route: RouteFact): Result<void, KernelFault> {
    const object = this.#objectOf(route);
    if (!object.ok) return object;
    const place = { only: netlinkFlag.exclusive, append: netlinkFlag.append, before: 0 };
    const flags = netlinkFlag.create | place[route.place ?? "before"];
    const payload = encodeRouteObject(object.value);
    const added = this.#requests.change("RTM_NEWROUTE", netlinkType.newRoute, flags, payload);
    return !added.ok && added.fault.errno === errno.EEXIST ? ok(undefined) : added;
  }

  #removeRoute(route: RouteFact): Result<void, KernelFault> {
    const object = this.#objectOf(route);
    // Without its interface the route has gone as well.
    if (!object.ok) return ok(undefined);
    const payload = encodeRouteObject(object.value);
    const gone = this.#requests.change("RTM_DELROUTE", netlinkType.deleteRoute, 0, payload);
    const absent: readonly number[] = [noSuchProcess, errno.ENODEV, errno.ENOENT];
    return !gone.ok && absent.includes(gone.fault.errno) ? ok(undefined) : gone;
  }

  #objectOf(route: RouteFact): Result<RouteObject, KernelFault> {
    const { nextHops, scope, ...rest } = route;
    const single = this.#hopOf(rest);
    if (!single.ok) return single;
    const hops: RouteHop[] = [];
    for (const hop of nextHops ?? []) {
      const found = this.#hopOf(hop);
      if (!found.ok) return found;
      hops.push(found.value);
    }
    return ok({
      ...rest,
      ...single.value,
      scope: scope ?? 0,
      ...(hops.length === 0 ? {} : { nextHops: hops }),
    });
  }

  #hopOf(hop: NextHop): Result<RouteHop, KernelFault> {
    const { interface: name, ...rest } = hop;
    if (name === undefined) return ok(rest);
    const index = this.#requests.interfaceIndex(name);
    if (index < 0) return syscallFailed("RTM_NEWROUTE", index, `no interface ${name}`);
    return ok({ ...rest, interfaceIndex: index });
  }

  #linkNames(): Result<ReadonlyMap<number, string>, KernelFault> {
    const links = this.#requests.dump(
      "RTM_GETLINK",
      netlinkType.getLink,
      encodeLinkRequest(allLinks),
      decodeLinkMessage,
    );
    return links.ok ? ok(new Map(links.value.map(({ index, name }) => [index, name]))) : links;
  }
}

/** A family, or rules, that the kernel has been built without. */
function isAbsent(fault: KernelFault): boolean {
  return fault.errno === errno.EOPNOTSUPP || fault.errno === errno.EAFNOSUPPORT;
}

function mattersToUs(message: NetlinkMessage): boolean {
  if (message.type === netlinkType.deleteRule) return true;
  return (
    message.type === netlinkType.deleteRoute && routeProtocolOf(message.payload) !== protocolKernel
  );
}

function routeFact(object: RouteObject, names: ReadonlyMap<number, string>): RouteFact {
  const { interfaceIndex: _index, nextHops, scope, ...rest } = object;
  return {
    ...rest,
    ...interfaceOf(object, names),
    ...(scope === scopeNowhere ? {} : { scope }),
    ...(nextHops === undefined
      ? {}
      : {
          nextHops: nextHops.map(({ interfaceIndex: _hop, ...hop }, i) => ({
            ...hop,
            ...interfaceOf(nextHops[i] ?? {}, names),
          })),
        }),
  };
}

function interfaceOf(
  hop: RouteHop,
  names: ReadonlyMap<number, string>,
): { readonly interface?: string } {
  const name = names.get(hop.interfaceIndex ?? 0);
  return name === undefined ? {} : { interface: name };
}

/** The routes and rules of the network namespace that the caller is in. */
export function openRoutingTables(syscalls: Syscalls): RoutingTableKernel {
  return new NetlinkRoutingTables(syscalls);
}
