// Each rule of reception with a packet that passes it and one that does not (RFC 5880 section 6.8.6).

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { BfdSession } from "../model/bfd-session.ts";
import { type BfdPacket, encodeBfdPacket } from "../wire/bfd-packet.ts";
import { acceptPacket, sentTtl } from "./accept-packet.ts";

const A = "10.0.0.2" as IpAddress;
const B = "10.0.0.3" as IpAddress;
const SIX = "2001:db8::2" as IpAddress;

const base: BfdSession = {
  name: "a",
  neighbor: A,
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
};

const packet: BfdPacket = {
  diagnostic: 0,
  state: "Up",
  poll: false,
  final: false,
  independent: false,
  authenticated: false,
  demand: false,
  multiplier: 3,
  discriminator: 99,
  remoteDiscriminator: 7,
  desiredTransmitUs: 10_000,
  requiredReceiveUs: 10_000,
  requiredEchoReceiveUs: 0,
};

interface Case {
  readonly packet?: Partial<BfdPacket>;
  readonly bytes?: Uint8Array;
  readonly source?: IpAddress;
  readonly ttl?: number | undefined;
  readonly config?: Partial<BfdSession>;
}

/** `a` has discriminator 7, `b` has 8. */
function verdict(one: Case = {}): string {
  const sessions = [
    { config: { ...base, ...one.config }, discriminator: 7 },
    { config: { ...base, name: "b", neighbor: B }, discriminator: 8 },
  ];
  const bytes = one.bytes ?? encodeBfdPacket({ ...packet, ...one.packet });
  const ttl = "ttl" in one ? one.ttl : 255;
  const accepted = acceptPacket({ bytes, source: one.source ?? A, ttl }, sessions);
  if (accepted.ok) return `for ${accepted.value.session.config.name}`;
  const { kind, session } = accepted.fault;
  return session === undefined ? kind : `${kind} at ${session.config.name}`;
}

test("a packet is for the session whose discriminator it names", () => {
  assert.equal(verdict(), "for a");
  assert.equal(verdict({ packet: { remoteDiscriminator: 8 }, source: B }), "for b");
  assert.equal(verdict({ packet: { remoteDiscriminator: 5 } }), "session-unknown at a");
  assert.equal(verdict({ packet: { remoteDiscriminator: 5 }, source: SIX }), "session-unknown");
});

test("without Your Discriminator the neighbour's address counts, in Down and AdminDown only", () => {
  for (const state of ["Down", "AdminDown"] as const) {
    assert.equal(verdict({ packet: { remoteDiscriminator: 0, state } }), "for a");
    assert.equal(
      verdict({ packet: { remoteDiscriminator: 0, state }, source: SIX }),
      "neighbor-unknown",
    );
  }
  for (const state of ["Init", "Up"] as const)
    assert.equal(
      verdict({ packet: { remoteDiscriminator: 0, state } }),
      "remote-discriminator-missing at a",
    );
});

test("another host cannot speak for a session, even with the right discriminator", () => {
  assert.equal(verdict({ source: B }), "source-wrong at a");
  assert.equal(verdict({ source: SIX }), "source-wrong at a");
});

test("what cannot be decoded is counted for the session of its sender", () => {
  assert.equal(verdict({ bytes: new Uint8Array(24) }), "version-wrong at a");
  assert.equal(verdict({ bytes: new Uint8Array(3), source: SIX }), "version-wrong");
  const bytes = encodeBfdPacket(packet);
  bytes[2] = 0;
  assert.equal(verdict({ bytes }), "multiplier-zero at a");
});

test("authentication is refused: none is configured (the A bit)", () => {
  const bytes = new Uint8Array(26);
  bytes.set(encodeBfdPacket({ ...packet, authenticated: true }));
  bytes[3] = 26;
  assert.equal(verdict({ bytes }), "authentication-unexpected at a");
});

test("RFC 5881 section 5: a packet that crossed a router is refused", () => {
  assert.equal(verdict({ ttl: 254 }), "ttl-wrong at a");
  assert.equal(verdict({ ttl: 255 }), "for a");
  assert.equal(verdict({ ttl: undefined }), "for a", "the kernel always tells it");
});

test("max_hops lets packets cross so many routers, -1 and 255 any number", () => {
  assert.equal(verdict({ ttl: 253, config: { hopsMax: 2 } }), "for a");
  assert.equal(verdict({ ttl: 252, config: { hopsMax: 2 } }), "ttl-wrong at a");
  for (const hopsMax of [-1, 255]) assert.equal(verdict({ ttl: 1, config: { hopsMax } }), "for a");
  assert.equal(verdict({ ttl: 60, config: { ttl: 62, hopsMax: 2 } }), "for a");
  assert.equal(verdict({ ttl: 59, config: { ttl: 62, hopsMax: 2 } }), "ttl-wrong at a");
});

test("IPv6 without hoplimit hears a keepalived, which sends 64; with hoplimit 255 it is strict", () => {
  const of = (ttl: number, config: Partial<BfdSession> = {}): string =>
    verdict({ ttl, source: SIX, config: { neighbor: SIX, ...config } });
  assert.equal(of(64), "for a");
  assert.equal(of(255), "for a");
  assert.equal(of(63), "ttl-wrong at a");
  assert.equal(of(64, { ttl: 255 }), "ttl-wrong at a");
  assert.equal(of(255, { ttl: 255 }), "for a");
});

test("packets are sent with 255 in both families unless the configuration says another TTL", () => {
  assert.equal(sentTtl(base), 255);
  assert.equal(sentTtl({ ...base, neighbor: SIX }), 255);
  assert.equal(sentTtl({ ...base, ttl: 64 }), 64);
});
