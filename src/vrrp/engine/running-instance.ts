// One instance in operation: its configuration, its machine's state, and what is prepared from them
// so that the moments that count allocate little.

import { familyOf, type IpAddress, ipv4Number } from "../../base/address.ts";
import type { Cause } from "../../model/status.ts";
import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import { addressFacts } from "../../plan/address-facts.ts";
import type { AddressFact } from "../../plan/operation.ts";
import { encodeIpv4Packet } from "../../wire/ipv4.ts";
import {
  ADVERT_ADDRESSES_MAX,
  encodePassword,
  encodeVrrpAdvert,
  IP_PROTOCOL_VRRP,
  type VrrpAdvert,
} from "../../wire/vrrp-advert.ts";
import { addressKey } from "../address-plan.ts";
import type { Condition } from "../condition.ts";
import { type HeardAdvert, NOT_STARTED, type VrrpMachineState } from "../state.ts";
import type { AdvertExpectation, RejectKind } from "../validate-advert.ts";

const NO_PASSWORD = new Uint8Array(8);

/** One address with its key, computed once. */
export interface ClaimedAddress {
  readonly key: string;
  readonly fact: AddressFact;
}

/** Counters that grow; `rejected` by kind. */
export interface Tally {
  becameMaster: number;
  advertsSent: number;
  advertsReceived: number;
  priorityZeroSent: number;
  priorityZeroReceived: number;
  garpSent: number;
  readonly rejected: Map<RejectKind, number>;
}

export class RunningInstance {
  config: VrrpInstance;
  state: VrrpMachineState = NOT_STARTED;
  condition: Condition = { kind: "waiting", cause: NOT_STARTED.cause };
  cause: Cause = NOT_STARTED.cause;
  /** Wall-clock milliseconds of the last transition. */
  sinceMs: number;
  /** The text of the source address; undefined while there is none. */
  source: IpAddress | undefined;
  heard: HeardAdvert | undefined;
  /** Removed from the configuration; runs until its machine has stopped. */
  retiring = false;
  claims: readonly ClaimedAddress[] = [];
  /** Where each advert goes. */
  destinations: readonly IpAddress[] = [];
  expectation: AdvertExpectation;
  readonly tally: Tally = {
    becameMaster: 0,
    advertsSent: 0,
    advertsReceived: 0,
    priorityZeroSent: 0,
    priorityZeroReceived: 0,
    garpSent: 0,
    rejected: new Map(),
  };
  readonly #packets = new Map<string, Uint8Array>();
  #packetSource: IpAddress | undefined;
  #advertised: readonly number[] = [];

  constructor(config: VrrpInstance, wallMs: number) {
    this.config = config;
    this.sinceMs = wallMs;
    this.expectation = this.#prepare();
  }

  /** Takes a new configuration of the same virtual router. */
  reconfigure(config: VrrpInstance): void {
    this.config = config;
    this.expectation = this.#prepare();
  }

  /** The packet of an advert, encoded once for each priority and destination. */
  advertPacket(priority: number, source: IpAddress, destination: IpAddress): Uint8Array {
    if (source !== this.#packetSource) {
      this.#packets.clear();
      this.#packetSource = source;
    }
    const key = `${priority} ${destination}`;
    const known = this.#packets.get(key);
    if (known !== undefined) return known;
    const ends = { source: ipv4Number(source), destination: ipv4Number(destination) };
    const packet = encodeIpv4Packet({
      tos: 0xc0,
      // The kernel counts.
      identification: 0,
      ttl: 255,
      protocol: IP_PROTOCOL_VRRP,
      ...ends,
      payload: encodeVrrpAdvert(this.#advert(priority), ends),
    });
    this.#packets.set(key, packet);
    return packet;
  }

  reject(kind: RejectKind): void {
    this.tally.rejected.set(kind, (this.tally.rejected.get(kind) ?? 0) + 1);
  }

  #prepare(): AdvertExpectation {
    const { config } = this;
    this.destinations = [config.multicastGroup];
    this.claims = addressFacts(config).map((fact) => ({ key: addressKey(fact), fact }));
    this.#packets.clear();
    this.#advertised = config.virtualAddresses
      .filter((virtual) => familyOf(virtual.address) === 4)
      .slice(0, ADVERT_ADDRESSES_MAX)
      .map((virtual) => ipv4Number(virtual.address));
    const pass = config.authentication.type === "PASS";
    return {
      version: config.version,
      intervalCs: config.advertIntervalCs,
      authType: pass ? 1 : 0,
      authData: pass ? encodePassword(config.authentication.password) : NO_PASSWORD,
      addresses: new Set(this.#advertised),
    };
  }

  #advert(priority: number): VrrpAdvert {
    const { vrid, advertIntervalCs } = this.config;
    const addresses = this.#advertised;
    if (this.config.version === 3)
      return { version: 3, vrid, priority, intervalCs: advertIntervalCs, addresses };
    const { authType, authData } = this.expectation;
    const intervalS = Math.round(advertIntervalCs / 100);
    return { version: 2, vrid, priority, intervalS, authType, authData, addresses };
  }
}
