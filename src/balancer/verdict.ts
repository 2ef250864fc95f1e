// What becomes of a frame.

import type { IpAddress } from "../base/address.ts";

/** Why a frame ends here. */
export type DropReason =
  /** Its connection leads to a removed real server. */
  | "destination-removed"
  | "no-destination"
  | "ttl-expired"
  /** A NAT real server speaks of a connection that is not known. */
  | "unknown-connection"
  /** One piece of an SCTP packet, whose checksum covers all pieces. */
  | "not-rewritable"
  /** No way to the real server. */
  | "no-route"
  /** FULLNAT has no address and port left. */
  | "no-port"
  | "too-big";

export type Verdict =
  /** None of the balancer's business: the machine itself goes on with it. */
  | { readonly kind: "pass" }
  | { readonly kind: "drop"; readonly reason: DropReason }
  /** The frame is dropped and answered: `frame` goes back where it came from. */
  | { readonly kind: "reply"; readonly reason: DropReason; readonly frame: Uint8Array }
  | {
      readonly kind: "forward";
      /** The whole frame; only its two MAC addresses are still the old ones. */
      readonly frame: Uint8Array;
      readonly nextHop: IpAddress;
      /** `link`: the next hop must be a neighbour itself (DR); `route`: the routes lead there. */
      readonly via: "link" | "route";
      readonly toward: "real-server" | "client";
    };

/** The verdict on everything that is not the balancer's. */
export const pass: Verdict = { kind: "pass" };
