// ICMP echo requests over raw sockets, one socket a family for all of this process.

import { type Family, familyOf, type IpAddress } from "../../base/address.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { decodeIcmpMessage, encodeIcmpMessage, icmpTypes } from "../../wire/icmp.ts";
import { decodeIpv4Packet } from "../../wire/ipv4.ts";
import type { CancelProbe, ProbeOutcome } from "../../world/probe-network.ts";
import { syscallFault } from "../ffi/errno.ts";
import { watchReadable } from "../ffi/readable.ts";
import {
  socketConstants as c,
  encodeSockaddrIn,
  encodeSockaddrIn6,
} from "../ffi/socket-address.ts";
import type { Syscalls } from "../ffi/syscalls.ts";
import { ReceiveRing } from "../receive-ring.ts";
import { spokenDuration } from "./spoken-duration.ts";

const icmp = 1;
const icmpv6 = 58;
const echoReply = 0;
const echoRequest6 = 128;
const echoReply6 = 129;
const packetBytesMax = 512;
const payloadBytes = 32;

interface Waiting {
  readonly sentAtMs: number;
  readonly timer: NodeJS.Timeout;
  readonly onDone: (outcome: ProbeOutcome) => void;
}

/** Asks hosts whether they are there. */
export class Pinger {
  readonly #syscalls: Syscalls;
  readonly #sockets = new Map<Family, { readonly fd: number; close(): void }>();
  readonly #waiting = new Map<number, Waiting>();
  /** Tells the answers to our questions from those of other programs. */
  readonly #identifier: number;
  #sequence = 0;

  constructor(syscalls: Syscalls) {
    this.#syscalls = syscalls;
    this.#identifier = process.pid & 0xffff;
  }

  /** One question; `onDone` is called once, after this call has returned. */
  ping(
    address: IpAddress,
    timeoutMs: number,
    onDone: (outcome: ProbeOutcome) => void,
  ): CancelProbe {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    const sequence = this.#sequence;
    const finish = (outcome: ProbeOutcome): void => {
      if (this.#take(sequence) !== undefined) onDone(outcome);
    };
    const reason = `no answer from ${address} within ${spokenDuration(timeoutMs)}`;
    const timer = setTimeout(() => finish({ kind: "failed", reason }), timeoutMs);
    this.#waiting.set(sequence, { sentAtMs: performance.now(), timer, onDone });
    const fault = this.#send(address, sequence);
    if (fault !== undefined)
      setImmediate(() => finish({ kind: "failed", reason: `${address}: ${fault}` }));
    return () => void this.#take(sequence);
  }

  /** Forgets every question and lets go of the sockets. */
  close(): void {
    for (const sequence of [...this.#waiting.keys()]) this.#take(sequence);
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
  }

  #take(sequence: number): Waiting | undefined {
    const waiting = this.#waiting.get(sequence);
    if (waiting === undefined) return undefined;
    clearTimeout(waiting.timer);
    this.#waiting.delete(sequence);
    return waiting;
  }

  #send(address: IpAddress, sequence: number): string | undefined {
    const family = familyOf(address);
    const fd = this.#socket(family);
    if (typeof fd === "string") return fd;
    const rest = ((this.#identifier << 16) | sequence) >>> 0;
    const payload = new Uint8Array(payloadBytes);
    // The kernel fills the checksum of ICMPv6, which covers addresses that it chooses.
    const message =
      family === 4
        ? encodeIcmpMessage({ type: icmpTypes.echoRequest, code: 0, rest, payload })
        : new ByteWriter(8 + payloadBytes)
            .u8(echoRequest6)
            .u8(0)
            .u16(0)
            .u32(rest)
            .bytes(payload)
            .finish();
    const to = family === 4 ? encodeSockaddrIn(address, 0) : encodeSockaddrIn6(address, 0);
    const sent = this.#syscalls.sendto(fd, message, to, c.MSG_DONTWAIT);
    return sent < 0 ? syscallFault("sendto", sent).text : undefined;
  }

  #socket(family: Family): number | string {
    const known = this.#sockets.get(family);
    if (known !== undefined) return known.fd;
    const domain = family === 4 ? c.AF_INET : c.AF_INET6;
    const protocol = family === 4 ? icmp : icmpv6;
    const fd = this.#syscalls.socket(domain, c.SOCK_RAW | c.SOCK_NONBLOCK, protocol);
    if (fd < 0) return syscallFault("socket(SOCK_RAW, ICMP)", fd).text;
    const ring = new ReceiveRing(this.#syscalls, fd, packetBytesMax);
    const watched = watchReadable(this.#syscalls, fd, () => {
      for (const { bytes } of ring.take()) this.#hear(bytes, family);
    });
    const close = (): void => {
      watched.close();
      this.#syscalls.close(fd);
    };
    this.#sockets.set(family, { fd, close });
    return fd;
  }

  #hear(bytes: Uint8Array, family: Family): void {
    const answer = family === 4 ? readReply(bytes) : readReply6(bytes);
    if (answer === undefined || answer >>> 16 !== this.#identifier) return;
    const waiting = this.#take(answer & 0xffff);
    if (waiting === undefined) return;
    waiting.onDone({ kind: "succeeded", latencyMs: performance.now() - waiting.sentAtMs });
  }
}

/** Identifier and number of an echo reply. */
function readReply(packet: Uint8Array): number | undefined {
  const ip = decodeIpv4Packet(packet);
  const message = ip.ok ? decodeIcmpMessage(ip.value.payload) : undefined;
  return message?.ok === true && message.value.type === echoReply ? message.value.rest : undefined;
}

function readReply6(message: Uint8Array): number | undefined {
  const reader = new ByteReader(message);
  const type = reader.u8();
  reader.skip(3);
  const rest = reader.u32();
  return type === echoReply6 && !reader.overrun ? rest : undefined;
}
