// A descriptor in the event loop.

import { present } from "../../base/assert.ts";
import { required } from "./errno.ts";
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
  const opened = syscalls.pollOpen(fd, onReadable);
  if (typeof opened === "number") required("uv_poll_init", opened);
  const handle = present(typeof opened === "number" ? undefined : opened, "a watch is open");
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
