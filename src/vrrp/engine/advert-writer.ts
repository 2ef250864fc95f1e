// Writes the packets of one instance's adverts. What does not change from one advert to the next is
// encoded once; signed and sealed ones differ each time.

import { familyOf, type IpAddress, ipv4Number } from "../../base/address.ts";
import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import { sequenceAfter, sequenceAt } from "../../wire/advert-trailer.ts";
import {
  AUTHENTICATION_HEADER_LENGTH,
  encodeSealedPacket,
} from "../../wire/authentication-header.ts";
import { encodeIpPacket } from "../../wire/ip-packet.ts";
import { isLinkLocal } from "../../wire/ipv6.ts";
import {
  ADVERT_ADDRESSES_MAX,
  type AdvertForm,
  type AdvertSignature,
  type ChecksumForm,
  encodeVrrpAdvert,
  IP_PROTOCOL_VRRP,
  type VrrpAdvert,
} from "../../wire/vrrp-advert.ts";
import type { AdvertExpectation } from "../advert-expectation.ts";

/** DSCP CS6, network control. */
const TRAFFIC_CLASS = 0xc0;
const HOP_LIMIT = 255;
const IDENTIFICATIONS = 0xffff;
const SEQUENCE_MAX = 0xffff_ffff;
/** Where the sequence numbers of authentication headers start: four a second since 2020. */
const SEALS_SINCE_MS = 1_577_836_800_000;
const SEAL_STEP_MS = 250;
/** Headers of IPv6 and of VRRP, the larger authentication, and a signed trailer. */
const OVERHEAD_LENGTH = 40 + 8 + AUTHENTICATION_HEADER_LENGTH + 8 + 28;

/** The addresses that adverts carry: as many as fit, a link-local one first (RFC 9568 section 5.2.9). */
export function advertisedAddresses(config: VrrpInstance, mtu: number): readonly IpAddress[] {
  const own = config.virtualAddresses
    .map(({ address }) => address)
    .filter((address) => familyOf(address) === config.family);
  const fitting = Math.floor((mtu - OVERHEAD_LENGTH) / (config.family === 6 ? 16 : 4));
  const kept = own.slice(0, Math.max(1, Math.min(ADVERT_ADDRESSES_MAX, fitting)));
  const local = config.family === 6 ? own.find(isLinkLocal) : undefined;
  if (local === undefined || kept[0] === local) return kept;
  return [local, ...kept.filter((address) => address !== local)].slice(0, kept.length);
}

export class AdvertWriter {
  readonly #config: VrrpInstance;
  readonly #expected: AdvertExpectation;
  readonly #addresses: readonly IpAddress[];
  readonly #packets = new Map<string, Uint8Array>();
  #source: IpAddress | undefined;
  #seals = 0;
  #identification = 0;
  #signatures = 0n;

  constructor(
    config: VrrpInstance,
    expected: AdvertExpectation,
    addresses: readonly IpAddress[],
    before?: AdvertWriter,
  ) {
    this.#config = config;
    this.#expected = expected;
    this.#addresses = addresses;
    // Numbers go on growing when the configuration changes.
    this.#seals = before === undefined ? 0 : before.#seals;
    this.#signatures = before === undefined ? 0n : before.#signatures;
  }

  /** The packet of an advert. `form` is how the receiver's own adverts are summed, where that is known. */
  write(
    priority: number,
    source: IpAddress,
    destination: IpAddress,
    wallMs: number,
    form?: ChecksumForm,
  ): Uint8Array {
    if (this.#expected.authType === 2) return this.#sealed(priority, source, destination, wallMs);
    const signature = this.#signature(wallMs);
    if (signature !== undefined)
      return this.#plain(priority, source, destination, { ...this.#form(form), signature });
    if (source !== this.#source) this.#packets.clear();
    this.#source = source;
    const key = `${priority} ${destination} ${form ?? ""}`;
    const known = this.#packets.get(key);
    if (known !== undefined) return known;
    const packet = this.#plain(priority, source, destination, this.#form(form));
    this.#packets.set(key, packet);
    return packet;
  }

  /** Learns how far the others' sequence numbers have come: the next one is beyond. */
  passSeal(sequence: number): void {
    this.#seals = Math.max(this.#seals, sequence);
  }

  #plain(
    priority: number,
    source: IpAddress,
    destination: IpAddress,
    form: AdvertForm,
  ): Uint8Array {
    const ends = { source, destination };
    return encodeIpPacket({
      ...ends,
      trafficClass: TRAFFIC_CLASS,
      hopLimit: this.#hopLimit(),
      protocol: IP_PROTOCOL_VRRP,
      // The kernel counts.
      label: 0,
      payload: encodeVrrpAdvert(this.#advert(priority), ends, form),
    });
  }

  #sealed(priority: number, source: IpAddress, destination: IpAddress, wallMs: number): Uint8Array {
    const { sealMac: mac } = this.#expected;
    const ends = { source, destination };
    const payload = encodeVrrpAdvert(this.#advert(priority), ends);
    // It is signed, so that the kernel must not fill it in.
    this.#identification = (this.#identification % IDENTIFICATIONS) + 1;
    const packet = {
      tos: TRAFFIC_CLASS,
      identification: this.#identification,
      ttl: this.#hopLimit(),
      protocol: IP_PROTOCOL_VRRP,
      source: ipv4Number(source),
      destination: ipv4Number(destination),
      payload,
    };
    // A restart must not fall behind what peers have heard before it.
    const byClock = Math.floor((wallMs - SEALS_SINCE_MS) / SEAL_STEP_MS);
    this.#seals = Math.min(SEQUENCE_MAX, Math.max(this.#seals + 1, byClock));
    const unicast = this.#expected.peers !== undefined;
    return mac === undefined
      ? encodeIpPacket({
          ...ends,
          trafficClass: TRAFFIC_CLASS,
          hopLimit: packet.ttl,
          protocol: IP_PROTOCOL_VRRP,
          label: 0,
          payload,
        })
      : encodeSealedPacket(packet, { sequence: this.#seals, mac, unicast });
  }

  #hopLimit(): number {
    return this.#expected.peers === undefined
      ? HOP_LIMIT
      : (this.#config.options?.unicast?.ttl ?? HOP_LIMIT);
  }

  #form(learned: ChecksumForm | undefined): AdvertForm {
    const { options, multicastGroup } = this.#config;
    if (options?.checksumAsVersion2 === true) return { checksum: "message" };
    const old = this.#expected.oldChecksum && learned !== "pseudo-header";
    return old ? { checksumDestination: multicastGroup } : {};
  }

  #signature(wallMs: number): AdvertSignature | undefined {
    const settings = this.#config.options?.hmac;
    const keyId = settings?.activeKey;
    if (settings === undefined || settings.mode === "receive-only" || keyId === undefined)
      return undefined;
    const mac = this.#expected.signature?.keys.get(keyId);
    if (mac === undefined) return undefined;
    this.#signatures = this.#nextSignature(wallMs);
    return { keyId, sequence: this.#signatures, mac };
  }

  /** The clock, or one more than before. A clock that was set back far begins anew: the window lets it. */
  #nextSignature(wallMs: number): bigint {
    const byClock = sequenceAt(wallMs);
    if (sequenceAfter(byClock, this.#signatures)) return byClock;
    const windowS = this.#expected.signature?.windowS;
    const aheadS = Number((this.#signatures - byClock) >> 32n);
    return windowS !== undefined && aheadS > windowS ? byClock : this.#signatures + 1n;
  }

  #advert(priority: number): VrrpAdvert {
    const { vrid, advertIntervalCs } = this.#config;
    const addresses = this.#addresses;
    if (this.#config.version === 3)
      return { version: 3, vrid, priority, intervalCs: advertIntervalCs, addresses };
    const { authType, authData } = this.#expected;
    const intervalS = Math.round(advertIntervalCs / 100);
    return { version: 2, vrid, priority, intervalS, authType, authData, addresses };
  }
}
