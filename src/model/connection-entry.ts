// One connection of a data plane as listings show it (`ipvsadm -Lc`).

import type { IpAddress } from "../base/address.ts";

/** An address and a port; a template has port 0, and a mark as address. */
export interface ConnectionEnd {
  readonly address: IpAddress;
  readonly port: number;
}

export interface ConnectionEntry {
  /** `IP`: the template of a mark. */
  readonly protocol: "TCP" | "UDP" | "SCTP" | "IP";
  readonly client: ConnectionEnd;
  readonly virtual: ConnectionEnd;
  readonly destination: ConnectionEnd;
  /** As ipvsadm prints it: ESTABLISHED, SYN_RECV, UDP, NONE and ASSURED of a template ... */
  readonly state: string;
  /** Whole seconds until it is forgotten. */
  readonly expiresInS: number;
  readonly template: boolean;
  /** It came from another director. */
  readonly synced?: boolean;
  readonly persistenceEngine?: { readonly name: string; readonly data: string };
}
