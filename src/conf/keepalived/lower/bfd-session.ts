// bfd_instance: a session with a neighbour.

import type { BfdSession } from "../../../model/bfd-session.ts";
import type { Setting } from "../section.ts";
import { addressOf, flagOf, given, numberOf } from "./setting-values.ts";
import { isReversed } from "./tracking.ts";

/** Reads one session; undefined when it names no neighbour. */
export function lowerBfdSession(setting: Setting): BfdSession | undefined {
  const { section, line } = setting;
  const name = line.words[1]?.text;
  const neighbor = section && addressOf(section, "neighbor_ip");
  if (section === undefined || name === undefined || neighbor === undefined) return undefined;
  const forVrrp = flagOf(section, "vrrp") ?? false;
  const forCheckers = flagOf(section, "checker") ?? false;
  return {
    name,
    neighbor,
    ...given({ source: addressOf(section, "source_ip") }),
    minReceiveMs: numberOf(section, "min_rx") ?? 10,
    minTransmitMs: numberOf(section, "min_tx") ?? 10,
    idleTransmitMs: numberOf(section, "idle_tx") ?? 1000,
    multiplier: numberOf(section, "multiplier") ?? 5,
    passive: flagOf(section, "passive") ?? false,
    ...given({ ttl: numberOf(section, "ttl") }),
    hopsMax: numberOf(section, "max_hops") ?? 0,
    multihop: flagOf(section, "multihop") ?? false,
    weight: numberOf(section, "weight") ?? 0,
    reverse: isReversed(section),
    // Neither keyword means both.
    forVrrp: forVrrp || !forCheckers,
    forCheckers: forCheckers || !forVrrp,
  };
}
