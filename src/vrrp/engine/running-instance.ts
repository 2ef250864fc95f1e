// One instance in operation: its configuration, its machine's state, and what is prepared from them
// so that the moments that count allocate little.

import type { IpAddress } from "../../base/address.ts";
import type { Cause } from "../../model/status.ts";
import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import { addressFacts } from "../../plan/address-facts.ts";
import type { AddressFact } from "../../plan/operation.ts";
import type { ChecksumForm } from "../../wire/vrrp-advert.ts";
import { addressKey } from "../address-plan.ts";
import type { AcceptedAdvert, AdvertExpectation, RejectKind } from "../advert-expectation.ts";
import type { Condition } from "../condition.ts";
import { type HeardAdvert, NOT_STARTED, type VrrpMachineState } from "../state.ts";
import { AdvertWriter, advertisedAddresses } from "./advert-writer.ts";
import { expectAdverts, judgeConfiguration, unicastPeers } from "./expect-adverts.ts";

const MTU_DEFAULT = 1500;
/** More than any cluster; who is beyond has a key and begins anew. */
const SENDERS_REMEMBERED_MAX = 64;

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
  /** Accepted adverts by what their checksums covered. */
  readonly checksums: Map<ChecksumForm, number>;
}

/** What the interface of an instance means for its adverts. */
export interface AdvertLink {
  readonly mtu: number;
  /** Whether an address is in a network of the interface. */
  onLink(address: IpAddress): boolean;
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
  /** Kept by the heap of deadlines. */
  place = -1;
  /** Kept by the heap of deadlines. */
  wakeAtMs = 0;
  /** Kept by the heap of deadlines. */
  latestMs = 0;
  /** Removed from the configuration; runs until its machine has stopped. */
  retiring = false;
  claims: readonly ClaimedAddress[] = [];
  /** Where each advert goes. */
  destinations: readonly IpAddress[] = [];
  /** Why it cannot work, whatever the surroundings are; undefined: it can. */
  unusable: Cause | undefined;
  expectation: AdvertExpectation;
  readonly tally: Tally = {
    becameMaster: 0,
    advertsSent: 0,
    advertsReceived: 0,
    priorityZeroSent: 0,
    priorityZeroReceived: 0,
    garpSent: 0,
    rejected: new Map(),
    checksums: new Map(),
  };
  readonly #memory = {
    sealed: new Map<IpAddress, number>(),
    signed: new Map<IpAddress, bigint>(),
    lastSource: undefined as IpAddress | undefined,
  };
  /** What each router's last checksum covered. */
  readonly #forms = new Map<IpAddress, ChecksumForm>();
  #writer: AdvertWriter;
  #mtu = MTU_DEFAULT;
  #onLink: readonly boolean[] = [];

  constructor(config: VrrpInstance, wallMs: number) {
    this.config = config;
    this.sinceMs = wallMs;
    this.expectation = this.#expect();
    this.#writer = this.#prepare(undefined);
  }

  /** Takes a new configuration of the same virtual router. */
  reconfigure(config: VrrpInstance): void {
    this.config = config;
    this.expectation = this.#expect();
    this.#writer = this.#prepare(this.#writer);
  }

  /** Takes what the interface is like at this moment. */
  fit({ mtu, onLink }: AdvertLink): void {
    const near = (unicastPeers(this.config) ?? []).map(onLink);
    if (mtu === this.#mtu && sameList(near, this.#onLink)) return;
    this.#mtu = mtu;
    this.#onLink = near;
    this.expectation = this.#expect();
    this.#writer = this.#prepare(this.#writer);
  }

  /** The packet of an advert. `wallMs` is the wall clock, for signed ones. */
  advertPacket(
    priority: number,
    source: IpAddress,
    destination: IpAddress,
    wallMs: number,
  ): Uint8Array {
    const form = this.#forms.get(destination);
    return this.#writer.write(priority, source, destination, wallMs, form);
  }

  /** Remembers what an accepted advert teaches. */
  learn({ source, lesson }: AcceptedAdvert): void {
    const { checksum, sealed, signed } = lesson;
    const { checksums } = this.tally;
    checksums.set(checksum, (checksums.get(checksum) ?? 0) + 1);
    this.#memory.lastSource = source;
    if (this.expectation.oldChecksum) remember(this.#forms, source, checksum);
    if (sealed !== undefined) {
      remember(this.#memory.sealed, source, sealed);
      this.#writer.passSeal(sealed);
    }
    if (signed !== undefined) remember(this.#memory.signed, source, signed);
  }

  /** Encodes what the machine may have to say with a priority, ahead of the moment. */
  prepareAdverts(priority: number, source: IpAddress, wallMs: number): void {
    for (const destination of this.destinations) {
      this.advertPacket(priority, source, destination, wallMs);
      this.advertPacket(0, source, destination, wallMs);
    }
  }

  reject(kind: RejectKind): void {
    this.tally.rejected.set(kind, (this.tally.rejected.get(kind) ?? 0) + 1);
  }

  #expect(): AdvertExpectation {
    const { config } = this;
    const near = new Map((unicastPeers(config) ?? []).map((peer, i) => [peer, this.#onLink[i]]));
    const addresses = advertisedAddresses(config, this.#mtu);
    return expectAdverts(config, addresses, this.#memory, (peer) => near.get(peer) === true);
  }

  #prepare(before: AdvertWriter | undefined): AdvertWriter {
    const { config } = this;
    this.destinations = unicastPeers(config) ?? [config.multicastGroup];
    this.unusable = judgeConfiguration(config);
    this.claims = addressFacts(config).map((fact) => ({ key: addressKey(fact), fact }));
    const addresses = advertisedAddresses(config, this.#mtu);
    return new AdvertWriter(config, this.expectation, addresses, before);
  }
}

function sameList<Value>(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** The latest stands last, so that the first is the one to forget. */
function remember<Value>(of: Map<IpAddress, Value>, source: IpAddress, value: Value): void {
  of.delete(source);
  of.set(source, value);
  if (of.size <= SENDERS_REMEMBERED_MAX) return;
  for (const oldest of of.keys()) {
    of.delete(oldest);
    return;
  }
}
