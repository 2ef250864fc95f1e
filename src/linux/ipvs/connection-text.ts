// Lines of /proc/net/ip_vs_conn and /proc/net/ip_vs_conn_sync. Addresses are hexadecimal, IPv4 as one number; ports too.
//
//   Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
//   TCP 0A010002 D376 0A010064 0050 0A02000D 0050 ESTABLISHED     895
//   Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires
//   TCP 0A010002 D376 0A010064 0050 0A02000D 0050 ESTABLISHED LOCAL      895

import { type IpAddress, ipAddressFromBytes } from "../../base/address.ts";
import { fromHex } from "../../base/bytes.ts";
import type { ConnectionEnd, ConnectionEntry } from "../../model/connection-entry.ts";

const protocols: readonly string[] = ["TCP", "UDP", "SCTP", "IP"];
/** The fields that both files have, in front of the state. */
const endFields = 6;

/** One line of ip_vs_conn; undefined for its title, and for protocols that have no ports. */
export function parseConnectionLine(line: string): ConnectionEntry | undefined {
  const words = line.split(/ +/).filter((word) => word !== "");
  const [protocol, ...rest] = words;
  const ends = parseEnds(rest);
  const [state, expires, engine, ...data] = rest.slice(endFields);
  if (protocol === undefined || !protocols.includes(protocol)) return undefined;
  if (ends === undefined || state === undefined || expires === undefined) return undefined;
  const [client, virtual, destination] = ends;
  return {
    protocol: protocol as ConnectionEntry["protocol"],
    client,
    virtual,
    destination,
    state,
    expiresInS: Number(expires),
    template: isTemplate(client, state),
    ...(engine === undefined ? {} : { persistenceEngine: { name: engine, data: data.join(" ") } }),
  };
}

/**
 * The kernel does not say which entries are templates. No packet has port 0, and a data connection of
 * FTP whose port is not known yet is in LISTEN.
 */
function isTemplate(client: ConnectionEnd, state: string): boolean {
  return client.port === 0 && (state === "NONE" || state === "ASSURED");
}

/** What tells an entry from all others, out of a line of either file. */
export function connectionIdentity(line: string): string {
  return line
    .trimStart()
    .split(/ +/, endFields - 1)
    .join(" ");
}

/** Whether a line of ip_vs_conn_sync is of a connection that came from another director. */
export function isSynced(line: string): boolean {
  return line.split(/ +/).filter((word) => word !== "")[endFields + 2] === "SYNC";
}

function parseEnds(
  words: readonly string[],
): readonly [ConnectionEnd, ConnectionEnd, ConnectionEnd] | undefined {
  const ends = [0, 2, 4].map((at) => parseEnd(words[at], words[at + 1]));
  const [client, virtual, destination] = ends;
  if (client === undefined || virtual === undefined || destination === undefined) return undefined;
  return [client, virtual, destination];
}

function parseEnd(
  address: string | undefined,
  port: string | undefined,
): ConnectionEnd | undefined {
  if (address === undefined || port === undefined || !/^[0-9A-F]{4}$/i.test(port)) return undefined;
  const parsed = parseAddress(address);
  return parsed === undefined ? undefined : { address: parsed, port: Number.parseInt(port, 16) };
}

function parseAddress(text: string): IpAddress | undefined {
  const digits = text.replaceAll(":", "");
  if (!/^([0-9a-f]{8}|[0-9a-f]{32})$/i.test(digits)) return undefined;
  return ipAddressFromBytes(fromHex(digits));
}
