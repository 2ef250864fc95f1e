// Third parties that tell a router whether it is the cut-off half of a network. keepalived has none.

import type { IpAddress } from "../base/address.ts";

/** What is asked of a witness. */
export type WitnessProbe =
  /** An ICMP echo. */
  | { readonly kind: "ping"; readonly address: IpAddress }
  /** A TCP connection that is accepted. */
  | { readonly kind: "tcp"; readonly address: IpAddress; readonly port: number }
  /** An HTTP answer with a status from 200 to 399. */
  | {
      readonly kind: "http";
      readonly address: IpAddress;
      readonly port: number;
      readonly path: string;
    };

/** One witness [witness]. */
export interface Witness {
  readonly name: string;
  readonly probe: WitnessProbe;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Answers in a row until it counts as seen. */
  readonly rise: number;
  /** Missing answers in a row until it does not. */
  readonly fall: number;
}

/** Which witnesses an instance needs [track_witness]. */
export interface WitnessNeed {
  readonly names: readonly string[];
  /** How many of them must be seen [witness_quorum]. */
  readonly quorum: number;
}
