// A frame as the balancer handles it: what was read of it, what the caller knows, and when it came.

import type { TransportProtocol } from "../model/virtual-server.ts";
import type { PacketView, TransportView } from "./packet.ts";
import type { ChecksumForm } from "./rewrite.ts";

/** What a caller may know of a frame beyond its bytes. */
export interface FrameContext {
  /** Complete unless said otherwise. */
  readonly checksum?: ChecksumForm;
  /** Firewall mark; none unless said otherwise. */
  readonly mark?: number;
  /** Whether the packet is addressed to this machine itself; absent: nobody asked. */
  readonly local?: boolean;
}

/** A packet with ports, its protocol by name, and when it came. */
export interface Arrival {
  readonly packet: PacketView;
  readonly transport: TransportView;
  readonly protocol: TransportProtocol;
  readonly checksum: ChecksumForm;
  readonly mark: number;
  readonly local: boolean | undefined;
  readonly nowMs: number;
}
