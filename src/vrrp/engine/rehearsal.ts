// Plays elections on a world that is not there, so that the code of the moments that count has been
// compiled before the first of them: a first take-over is otherwise a millisecond slower.

import type { IpAddress } from "../../base/address.ts";
import { ok } from "../../base/result.ts";
import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import { wishOfInstances } from "../../model/vrrp-wish.ts";
import type { AddressFact } from "../../plan/operation.ts";
import { encodeIpPacket } from "../../wire/ip-packet.ts";
import {
  encodePassword,
  encodeVrrpAdvert,
  IP_PROTOCOL_VRRP,
  type VrrpAdvert,
} from "../../wire/vrrp-advert.ts";
import type { LinkFact } from "../../world/kernel.ts";
import type { ReceivedPacket } from "../../world/vrrp-network.ts";
import { addressKey } from "../address-plan.ts";
import { VrrpEngine } from "./engine.ts";
import type { EngineWorld } from "./output.ts";

const OWN = "192.0.2.1" as IpAddress;
const PEER = "192.0.2.2" as IpAddress;
const VIRTUAL = "192.0.2.100" as IpAddress;
const GROUP = "224.0.0.18" as IpAddress;
const PASSWORD = "rehearse";
const LINK: LinkFact = {
  index: 1,
  name: "rehearsal0",
  up: true,
  carrier: true,
  mtu: 1500,
  mac: Uint8Array.of(2, 0, 0, 0, 0, 1),
  type: 1,
};

/** Plays `rounds` of becoming MASTER, asserting it, yielding and handing over, in both versions. */
export function rehearse(rounds: number): void {
  for (const version of [2, 3] as const) {
    for (let i = 0; i < rounds; i++) rehearseStop(version);
    const stage = new Stage();
    const engine = new VrrpEngine(stage.world());
    engine.configure(wishOfInstances([instanceOf(version)]));
    for (let i = 0; i < rounds; i++) {
      // Silence makes it MASTER; some adverts later a lower router is answered, a higher one wins.
      for (let alarms = 0; alarms < 8; alarms++) stage.ring();
      for (const priority of [50, 0, 200, 200, 0]) stage.hear(advertOf(version, priority));
    }
    engine.report();
    engine.close();
  }
}

function rehearseStop(version: 2 | 3): void {
  const stage = new Stage();
  const engine = new VrrpEngine(stage.world());
  engine.configure(wishOfInstances([instanceOf(version)]));
  for (let alarms = 0; alarms < 3; alarms++) stage.ring();
  engine.stop();
  stage.hear(advertOf(version, 50));
  for (let alarms = 0; alarms < 3; alarms++) stage.ring();
  engine.close();
}

/** A clock that jumps from alarm to alarm, one link, and a socket that loses what it is given. */
class Stage {
  #nowMs = 0;
  #alarmAtMs: number | undefined;
  #onAlarm: () => void = () => undefined;
  #onReadable: () => void = () => undefined;
  #waiting: ReceivedPacket[] = [];
  readonly #addresses = new Map<string, AddressFact>();

  world(): EngineWorld {
    const own: AddressFact = { address: OWN, prefixLength: 24, interface: LINK.name };
    this.#addresses.set(addressKey(own), own);
    return {
      clock: { nowMs: () => this.#nowMs, wallMs: () => this.#nowMs },
      network: {
        open: (_options, onReadable) => {
          this.#onReadable = onReadable;
          return ok({
            send: () => ok(undefined),
            receive: () => this.#waiting.splice(0),
            close: () => undefined,
          });
        },
        sendFrame: () => ok(undefined),
      },
      kernel: {
        links: () => ok([LINK]),
        addresses: () => ok([...this.#addresses.values()]),
        apply: ({ kind, fact }) => {
          if (kind === "add-address") this.#addresses.set(addressKey(fact), fact);
          else this.#addresses.delete(addressKey(fact));
          return ok(undefined);
        },
        renew: () => ok(undefined),
        watch: () => undefined,
        changesSent: 0,
        close: () => undefined,
      },
      host: stillHost,
      openAlarm: (onAlarm) => {
        this.#onAlarm = onAlarm;
        return {
          set: (atMs) => {
            this.#alarmAtMs = atMs;
          },
          close: () => undefined,
        };
      },
      tell: () => undefined,
    };
  }

  ring(): void {
    if (this.#alarmAtMs === undefined) return;
    this.#nowMs = Math.max(this.#nowMs, this.#alarmAtMs);
    this.#onAlarm();
  }

  hear(bytes: Uint8Array): void {
    this.#waiting.push({ bytes, receivedAtMs: this.#nowMs });
    this.#onReadable();
  }
}

/** Nothing but addresses is rehearsed. */
const stillHost: EngineWorld["host"] = {
  guard: {
    read: () => ok({ addresses: [], leases: [] }),
    apply: () => ok({ rebuilt: false }),
    intact: () => true,
    remove: () => ok(undefined),
  },
  routing: {
    routes: () => ok([]),
    rules: () => ok([]),
    apply: () => ok(undefined),
    watch: () => undefined,
    close: () => undefined,
  },
  virtualLinks: { add: () => ok(undefined), remove: () => ok(undefined) },
  settings: { read: () => undefined, write: () => ok(undefined) },
};

function instanceOf(version: 2 | 3): VrrpInstance {
  return {
    name: "rehearsal",
    interface: LINK.name,
    vrid: 1,
    version,
    family: 4,
    initialState: "BACKUP",
    priority: 100,
    advertIntervalCs: 100,
    authentication: version === 2 ? { type: "PASS", password: PASSWORD } : { type: "none" },
    preempt: true,
    preemptDelayMs: 0,
    multicastGroup: GROUP,
    virtualAddresses: [{ address: VIRTUAL, prefixLength: 32 }],
    excludedAddresses: [],
    trackedScripts: [],
    trackedInterfaces: [],
    garp: { delayMs: 100, repeat: 5, refreshMs: 0, refreshRepeat: 1 },
  };
}

function advertOf(version: 2 | 3, priority: number): Uint8Array {
  const addresses = [VIRTUAL];
  const advert: VrrpAdvert =
    version === 3
      ? { version, vrid: 1, priority, intervalCs: 100, addresses }
      : {
          version,
          vrid: 1,
          priority,
          intervalS: 1,
          authType: 1,
          authData: encodePassword(PASSWORD),
          addresses,
        };
  const ends = { source: PEER, destination: GROUP };
  return encodeIpPacket({
    ...ends,
    trafficClass: 0xc0,
    hopLimit: 255,
    protocol: IP_PROTOCOL_VRRP,
    label: 0,
    payload: encodeVrrpAdvert(advert, ends),
  });
}
