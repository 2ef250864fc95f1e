// nf_tables over netlink: transactions and dumps, answered within the call.

import { ok, type Result } from "../base/result.ts";
import { decodeAcknowledgement } from "../wire/netlink/acknowledgement.ts";
import {
  decodeNetlinkMessages,
  encodeNetlinkMessage,
  joinMessages,
  type NetlinkMessage,
  netlinkFlag,
  netlinkType,
} from "../wire/netlink/message.ts";
import { encodeNftBatchMark, nftMessage } from "../wire/netlink/nftables-message.ts";
import type { KernelFault } from "../world/kernel.ts";
import { errno, required, syscallFailed } from "./ffi/errno.ts";
import {
  socketConstants as c,
  encodeInt,
  encodeSockaddrNl,
  encodeTimeval,
} from "./ffi/socket-address.ts";
import type { Syscalls } from "./ffi/syscalls.ts";

const call = "nf_tables";
const netlinkNetfilter = 12;
const receiveLength = 1 << 16;
/** A transaction of a thousand addresses is a hundred kilobytes. */
const sendBufferLength = 4 << 20;
const sendBufferForce = 32;
const answerTimeoutMs = 3000;

/** One message of a transaction. */
export interface NftRequest {
  readonly type: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

export class NetfilterSocket {
  readonly #syscalls: Syscalls;
  readonly #fd: number;
  readonly #buffer = new Uint8Array(receiveLength);
  readonly #kernel = encodeSockaddrNl();
  #sequence = 0;

  /** Throws when the process may not open netlink sockets. */
  constructor(syscalls: Syscalls) {
    this.#syscalls = syscalls;
    const fd = required(
      "socket(AF_NETLINK, NETLINK_NETFILTER)",
      syscalls.socket(c.AF_NETLINK, c.SOCK_RAW, netlinkNetfilter),
    );
    this.#fd = fd;
    syscalls.setsockopt(fd, c.SOL_SOCKET, sendBufferForce, encodeInt(sendBufferLength));
    syscalls.setsockopt(fd, c.SOL_SOCKET, c.SO_RCVTIMEO, encodeTimeval(answerTimeoutMs));
    syscalls.setsockopt(fd, c.SOL_NETLINK, c.NETLINK_CAP_ACK, encodeInt(1));
    required("bind(AF_NETLINK)", syscalls.bind(fd, encodeSockaddrNl()));
  }

  /** All of the requests, or none of them. */
  transact(requests: readonly NftRequest[]): Result<void, KernelFault> {
    const first = (this.#sequence + 1) >>> 0;
    const mark = { flags: netlinkFlag.request, portId: 0, payload: encodeNftBatchMark() };
    const messages: NetlinkMessage[] = [{ ...mark, type: nftMessage.batchBegin, sequence: first }];
    for (const [i, { type, flags, payload }] of requests.entries()) {
      // One acknowledgement is enough: a message that fails is answered in any case.
      const acknowledge = i === requests.length - 1 ? netlinkFlag.acknowledge : 0;
      messages.push({
        type,
        flags: flags | netlinkFlag.request | acknowledge,
        sequence: first + i + 1,
        portId: 0,
        payload,
      });
    }
    const last = first + requests.length + 1;
    messages.push({ ...mark, type: nftMessage.batchEnd, sequence: last });
    this.#sequence = last;
    const sent = this.#syscalls.sendto(
      this.#fd,
      joinMessages(messages.map(encodeNetlinkMessage)),
      this.#kernel,
      0,
    );
    if (sent < 0) return syscallFailed(call, sent);
    return this.#answer(first, last, undefined);
  }

  /** A request that is answered by messages, or by nothing but success. */
  get(
    type: number,
    flags: number,
    payload: Uint8Array,
    take: (message: NetlinkMessage) => void,
  ): Result<void, KernelFault> {
    this.#sequence = (this.#sequence + 1) >>> 0;
    const sequence = this.#sequence;
    const request = encodeNetlinkMessage({
      type,
      flags: flags | netlinkFlag.request | netlinkFlag.acknowledge,
      sequence,
      portId: 0,
      payload,
    });
    const sent = this.#syscalls.sendto(this.#fd, request, this.#kernel, 0);
    if (sent < 0) return syscallFailed(call, sent);
    return this.#answer(sequence, sequence, take);
  }

  close(): void {
    this.#syscalls.close(this.#fd);
  }

  #answer(
    first: number,
    last: number,
    take: ((message: NetlinkMessage) => void) | undefined,
  ): Result<void, KernelFault> {
    for (;;) {
      const messages = this.#receive();
      if (!messages.ok) return messages;
      for (const message of messages.value) {
        // What is left of an earlier request with several faults.
        if (message.sequence < first || message.sequence > last) continue;
        const isEnd = message.type === netlinkType.error || message.type === netlinkType.done;
        if (isEnd) return ended(message);
        take?.(message);
      }
    }
  }

  #receive(): Result<readonly NetlinkMessage[], KernelFault> {
    for (;;) {
      const length = this.#syscalls.recvfrom(this.#fd, this.#buffer, 0, null);
      if (length === -errno.EINTR) continue;
      if (length === -errno.EAGAIN) return syscallFailed(call, errno.ETIMEDOUT);
      if (length < 0) return syscallFailed(call, length);
      const messages = decodeNetlinkMessages(this.#buffer.subarray(0, length));
      return messages.ok ? messages : syscallFailed(call, errno.EPROTO, messages.fault.text);
    }
  }
}

function ended(message: NetlinkMessage): Result<void, KernelFault> {
  const end = decodeAcknowledgement(message);
  if (!end.ok) return syscallFailed(call, errno.EPROTO, end.fault.text);
  if (end.value.errno === 0) return ok(undefined);
  return syscallFailed(call, end.value.errno, end.value.text);
}
