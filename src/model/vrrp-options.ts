// Settings of instances beyond the plain virtual router. Absent means: not said, so that the global setting or the
// default counts.

import type { IpAddress } from "../base/address.ts";
import type { NotifyPrograms } from "./notification.ts";
import type { Route, RoutingRule } from "./routing.ts";
import type { TrackedObject } from "./tracking.ts";
import type { VirtualAddress } from "./vrrp-instance.ts";
import type { WitnessNeed } from "./witness.ts";

/** A router that gets adverts by unicast [unicast_peer]. */
export interface UnicastPeer {
  readonly address: IpAddress;
  readonly ttlMin?: number;
  readonly ttlMax?: number;
}

/** Adverts to single routers in the place of a multicast group. */
export interface UnicastSettings {
  readonly source?: IpAddress;
  readonly peers: readonly UnicastPeer[];
  /** 0..255 [unicast_ttl]. */
  readonly ttl: number;
  /** True, and so unless said otherwise: senders that are no peers are not heard [check_unicast_src]. */
  readonly checkSource: boolean;
  /** True: without peers the instance is in FAULT and does not use multicast [unicast_fault_no_peer]. */
  readonly faultWithoutPeers: boolean;
  /** `never`: not even tried [old_unicast_checksum]. */
  readonly oldChecksum?: "yes" | "never";
}

/** An interface of the instance's own, with the MAC address of the virtual router [use_vmac]. */
export interface VirtualMac {
  readonly interface?: string;
  readonly mac?: string;
  /** Also for addresses on other interfaces [use_vmac_addr]. */
  readonly ofAddresses: boolean;
  /** Adverts leave from the interface itself [vmac_xmit_base]. */
  readonly transmitFromBase: boolean;
}

/** Signed adverts [auth_hmac]. */
export interface HmacSettings {
  readonly keys: readonly { readonly id: number; readonly key: string }[];
  readonly activeKey?: number;
  readonly timeWindowMs?: number;
  readonly antiReplay: "time" | "monotonic";
  readonly mode: "enforce" | "permissive" | "receive-only";
}

/** Gratuitous ARP on interfaces that hold addresses but carry no adverts [garp_extra_if]. */
export interface ExtraInterfaceGarp {
  readonly all: boolean;
  /** 0: never. */
  readonly everyMs: number;
}

/** Interfaces that share the pauses between announcements of addresses [garp_group]. */
export interface GarpGroup {
  readonly interfaces: readonly string[];
  /** The global pause where absent. */
  readonly garpIntervalMs?: number;
  readonly gnaIntervalMs?: number;
}

/** Settings that global_defs can make for all instances. */
export interface VrrpDefaults {
  readonly strict?: boolean;
  readonly downTimerAdverts?: number;
  readonly lowerPriorityNoAdvert?: boolean;
  readonly higherPrioritySendAdvert?: boolean;
  readonly ownerIgnoresAdverts?: boolean;
  readonly skipCheckOfAddresses?: boolean;
  readonly checksumAsVersion2?: boolean;
  readonly garpLowerPriorityDelayMs?: number;
  readonly garpLowerPriorityRepeat?: number;
  readonly garpExtraInterfaces?: ExtraInterfaceGarp;
  readonly notifyPriorityChanges?: boolean;
  /** Whether addresses expire by themselves when nobody renews them [vip_lease]; `auto` when absent. */
  readonly lease?: LeaseSetting;
  /** What names of interfaces with a virtual MAC address begin with; `vrrp` when absent [vmac_prefix]. */
  readonly virtualMacPrefix?: string;
  /** The same for those of single addresses [vmac_addr_prefix]. */
  readonly virtualMacAddressPrefix?: string;
}

/** `auto`: where the interval of the adverts leaves room for it. */
export type LeaseSetting = "yes" | "no" | "auto";

/** Settings of one instance. */
export interface VrrpOptions extends VrrpDefaults {
  /** Addresses of the other family: a second virtual router with the same VRID announces them [dual_stack]. */
  readonly secondFamily?: readonly VirtualAddress[];
  /** The instance of which this one is the other family. */
  readonly halfOf?: string;
  /** The sync group of which it is a member. */
  readonly syncGroup?: string;
  readonly unicast?: UnicastSettings;
  readonly virtualMac?: VirtualMac;
  /** Words behind use_ipvlan: a name, an address, a mode. */
  readonly ipvlan?: readonly string[];
  readonly hmac?: HmacSettings;
  /** True or false where `accept` or `no_accept` is written. */
  readonly accept?: boolean;
  readonly vrf?: string;
  /** False: it goes on without its own interface [dont_track_primary]. */
  readonly trackOwnInterface?: boolean;
  readonly trackSourceAddress?: boolean;
  readonly promoteSecondaries?: boolean;
  readonly receiveBufferBytes?: number;
  /** The highest priority of the others [timer_expired_backup]. */
  readonly timerExpiredBackup?: number;
  readonly syncDaemonInterface?: string;
  readonly routes?: readonly Route[];
  readonly rules?: readonly RoutingRule[];
  readonly trackedFiles?: readonly TrackedObject[];
  readonly trackedProcesses?: readonly TrackedObject[];
  readonly trackedBfdSessions?: readonly TrackedObject[];
  readonly witnesses?: WitnessNeed;
  readonly notify?: NotifyPrograms;
  readonly mail?: boolean;
}
