// Two ways to talk netlink: requests that are answered within the call, and a subscription to
// notifications. Values are decoded by `src/wire/netlink/`.

import { assert } from "../base/assert.ts";
import { ByteReader } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import { decodeAcknowledgement } from "../wire/netlink/acknowledgement.ts";
import {
  decodeNetlinkMessages,
  encodeNetlinkMessage,
  joinMessages,
  type NetlinkFault,
  type NetlinkMessage,
  netlinkFlag,
  netlinkType,
} from "../wire/netlink/message.ts";
import type { KernelFault } from "../world/kernel.ts";
import { errno, required, syscallFailed } from "./ffi/errno.ts";
import { type Readable, watchReadable } from "./ffi/readable.ts";
import {
  socketConstants as c,
  encodeInt,
  encodeInterfaceName,
  encodeSockaddrNl,
  encodeTimeval,
} from "./ffi/socket-address.ts";
import type { Syscalls } from "./ffi/syscalls.ts";

const netlinkRoute = 0;
/** NETLINK_GENERIC. */
export const netlinkGeneric = 16;
const receiveLength = 1 << 16;
const receiveBufferLength = 1 << 20;
const answerTimeoutMs = 3000;
const interruptedDumpsMax = 8;
/** Datagrams of notifications that are read before the event loop has its turn again. */
const datagramsPerTurnMax = 64;
const kernelPortId = 0;
/** The answers to these fit into the receive buffer even if every one fails. */
const requestsPerDatagramMax = 128;
/** SIOCGIFINDEX, which any socket answers; the index follows 16 bytes of name. */
const getInterfaceIndex = 0x8933;
const interfaceNameMax = 16;

/** Decodes one message of an answer; undefined passes it over. */
export type DecodeNetlink<Value> = (payload: Uint8Array) => Result<Value | undefined, NetlinkFault>;

/** One of several requests that are sent at once. */
export interface NetlinkChange {
  readonly type: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

function openSocket(syscalls: Syscalls, nonBlocking: boolean, protocol = netlinkRoute): number {
  const type = c.SOCK_RAW | (nonBlocking ? c.SOCK_NONBLOCK : 0);
  const fd = required("socket(AF_NETLINK)", syscalls.socket(c.AF_NETLINK, type, protocol));
  const size = encodeInt(receiveBufferLength);
  // Without CAP_NET_ADMIN the limit of the host holds, which is a smaller buffer and no fault.
  if (syscalls.setsockopt(fd, c.SOL_SOCKET, c.SO_RCVBUFFORCE, size) < 0)
    syscalls.setsockopt(fd, c.SOL_SOCKET, c.SO_RCVBUF, size);
  required("bind(AF_NETLINK)", syscalls.bind(fd, encodeSockaddrNl()));
  return fd;
}

function fromKernel(source: Uint8Array): boolean {
  const reader = new ByteReader(source, "host");
  reader.skip(4);
  return reader.u32() === kernelPortId;
}

/** One socket for requests. Every request asks for an acknowledgement and waits for it. */
export class NetlinkRequests {
  readonly #syscalls: Syscalls;
  readonly #fd: number;
  readonly #buffer = new Uint8Array(receiveLength);
  readonly #source = new Uint8Array(12);
  readonly #kernel = encodeSockaddrNl();
  #sequence = 0;
  #interrupted = false;

  /** `protocol` is rtnetlink's unless said. Throws when the process may not open netlink sockets. */
  constructor(syscalls: Syscalls, protocol: number = netlinkRoute) {
    this.#syscalls = syscalls;
    this.#fd = openSocket(syscalls, false, protocol);
    const set = (level: number, option: number, value: Uint8Array): void => {
      syscalls.setsockopt(this.#fd, level, option, value);
    };
    set(c.SOL_SOCKET, c.SO_RCVTIMEO, encodeTimeval(answerTimeoutMs));
    // A kernel that refuses these gives errno without text, and repeats the whole request.
    set(c.SOL_NETLINK, c.NETLINK_EXT_ACK, encodeInt(1));
    set(c.SOL_NETLINK, c.NETLINK_CAP_ACK, encodeInt(1));
  }

  /** Dumps are filtered by what their requests say (Linux 4.20). */
  checkStrictly(): void {
    const option = c.NETLINK_GET_STRICT_CHK;
    this.#syscalls.setsockopt(this.#fd, c.SOL_NETLINK, option, encodeInt(1));
  }

  /** A request without an answer but success or failure. `call` names it in faults. */
  change(
    call: string,
    type: number,
    flags: number,
    payload: Uint8Array,
  ): Result<void, KernelFault> {
    const sent = this.#send(call, type, flags, payload);
    return sent.ok ? this.#answer(call, undefined) : sent;
  }

  /**
   * Requests sent at once, each carried out whatever becomes of the others. Only the last is
   * acknowledged, and those that fail; the first fault is told.
   */
  changeMany(call: string, requests: readonly NetlinkChange[]): Result<void, KernelFault> {
    for (let from = 0; from < requests.length; from += requestsPerDatagramMax) {
      const done = this.#changeSome(call, requests.slice(from, from + requestsPerDatagramMax));
      if (!done.ok) return done;
    }
    return ok(undefined);
  }

  #changeSome(call: string, requests: readonly NetlinkChange[]): Result<void, KernelFault> {
    const first = this.#sequence + 1;
    const messages = requests.map(({ type, flags, payload }, i) => {
      this.#sequence = (this.#sequence + 1) >>> 0;
      const acknowledge = i === requests.length - 1 ? netlinkFlag.acknowledge : 0;
      return encodeNetlinkMessage({
        type,
        flags: flags | netlinkFlag.request | acknowledge,
        sequence: this.#sequence,
        portId: kernelPortId,
        payload,
      });
    });
    const sent = this.#syscalls.sendto(this.#fd, joinMessages(messages), this.#kernel, 0);
    if (sent < 0) return syscallFailed(call, sent);
    let fault: Result<void, KernelFault> = ok(undefined);
    for (;;) {
      const datagram = this.#receive(call);
      if (!datagram.ok) return datagram;
      const answers = decodeNetlinkMessages(datagram.value);
      if (!answers.ok) return syscallFailed(call, errno.EPROTO, answers.fault.text);
      for (const answer of answers.value) {
        if (answer.sequence < first || answer.type !== netlinkType.error) continue;
        const ended = this.#end(call, answer);
        if (fault.ok && !ended.ok) fault = ended;
        if (answer.sequence === this.#sequence) return fault;
      }
    }
  }

  /** The index of an interface in the namespace of this socket, or the negative errno. */
  interfaceIndex(name: string): number {
    if (name.length >= interfaceNameMax) return -errno.ENODEV;
    const request = new Uint8Array(40);
    request.set(encodeInterfaceName(name));
    const returned = this.#syscalls.ioctl(this.#fd, getInterfaceIndex, request, 0);
    return returned < 0
      ? returned
      : new ByteReader(request.subarray(interfaceNameMax), "host").i32();
  }

  /** A request for one object: its answers, usually one. */
  get<Value>(
    call: string,
    type: number,
    payload: Uint8Array,
    decode: DecodeNetlink<Value>,
  ): Result<readonly Value[], KernelFault> {
    return this.#collect(call, type, 0, payload, decode);
  }

  /** A request for a whole table; asked again when the table changed meanwhile. */
  dump<Value>(
    call: string,
    type: number,
    payload: Uint8Array,
    decode: DecodeNetlink<Value>,
  ): Result<readonly Value[], KernelFault> {
    for (let attempt = 0; attempt < interruptedDumpsMax; attempt++) {
      const values = this.#collect(call, type, netlinkFlag.dump, payload, decode);
      if (!values.ok || !this.#interrupted) return values;
    }
    return syscallFailed(call, errno.EAGAIN, "the table changes faster than it can be read");
  }

  close(): void {
    this.#syscalls.close(this.#fd);
  }

  #collect<Value>(
    call: string,
    type: number,
    flags: number,
    payload: Uint8Array,
    decode: DecodeNetlink<Value>,
  ): Result<readonly Value[], KernelFault> {
    const sent = this.#send(call, type, flags, payload);
    if (!sent.ok) return sent;
    const values: Value[] = [];
    const ended = this.#answer(call, (message) => {
      const decoded = decode(message.payload);
      if (!decoded.ok) return decoded;
      if (decoded.value !== undefined) values.push(decoded.value);
      return ok(undefined);
    });
    return ended.ok ? ok(values) : ended;
  }

  #send(call: string, type: number, flags: number, payload: Uint8Array): Result<void, KernelFault> {
    this.#sequence = (this.#sequence + 1) >>> 0;
    this.#interrupted = false;
    const request = encodeNetlinkMessage({
      type,
      flags: flags | netlinkFlag.request | netlinkFlag.acknowledge,
      sequence: this.#sequence,
      portId: kernelPortId,
      payload,
    });
    const sent = this.#syscalls.sendto(this.#fd, request, this.#kernel, 0);
    return sent < 0 ? syscallFailed(call, sent) : ok(undefined);
  }

  /** Reads to the acknowledgement of the request sent last, passing each answer to `take`. */
  #answer(
    call: string,
    take: ((message: NetlinkMessage) => Result<void, NetlinkFault>) | undefined,
  ): Result<void, KernelFault> {
    for (;;) {
      const datagram = this.#receive(call);
      if (!datagram.ok) return datagram;
      const messages = decodeNetlinkMessages(datagram.value);
      if (!messages.ok) return syscallFailed(call, errno.EPROTO, messages.fault.text);
      for (const message of messages.value) {
        // What is left of a request that timed out.
        if (message.sequence !== this.#sequence) continue;
        if ((message.flags & netlinkFlag.dumpInterrupted) !== 0) this.#interrupted = true;
        if (message.type === netlinkType.error || message.type === netlinkType.done)
          return this.#end(call, message);
        const taken = take?.(message);
        if (taken?.ok === false) return syscallFailed(call, errno.EPROTO, taken.fault.text);
      }
    }
  }

  #end(call: string, message: NetlinkMessage): Result<void, KernelFault> {
    const ended = decodeAcknowledgement(message);
    if (!ended.ok) return syscallFailed(call, errno.EPROTO, ended.fault.text);
    if (ended.value.errno === 0) return ok(undefined);
    return syscallFailed(call, ended.value.errno, ended.value.text);
  }

  #receive(call: string): Result<Uint8Array, KernelFault> {
    for (;;) {
      const length = this.#syscalls.recvfrom(this.#fd, this.#buffer, c.MSG_TRUNC, this.#source);
      if (length === -errno.EINTR) continue;
      if (length === -errno.EAGAIN) return syscallFailed(call, errno.ETIMEDOUT);
      if (length < 0) return syscallFailed(call, length);
      if (!fromKernel(this.#source)) continue;
      if (length > this.#buffer.length) return syscallFailed(call, errno.EMSGSIZE);
      return ok(this.#buffer.subarray(0, length));
    }
  }
}

/** What a subscription tells. */
export interface NetlinkHandlers {
  readonly onMessage: (message: NetlinkMessage) => void;
  /** Some notifications were lost. */
  readonly onOverrun: () => void;
}

/** One socket for notifications: opened silent, in the namespace that the caller is in. */
export class NetlinkNotifications {
  readonly #syscalls: Syscalls;
  readonly #fd: number;
  readonly #buffer = new Uint8Array(receiveLength);
  readonly #source = new Uint8Array(12);
  #watched: Readable | undefined;
  #open = true;

  /** Throws when the process may not open netlink sockets. */
  constructor(syscalls: Syscalls) {
    this.#syscalls = syscalls;
    this.#fd = openSocket(syscalls, true);
  }

  /** Joins groups (RTNLGRP_*) and calls the handlers from then on. Call once. */
  subscribe(groups: readonly number[], handlers: NetlinkHandlers): void {
    assert(this.#watched === undefined && this.#open, "a subscription is made once");
    for (const group of groups)
      required(
        "NETLINK_ADD_MEMBERSHIP",
        this.#syscalls.setsockopt(
          this.#fd,
          c.SOL_NETLINK,
          c.NETLINK_ADD_MEMBERSHIP,
          encodeInt(group),
        ),
      );
    this.#watched = watchReadable(this.#syscalls, this.#fd, () => {
      for (let i = 0; this.#open && i < datagramsPerTurnMax; i++) if (!this.#read(handlers)) return;
    });
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#watched?.close();
    this.#syscalls.close(this.#fd);
  }

  /** Reads one datagram; false when none waits. */
  #read(handlers: NetlinkHandlers): boolean {
    const flags = c.MSG_DONTWAIT | c.MSG_TRUNC;
    const length = this.#syscalls.recvfrom(this.#fd, this.#buffer, flags, this.#source);
    if (length === -errno.EAGAIN) return false;
    if (length === -errno.EINTR) return true;
    const isWhole = length >= 0 && length <= this.#buffer.length;
    const messages = isWhole ? decodeNetlinkMessages(this.#buffer.subarray(0, length)) : undefined;
    // ENOBUFS, and whatever else cannot be read: something was said that was not heard.
    if (messages?.ok !== true) handlers.onOverrun();
    else if (fromKernel(this.#source)) messages.value.forEach(handlers.onMessage);
    return true;
  }
}
