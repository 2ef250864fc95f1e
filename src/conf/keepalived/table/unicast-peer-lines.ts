// The lines of unicast_peer.

import { option } from "./entries.ts";
import type { LineSpec } from "./keyword-spec.ts";
import { address, argument, integer } from "./kinds.ts";

const ttl = argument("TTL", integer(0, 255, "the default counts"));

/** One other router. */
export const unicastPeerLine: LineSpec = {
  name: "unicast-peer-line",
  summary: "One other router of the instance a line, by the address it sends from.",
  leading: [argument("ADDRESS", address)],
  options: [
    option(
      "min_ttl",
      "Drops packets of this peer whose TTL is less. Where none is given, 255 is wanted of an IPv4 peer in a network of the interface.",
      [ttl],
    ),
    option("max_ttl", "Drops packets of this peer whose TTL is more.", [ttl]),
  ],
};
