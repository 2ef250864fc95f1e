// What interfaces and instances expect of packets, and what a packet that may touch the machine says.

import type { Family, IpAddress } from "../base/address.ts";
import type { Mac } from "../wire/digest/hmac.ts";
import type { ChecksumForm } from "../wire/vrrp-advert.ts";

/** Why a packet was refused; also the name of its counter. */
export type RejectKind =
  | "ip-header-wrong"
  | "own-address"
  | "protocol-wrong"
  | "ttl-wrong"
  | "truncated"
  | "version-wrong"
  | "length-wrong"
  | "checksum-wrong"
  | "type-wrong"
  | "vrid-unknown"
  | "destination-wrong"
  /** Unicast of a router that is no peer. */
  | "peer-unknown"
  | "auth-type-wrong"
  | "auth-mismatch"
  /** A sequence number that is not greater than the last one of its sender. */
  | "replayed"
  /** An instance that wants signed adverts has got a plain one. */
  | "signature-missing"
  | "signature-wrong"
  | "key-unknown"
  /** Signed at a time too far from now. */
  | "stale"
  | "address-count-zero"
  | "interval-zero"
  /** Strict mode: the first IPv6 address is not link-local (RFC 9568 section 5.2.9). */
  | "first-address-wrong"
  | "interval-mismatch"
  | "address-list-mismatch"
  /** The owner of the addresses is told to ignore all adverts. */
  | "owner-ignores"
  /** A message of another Keelson router that is damaged or signed with another secret. */
  | "peer-message-wrong";

/** What is odd about an accepted packet: worth a line in the log. */
export type AdvertNote =
  | "interval-differs"
  | "addresses-differ"
  | "first-address-differs"
  | "unsigned";

/** What a socket expects of every packet. */
export interface LinkExpectation {
  readonly family: Family;
  /** Our own addresses there, without the virtual ones. */
  readonly ownAddresses: ReadonlySet<IpAddress>;
  /** The multicast group; undefined: adverts come to single addresses. */
  readonly group: IpAddress | undefined;
  /** True: IP protocol 51 in the place of 112. */
  readonly authenticationHeader: boolean;
  /** The destination that old unicast checksums cover; undefined: no instance wants such. */
  readonly oldChecksumGroup: IpAddress | undefined;
}

/** The TTL or hop limit that a peer's packets may have; both ends count. */
export interface HopRange {
  readonly min: number;
  readonly max: number;
}

/** How signed adverts are verified. */
export interface SignatureExpectation {
  /** HMAC-SHA256 by the number of the key. */
  readonly keys: ReadonlyMap<number, Mac>;
  /** False: plain adverts are accepted as well. */
  readonly required: boolean;
  /** How far a sender's clock may be off; undefined: order alone counts. */
  readonly windowS: number | undefined;
}

/** What an instance has learned of accepted packets. It changes by accepted packets only. */
export interface AdvertMemory {
  /** The last sequence number of each sender of authentication headers. */
  readonly sealed: ReadonlyMap<IpAddress, number>;
  /** The last sequence of each sender of signed adverts. */
  readonly signed: ReadonlyMap<IpAddress, bigint>;
  /** Who sent the last accepted advert. */
  readonly lastSource: IpAddress | undefined;
}

/** What one instance expects of its adverts. */
export interface AdvertExpectation {
  readonly version: 2 | 3;
  readonly intervalCs: number;
  /** 0: none; 1: PASS; 2: authentication header. Version 2 only. */
  readonly authType: 0 | 1 | 2;
  /** 8 bytes; compared only when `authType` is 1. */
  readonly authData: Uint8Array;
  /** HMAC-MD5 with the password; present when `authType` is 2. */
  readonly sealMac?: Mac;
  readonly signature?: SignatureExpectation;
  /** The addresses that the instance advertises, in its order; a peer may have another. */
  readonly addresses: ReadonlySet<IpAddress>;
  /** The routers that are heard, unicast; undefined: multicast, and everybody. */
  readonly peers?: ReadonlyMap<IpAddress, HopRange>;
  /** Unicast: senders that are no peers are heard, too, with any TTL. */
  readonly anySource: boolean;
  /** Version 3 unicast: the checksum may cover the group in the place of the destination. */
  readonly oldChecksum: boolean;
  readonly strict: boolean;
  readonly ignoresAdverts: boolean;
  /** The address list is compared only when the sender is another one than before. */
  readonly trustsLastSource: boolean;
  readonly memory: AdvertMemory;
}

/** What acceptance changes in the memory of the instance. */
export interface AdvertLesson {
  readonly checksum: ChecksumForm;
  /** Of an authentication header. */
  readonly sealed?: number;
  /** Of a signed advert. */
  readonly signed?: bigint;
}

/** A packet that may touch the machine. */
export interface AcceptedAdvert {
  readonly vrid: number;
  readonly priority: number;
  readonly source: IpAddress;
  readonly intervalMs: number;
  readonly notes: readonly AdvertNote[];
  readonly lesson: AdvertLesson;
  /** Whose advert it is: one of those that were given. */
  readonly expectation: AdvertExpectation;
}

/** A packet that may not. */
export interface RejectedPacket {
  readonly kind: RejectKind;
  /** What it claims to be for, where it got that far. */
  readonly vrid: number | undefined;
  /** Whom it claims to be from. */
  readonly source: IpAddress | undefined;
  /** Whose advert it would have been, where that is known. */
  readonly expectation: AdvertExpectation | undefined;
  /** What was found and what was expected, for people; never a secret. */
  readonly detail?: string;
}
