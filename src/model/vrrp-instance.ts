// One virtual router as the configuration wishes it. Keywords in brackets are keepalived's.

import type { IpAddress } from "../base/address.ts";
import type { VrrpOptions } from "./vrrp-options.ts";

/** The state in which an instance starts [state]. Priority 255 owns the address and starts at once. */
export type InitialState = "MASTER" | "BACKUP";

/** An address that the MASTER holds [virtual_ipaddress]. */
export interface VirtualAddress {
  readonly address: IpAddress;
  /** 0..32 for IPv4, 0..128 for IPv6; 32 or 128 when the configuration names none. */
  readonly prefixLength: number;
  /** Where the address goes; the instance's own interface when absent [dev]. */
  readonly interface?: string;
  readonly label?: string;
  readonly broadcast?: IpAddress;
  /** Numeric scope of rtnetlink: 0 global, 253 link, 254 host. */
  readonly scope?: number;
  /** The other end of a point-to-point link. */
  readonly peer?: IpAddress;
  /** Seconds, or for ever; absent: 0 for IPv6 addresses without a prefix, else for ever [preferred_lft]. */
  readonly preferredLifetimeS?: number | "forever";
  readonly flags?: readonly AddressFlagName[];
  /** False: nobody minds when it is removed [no_track]. */
  readonly tracked?: boolean;
  /** True: on an interface of its own with a virtual MAC address [use_vmac]. */
  readonly virtualMac?: boolean;
}

/** Words of an address line that the kernel takes as flags. */
export type AddressFlagName = "home" | "-nodad" | "mngtmpaddr" | "noprefixroute" | "autojoin";

/** How adverts of version 2 are authenticated (RFC 2338): 8 bytes of the password count. */
export type VrrpAuthentication =
  | { readonly type: "none" }
  /** In clear text. */
  | { readonly type: "PASS"; readonly password: string }
  /** An authentication header as keepalived has it; IPv4 only. */
  | { readonly type: "AH"; readonly password: string };

/** A script whose result changes the instance [track_script]. */
export interface TrackedScript {
  readonly script: string;
  /** -253..253. 0: failure puts the instance in FAULT. Absent: the script's own weight counts. */
  readonly weight?: number;
  /** True: the weight's sense is turned around. Absent: the script's own sense counts. */
  readonly reverse?: boolean;
}

/** An interface whose carrier changes the instance [track_interface]. */
export interface TrackedInterface {
  readonly interface: string;
  /** 0: loss of carrier puts the instance in FAULT. Otherwise added or subtracted. */
  readonly weight: number;
  /** True: the weight's sense is turned around. */
  readonly reverse?: boolean;
}

/**
 * How often a MASTER announces where nobody has said so. Then it also announces along with adverts, as
 * often as the number of addresses allows.
 */
export const GARP_REFRESH_DEFAULT_MS = 60_000;

/** Pacing of gratuitous ARP [garp_*]. */
export interface GarpSettings {
  /** Second burst after becoming MASTER, in milliseconds; 0 for none [garp_master_delay]. */
  readonly delayMs: number;
  /** Packets an address in one burst [garp_master_repeat]. */
  readonly repeat: number;
  /** Repetition while MASTER, in milliseconds; 0 for none [garp_master_refresh]. */
  readonly refreshMs: number;
  readonly refreshRepeat: number;
}

/** One virtual router [vrrp_instance]. */
export interface VrrpInstance {
  readonly name: string;
  readonly interface: string;
  /** 1..255. */
  readonly vrid: number;
  readonly version: 2 | 3;
  readonly family: 4 | 6;
  readonly initialState: InitialState;
  /** 1..255; 255 owns the addresses. */
  readonly priority: number;
  /** Centiseconds; 1..4095 in version 3, a multiple of 100 up to 25500 in version 2. */
  readonly advertIntervalCs: number;
  readonly authentication: VrrpAuthentication;
  /** False: a lower MASTER is left alone [nopreempt]. */
  readonly preempt: boolean;
  readonly preemptDelayMs: number;
  /** Source of the adverts; the interface's primary address when absent [mcast_src_ip]. */
  readonly sourceAddress?: IpAddress;
  /** Destination group of the adverts; 224.0.0.18 unless changed [vrrp_mcast_group4]. */
  readonly multicastGroup: IpAddress;
  readonly virtualAddresses: readonly VirtualAddress[];
  readonly excludedAddresses: readonly VirtualAddress[];
  readonly trackedScripts: readonly TrackedScript[];
  readonly trackedInterfaces: readonly TrackedInterface[];
  readonly garp: GarpSettings;
  /** What else is said; the election does not read it yet. */
  readonly options?: VrrpOptions;
}

/** A program whose exit status is watched [vrrp_script]. */
export interface VrrpScript {
  readonly name: string;
  /** Program and arguments; never run through a shell. */
  readonly command: readonly string[];
  readonly intervalMs: number;
  /** The run is killed after this time and counts as failed. */
  readonly timeoutMs: number;
  /** Successes in a row until the script counts as up; at least 1. */
  readonly rise: number;
  /** Failures in a row until the script counts as down; at least 1. */
  readonly fall: number;
  /** -253..253; 0: failure puts tracking instances in FAULT. */
  readonly weight: number;
  /** True: the weight's sense is turned around. */
  readonly reverse?: boolean;
  /** True: counts as failed until it has succeeded [init_fail]. */
  readonly initFail: boolean;
  readonly user?: string;
  readonly group?: string;
}
