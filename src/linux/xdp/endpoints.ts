// What a virtual server is called in the maps, and back.

import { ipv4Number } from "../../base/address.ts";
import type { TransportProtocol, VirtualServerKey } from "../../model/virtual-server.ts";
import { type EndpointKey, familyOfEndpoint, markEndpoint } from "../../wire/maps/endpoint-key.ts";

/** IP's numbers of the protocols that are balanced. */
export const protocolNumbers: Readonly<Record<TransportProtocol, number>> = {
  TCP: 6,
  UDP: 17,
  SCTP: 132,
};

/** A protocol's name; UDP for numbers that are none of the three. */
export function protocolName(number: number): TransportProtocol {
  if (number === protocolNumbers.TCP) return "TCP";
  return number === protocolNumbers.SCTP ? "SCTP" : "UDP";
}

/** The map key of a virtual server. */
export function endpointOf(key: VirtualServerKey): EndpointKey {
  if (key.kind === "fwmark") return markEndpoint(key.fwmark, key.family);
  return { address: key.address, port: key.port, protocol: protocolNumbers[key.protocol] };
}

/** The virtual server of a map key. */
export function virtualServerOf(key: EndpointKey): VirtualServerKey {
  if (key.protocol === 0)
    return { kind: "fwmark", fwmark: ipv4Number(key.address), family: familyOfEndpoint(key) };
  const protocol = protocolName(key.protocol);
  return { kind: "address", address: key.address, port: key.port, protocol };
}
