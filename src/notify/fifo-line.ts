// The lines that readers of FIFOs get: byte for byte keepalived's, because programs in the field parse them.

import { type VirtualServerKey, virtualServerName } from "../model/virtual-server.ts";
import type { Subject } from "./event.ts";

/** `INSTANCE "VI_1" MASTER 100` with its newline; the priority of a group is 0. */
export function printVrrpLine(subject: Subject, word: string, priority: number): string {
  return `${subject.type} "${subject.name}" ${word} ${priority}\n`;
}

/** `VS [10.0.0.1]:tcp:80 UP` with its newline. */
export function printVirtualServerLine(key: VirtualServerKey, up: boolean): string {
  return `VS ${printKey(key)} ${up ? "UP" : "DOWN"}\n`;
}

/** `RS [10.0.0.7]:tcp:80 [10.0.0.1]:tcp:80 UP` with its newline. */
export function printRealServerLine(
  server: { readonly address: string; readonly port: number },
  key: VirtualServerKey,
  up: boolean,
): string {
  return `RS ${printServer(server, key)} ${printKey(key)} ${up ? "UP" : "DOWN"}\n`;
}

/** keepalived's text for a virtual server: `[10.0.0.1]:tcp:80` or `FWM 10`. */
export function printKey(key: VirtualServerKey): string {
  if (key.kind === "fwmark") return virtualServerName(key);
  return `[${key.address}]:${key.protocol.toLowerCase()}:${key.port}`;
}

/** keepalived's text for a real server. */
export function printServer(
  server: { readonly address: string; readonly port: number },
  key: VirtualServerKey,
): string {
  const protocol = key.kind === "fwmark" ? "none" : key.protocol.toLowerCase();
  return `[${server.address}]:${protocol}:${server.port}`;
}
