// The pure balancer as a data plane that plays streams, on a clock that only waits move.

import { Balancer } from "../../src/balancer/balancer.ts";
import type { Connection } from "../../src/balancer/connection.ts";
import type { RouteFinder } from "../../src/balancer/destination.ts";
import type { BalancerSettings } from "../../src/model/balancer-settings.ts";
import { endpointName } from "../../src/model/virtual-server.ts";
import { ip } from "./frames.ts";
import type { ConnectionLine, EngineUnderTest } from "./stream.ts";

/** The way that the eBPF programs under test have. */
const routes: RouteFinder = (destination) => ({
  source: ip(destination.includes(":") ? "fd02::1" : "10.2.0.1"),
  mtu: 1500,
});

/** A fresh balancer with an empty table; `clock` gives monotonic milliseconds that go by themselves. */
export function modelUnderTest(
  settings: Partial<BalancerSettings> = {},
  clock: () => number = () => 1_000_000,
): EngineUnderTest & { readonly balancer: Balancer } {
  const balancer = new Balancer(settings, routes);
  let waitedMs = 0;
  const now = (): number => clock() + waitedMs;
  return {
    name: "model",
    balancer,
    apply(operation) {
      const done = balancer.configure(operation);
      if (!done.ok) throw new Error(done.fault.text);
    },
    handle(frame, context) {
      const verdict = balancer.handlePacket(frame, now(), context);
      return verdict.kind === "drop" ? { kind: "drop" } : verdict;
    },
    wait(milliseconds) {
      waitedMs += milliseconds;
      balancer.expire(now());
    },
    statistics: () => balancer.statistics(),
    connections: () => balancer.connections().map(connectionLine),
    close() {},
  };
}

/** A connection as `ipvsadm -Lnc` shows it. */
export function connectionLine(connection: Connection): ConnectionLine {
  return {
    protocol: connection.protocol,
    client: endpointName(connection.clientAddress, connection.clientPort),
    virtual: endpointName(connection.virtualAddress, connection.virtualPort),
    destination: endpointName(connection.destination.address, connection.destinationPort),
    state: connection.state,
  };
}
