// Hosts that speak BFD on one simulated link, in virtual time. The engines are the daemon's own.

import { familyOf, type IpAddress } from "../../src/base/address.ts";
import { Prng } from "../../src/base/prng.ts";
import { ok } from "../../src/base/result.ts";
import { BfdEngine, type BfdOutput, type BfdWorld } from "../../src/bfd/engine.ts";
import type { BfdSession } from "../../src/model/bfd-session.ts";
import type { VirtualTime } from "../../src/simulated/virtual-time.ts";
import type { BfdDatagram, BfdNetwork } from "../../src/world/bfd-network.ts";

interface Listener {
  readonly address: IpAddress;
  readonly port: number;
  readonly waiting: BfdDatagram[];
  readonly onReadable: () => void;
}

/** The link between the hosts. */
export class BfdLink {
  readonly time: VirtualTime;
  readonly prng: Prng;
  /** Probability that a datagram is lost, 0..1. */
  loss = 0;
  delayMs = 0.2;
  /** Hosts whose datagrams do not arrive, by address. */
  readonly muted: Set<IpAddress> = new Set();
  /** How many routers stand between the hosts. */
  hops = 0;
  carried = 0;
  listeners: Listener[] = [];

  constructor(time: VirtualTime, seed: number) {
    this.time = time;
    this.prng = new Prng(seed);
  }

  carry(
    to: { readonly address: IpAddress; readonly port: number },
    datagram: Omit<BfdDatagram, "receivedAtMs">,
  ): void {
    this.carried++;
    if (this.muted.has(datagram.source) || this.prng.chance(this.loss)) return;
    this.time.plan(this.time.nowMs + this.delayMs, () => {
      const ttl = (datagram.ttl ?? 255) - this.hops;
      for (const listener of this.listeners) {
        if (listener.address !== to.address || listener.port !== to.port) continue;
        listener.waiting.push({ ...datagram, ttl, receivedAtMs: this.time.nowMs });
        listener.onReadable();
      }
    });
  }
}

/** One host with one address and one engine. */
export class BfdHost {
  readonly engine: BfdEngine;
  readonly told: Extract<BfdOutput, { readonly kind: "bfd-session" }>[] = [];
  /** Until then nothing runs here, while the sockets fill. */
  pausedUntilMs = 0;
  readonly #link: BfdLink;
  readonly #address: IpAddress;

  constructor(link: BfdLink, address: IpAddress) {
    this.#link = link;
    this.#address = address;
    this.engine = new BfdEngine(this.#world());
  }

  /** Whether followers of the session count it as up. */
  up(name = "peer"): boolean | null | undefined {
    return this.told.findLast(({ session }) => session.name === name)?.up;
  }

  crash(): void {
    this.engine.close();
  }

  #world(): BfdWorld {
    const { time, prng } = this.#link;
    return {
      clock: { nowMs: () => time.nowMs, wallMs: () => time.nowMs },
      network: this.#network(),
      random: () => prng.next(),
      openAlarm: (onAlarm) => {
        let planned: { cancel(): void } | undefined;
        const fire = (): void => {
          if (time.nowMs >= this.pausedUntilMs) onAlarm();
          else planned = time.plan(this.pausedUntilMs, fire);
        };
        return {
          set: (atMs) => {
            planned?.cancel();
            planned = atMs === undefined ? undefined : time.plan(atMs, fire);
          },
          close: () => planned?.cancel(),
        };
      },
      tell: (output) => {
        if (output.kind === "bfd-session") this.told.push(output);
      },
    };
  }

  #network(): BfdNetwork {
    const link = this.#link;
    const address = this.#address;
    return {
      openReceiver: ({ port }, onReadable) => {
        const readable = (): void => {
          if (link.time.nowMs >= this.pausedUntilMs) onReadable();
        };
        const listener: Listener = { address, port, waiting: [], onReadable: readable };
        link.listeners.push(listener);
        return ok({
          receive: () => listener.waiting.splice(0),
          close: () => {
            link.listeners = link.listeners.filter((other) => other !== listener);
          },
        });
      },
      openSender: ({ ttl }) =>
        ok({
          send: (payload, neighbor, port) => {
            link.carry({ address: neighbor, port }, { bytes: payload, source: address, ttl });
            return ok(undefined);
          },
          close: () => undefined,
        }),
    };
  }
}

/** A session with the defaults of keepalived. */
export function bfdSession(neighbor: IpAddress, changes: Partial<BfdSession> = {}): BfdSession {
  return {
    name: "peer",
    neighbor,
    minReceiveMs: 10,
    minTransmitMs: 10,
    idleTransmitMs: 1000,
    multiplier: 5,
    passive: false,
    hopsMax: 0,
    multihop: false,
    weight: 0,
    reverse: false,
    forVrrp: true,
    forCheckers: true,
    ...(familyOf(neighbor) === 6 ? { ttl: 255 } : {}),
    ...changes,
  };
}
