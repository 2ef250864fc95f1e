// What the kernel's IPVS tells of itself, and the timeouts of connections that can be set.

import { ok, type Result } from "../../base/result.ts";
import { encodeU32, type NetlinkAttribute, u32Attribute } from "./attribute.ts";
import { decodeGenericMessage } from "./generic-message.ts";
import { incomplete, ipvsContainer } from "./ipvs-message.ts";
import type { NetlinkFault } from "./message.ts";

/** IPVS_INFO_ATTR_*. */
const informationAttribute = { version: 1, connectionTableSize: 2 } as const;

/** Seconds; as a request, 0 or absent leaves one as it is. */
export interface IpvsTimeouts {
  readonly tcpS: number;
  readonly tcpFinS: number;
  readonly udpS: number;
}

/** What `ipvsadm` prints in its first line. */
export interface IpvsInformation {
  /** `1.2.1`. */
  readonly version: string;
  /** Buckets of the connection table. */
  readonly connectionTableSize: number;
}

/** The attributes of a request that sets timeouts. */
export function ipvsTimeoutAttributes(
  timeouts: Partial<IpvsTimeouts>,
): readonly NetlinkAttribute[] {
  const entries = [
    [ipvsContainer.timeoutTcp, timeouts.tcpS],
    [ipvsContainer.timeoutTcpFin, timeouts.tcpFinS],
    [ipvsContainer.timeoutUdp, timeouts.udpS],
  ] as const;
  return entries.flatMap(([type, value]) =>
    value === undefined ? [] : [{ type, value: encodeU32(value) }],
  );
}

/** Reads the answer to a request for timeouts. A kernel without UDP or TCP support tells none of it: 0. */
export function decodeIpvsTimeouts(payload: Uint8Array): Result<IpvsTimeouts, NetlinkFault> {
  const message = decodeGenericMessage(payload);
  if (!message.ok) return message;
  const seconds = (type: number): number => u32Attribute(message.value.attributes, type) ?? 0;
  return ok({
    tcpS: seconds(ipvsContainer.timeoutTcp),
    tcpFinS: seconds(ipvsContainer.timeoutTcpFin),
    udpS: seconds(ipvsContainer.timeoutUdp),
  });
}

/** Reads the answer to a request for information. */
export function decodeIpvsInformation(payload: Uint8Array): Result<IpvsInformation, NetlinkFault> {
  const message = decodeGenericMessage(payload);
  if (!message.ok) return message;
  const version = u32Attribute(message.value.attributes, informationAttribute.version);
  const connectionTableSize = u32Attribute(
    message.value.attributes,
    informationAttribute.connectionTableSize,
  );
  if (version === undefined || connectionTableSize === undefined) return incomplete("information");
  const parts = [16, 8, 0].map((shift) => (version >>> shift) & 0xff);
  return ok({ version: parts.join("."), connectionTableSize });
}
