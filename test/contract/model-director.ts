// The pure balancer as a director for stories about schedulers, with the mark that a firewall would set.

import { Balancer } from "../../src/balancer/balancer.ts";
import { ipv4FromNumber } from "../../src/base/address.ts";
import type { BalancerSettings } from "../../src/model/balancer-settings.ts";
import { packetOf } from "./frames.ts";
import { type Director, markedAddresses } from "./scheduler-stories.ts";

/** A fresh balancer on a clock that stands still. */
export function modelDirector(settings: Partial<BalancerSettings> = {}): Director {
  const balancer = new Balancer(settings);
  let mark = 0;
  return {
    apply(operation) {
      if (operation.kind === "add-service" && operation.service.key.kind === "fwmark")
        mark = operation.service.key.fwmark;
      const done = balancer.configure(operation);
      if (!done.ok) throw new Error(done.fault.text);
    },
    handle(frame) {
      const target = ipv4FromNumber(packetOf(frame).destination);
      const context = markedAddresses.includes(target) ? { mark } : {};
      const verdict = balancer.handlePacket(frame, 1_000_000, context);
      return verdict.kind === "drop" ? { kind: "drop" } : verdict;
    },
  };
}
