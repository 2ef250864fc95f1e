// Addresses and ports as ipvsadm writes them: numbers, or the names that the machine knows.

import { type IpAddress, ipv4FromNumber } from "../base/address.ts";
import type { TransportProtocol } from "../model/virtual-server.ts";

/** Names for numbers; undefined where there is none. */
export interface ReverseNames {
  readonly hostName: (address: IpAddress) => string | undefined;
  readonly portName: (port: number, protocol: TransportProtocol) => string | undefined;
}

/** No names: `-n`. */
export const numbersOnly: ReverseNames = {
  hostName: () => undefined,
  portName: () => undefined,
};

/** ipvsadm has a buffer for `host:port`, and cuts what is longer. */
const endpointLengthMax = 59;

/** `host:port`; an IPv6 address, or its name, in brackets. Ports of marks have no names. */
export function printEndpoint(
  { address, port }: { readonly address: IpAddress; readonly port: number },
  protocol: TransportProtocol | undefined,
  names: ReverseNames,
): string {
  const host = names.hostName(address) ?? printAddress(address);
  const portText = (protocol && port > 0 ? names.portName(port, protocol) : undefined) ?? port;
  const text = address.includes(":") ? `[${host}]:${portText}` : `${host}:${portText}`;
  return text.slice(0, endpointLengthMax);
}

/** As the C library writes it: an IPv4 address within an IPv6 address as such. */
function printAddress(address: IpAddress): string {
  const match = /^::(ffff:)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (match === null) return address;
  const [high = 0, low = 0] = [match[2], match[3]].map((part) => Number.parseInt(part ?? "0", 16));
  return `::${match[1] ?? ""}${ipv4FromNumber(((high << 16) | low) >>> 0)}`;
}

/** Columns of IPv4 addresses end at their width, those of IPv6 addresses go on. */
export function cutForIpv4(text: string, isIpv6: boolean, width: number): string {
  return isIpv6 ? text : text.slice(0, width);
}
