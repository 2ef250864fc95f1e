// syslog(3) without the C library: one datagram a line to the socket of the log daemon. Never waits.

import { errno } from "./ffi/errno.ts";
import { socketConstants as c, encodeSockaddrUn } from "./ffi/socket-address.ts";
import type { Syscalls } from "./ffi/syscalls.ts";

/** Lines that wait for a slow log daemon. */
const waitingMax = 2000;
const retryMs = 20;

/** What came of one line. */
type Sent = "sent" | "later" | "nobody";

/** The way to the log daemon. It may come and go: each line is sent to the name of its socket. */
export class Syslog {
  readonly #syscalls: Syscalls;
  readonly #address: Uint8Array;
  readonly #fd: number;
  readonly #waiting: Uint8Array[] = [];
  #dropped = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(syscalls: Syscalls, path = "/dev/log") {
    this.#syscalls = syscalls;
    this.#address = encodeSockaddrUn(path);
    this.#fd = syscalls.socket(c.AF_UNIX, c.SOCK_DGRAM | c.SOCK_NONBLOCK, 0);
  }

  /**
   * Sends a whole message: `<30>Nov 21 09:14:16 name[77]: text`. False when no log daemon listens; a line that a busy one
   * does not take yet waits, and after 2,000 such lines the next are dropped and counted.
   */
  send(message: string): boolean {
    if (this.#fd < 0) return false;
    const bytes = new TextEncoder().encode(message);
    if (this.#waiting.length === 0) {
      const sent = this.#sendNow(bytes);
      if (sent !== "later") return sent === "sent";
    }
    if (this.#waiting.length >= waitingMax) this.#dropped++;
    else this.#waiting.push(bytes);
    this.#retry ??= setTimeout(() => this.#sendWaiting(), retryMs);
    return true;
  }

  /** Lines that were dropped since this was asked last. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** Gives what waits one more chance. */
  flush(): void {
    this.#sendWaiting();
  }

  close(): void {
    clearTimeout(this.#retry);
    if (this.#fd >= 0) this.#syscalls.close(this.#fd);
  }

  #sendWaiting(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#sendNow(next) === "later") {
        this.#retry = setTimeout(() => this.#sendWaiting(), retryMs);
        return;
      }
      this.#waiting.shift();
    }
  }

  #sendNow(bytes: Uint8Array): Sent {
    const sent = this.#syscalls.sendto(this.#fd, bytes, this.#address, c.MSG_NOSIGNAL);
    if (sent >= 0) return "sent";
    return sent === -errno.EAGAIN || sent === -errno.ENOBUFS ? "later" : "nobody";
  }
}
