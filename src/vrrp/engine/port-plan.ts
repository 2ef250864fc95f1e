// Which socket an instance speaks and hears with. Instances with equal plans share one.

import type { Family, IpAddress } from "../../base/address.ts";
import { advertInterface } from "../../plan/virtual-links.ts";
import type { AdvertExpectation } from "../advert-expectation.ts";
import { unicastPeers } from "./expect-adverts.ts";
import type { RunningInstance } from "./running-instance.ts";

/** One socket. */
export interface PortPlan {
  /** What tells it from the others. */
  readonly name: string;
  readonly interface: string;
  readonly family: Family;
  /** Undefined: unicast. */
  readonly group: IpAddress | undefined;
  /** Where adverts leave, where that is another interface than where they are heard. */
  readonly sendInterface: string | undefined;
  readonly authenticationHeader: boolean;
  readonly receiveBufferBytes: number | undefined;
}

/** It is asked for with each advert, and follows from what an instance expects. */
const known = new WeakMap<AdvertExpectation, PortPlan>();

/** The plan of an instance. */
export function planPort(instance: RunningInstance): PortPlan {
  const plan = known.get(instance.expectation) ?? makePlan(instance);
  known.set(instance.expectation, plan);
  return plan;
}

function makePlan(instance: RunningInstance): PortPlan {
  const { interface: interfaceName, family, multicastGroup, options } = instance.config;
  const group = unicastPeers(instance.config) === undefined ? multicastGroup : undefined;
  const authenticationHeader = instance.expectation.authType === 2;
  const leavesFrom = advertInterface(instance.config);
  const sendInterface = leavesFrom === interfaceName ? undefined : leavesFrom;
  const to = group ?? `unicast ${family}`;
  const words = [interfaceName, to, authenticationHeader ? "sealed" : "", sendInterface ?? ""];
  return {
    name: words.filter((word) => word !== "").join(" "),
    interface: interfaceName,
    family,
    group,
    sendInterface,
    authenticationHeader,
    receiveBufferBytes: options?.receiveBufferBytes,
  };
}
