// A command line of which some options have been read.

import type { Family, IpAddress } from "../base/address.ts";
import { familyOf } from "../base/address.ts";
import { fail } from "../base/result.ts";
import type { SyncDaemonState } from "../model/sync-daemon.ts";
import type {
  ForwardingMethod,
  TransportProtocol,
  TunnelSettings,
  VirtualServerKey,
} from "../model/virtual-server.ts";
import { type IpvsadmRefusal, ipvsadmStatus } from "./command.ts";
import type { CommandTitle, OptionTitle } from "./options.ts";

/** What has been read of a command line so far. */
export interface CommandDraft {
  command: CommandTitle;
  readonly given: Set<OptionTitle>;
  protocol: TransportProtocol | undefined;
  key: VirtualServerKey | undefined;
  /** The family and port that a real server without them gets. */
  family: Family;
  port: number;
  /** Of persistence: bits of an IPv4 mask, or the length of an IPv6 prefix. */
  mask: number;
  persistenceTimeoutS: number;
  scheduler: string;
  schedulerFlagWords: string | undefined;
  persistenceEngine: string;
  onePacket: boolean;
  server: { readonly address: IpAddress; readonly port: number } | undefined;
  forwarding: ForwardingMethod;
  weight: number;
  upperThreshold: number;
  lowerThreshold: number;
  tunnelType: TunnelSettings["type"];
  tunnelPort: number;
  checksum: TunnelSettings["checksum"];
  role: SyncDaemonState["role"];
  interface: string;
  syncId: number;
  maxLength: number | undefined;
  group: IpAddress | undefined;
  groupPort: number | undefined;
  ttl: number | undefined;
  timeouts: readonly [number, number, number] | undefined;
}

/** Longest persistence and timeout: 31 days, in seconds. */
export const timeoutMaxS = 2_678_400;

/** The C library's `INT_MAX` in Debian's ipvsadm; 65535 upstream. */
export const weightMax = 2_147_483_647;

/** A refusal with the status of usage faults. */
export function usageFault(text: string): {
  readonly ok: false;
  readonly fault: IpvsadmRefusal;
} {
  return fail({ text: `${text}\n`, status: ipvsadmStatus.usage, ends: true });
}

/** Nothing but the command has been read. */
export function newDraft(command: CommandTitle): CommandDraft {
  return {
    command,
    given: new Set(),
    protocol: undefined,
    key: undefined,
    family: 4,
    port: 0,
    mask: 0xffff_ffff,
    persistenceTimeoutS: 0,
    scheduler: "",
    schedulerFlagWords: undefined,
    persistenceEngine: "",
    onePacket: false,
    server: undefined,
    forwarding: "DR",
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnelType: "ipip",
    tunnelPort: 0,
    checksum: "none",
    role: "master",
    interface: "",
    syncId: 0,
    maxLength: undefined,
    group: undefined,
    groupPort: undefined,
    ttl: undefined,
    timeouts: undefined,
  };
}

/** The family of what a key is about. */
export function familyOfService(key: VirtualServerKey): Family {
  return key.kind === "fwmark" ? key.family : familyOf(key.address);
}
