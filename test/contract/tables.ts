// Operations from a few words: services of the streams and golden tests.

import type { Destination, Service } from "../../src/model/balancer-table.ts";
import type {
  ForwardingMethod,
  SchedulerName,
  TransportProtocol,
  VirtualServerKey,
} from "../../src/model/virtual-server.ts";
import type { BalancerOperation } from "../../src/plan/operation.ts";
import { endpoint } from "./frames.ts";

/** A key for an address and port. */
export function keyOf(protocol: TransportProtocol, virtual: string): VirtualServerKey {
  return { kind: "address", protocol, ...endpoint(virtual) };
}

/** `add-service` without destinations. */
export function addService(
  key: VirtualServerKey,
  scheduler: SchedulerName,
  more: Partial<Service> = {},
): BalancerOperation {
  const service: Service = {
    key,
    scheduler,
    persistenceTimeoutS: 0,
    persistencePrefixLength: 32,
    onePacket: false,
    destinations: [],
    ...more,
  };
  return { kind: "add-service", service };
}

/** A destination at `10.2.0.11:5000` with weight 1 by NAT, unless said otherwise. */
export function destination(at: string, more: Partial<Destination> = {}): Destination {
  return {
    ...endpoint(at),
    weight: 1,
    forwarding: "NAT" satisfies ForwardingMethod,
    upperThreshold: 0,
    lowerThreshold: 0,
    ...more,
  };
}

export function addDestination(
  key: VirtualServerKey,
  at: string,
  more: Partial<Destination> = {},
): BalancerOperation {
  return { kind: "add-destination", key, destination: destination(at, more) };
}

export function changeDestination(
  key: VirtualServerKey,
  at: string,
  more: Partial<Destination> = {},
): BalancerOperation {
  return { kind: "change-destination", key, destination: destination(at, more) };
}

export function removeDestination(key: VirtualServerKey, at: string): BalancerOperation {
  return { kind: "remove-destination", key, ...endpoint(at) };
}
