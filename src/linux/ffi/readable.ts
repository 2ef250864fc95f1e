// A descriptor in the event loop.

import { required, syscallFault } from "./errno.ts";
import type { Syscalls } from "./syscalls.ts";

const readableEvent = 1;

/** A descriptor that calls back when something waits to be read. */
export interface Readable {
  /** Whether this alone keeps the event loop running. */
  keepAlive(yes: boolean): void;
  /** Ends the watch; the descriptor stays open and the caller's. */
  close(): void;
}

/**
 * Calls `onReadable` whenever `fd` has data or an error pending, until closed. The callee must read
 * until EAGAIN or leave the rest for the next call: readiness is a level. Throws when libuv cannot
 * watch the descriptor at all.
 */
export function watchReadable(syscalls: Syscalls, fd: number, onReadable: () => void): Readable {
  const handle = syscalls.pollOpen(fd, onReadable);
  if (typeof handle === "number") throw new Error(syscallFault("uv_poll_init", handle).text);
  required("uv_poll_start", syscalls.pollStart(handle, readableEvent));
  let open = true;
  return {
    keepAlive(yes) {
      if (open) syscalls.pollKeepAlive(handle, yes ? 1 : 0);
    },
    close() {
      if (!open) return;
      open = false;
      syscalls.pollClose(handle);
    },
  };
}
