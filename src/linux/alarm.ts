// One alarm on a timerfd: microseconds late where a Node timer is a millisecond late.

import type { Alarm } from "../world/vrrp-network.ts";
import { required } from "./ffi/errno.ts";
import { watchReadable } from "./ffi/readable.ts";
import type { Syscalls } from "./ffi/syscalls.ts";

/**
 * Opens an alarm that is not set. `onAlarm` is called once for each time that `set` named, never
 * before it. Setting again replaces the earlier time.
 */
export function openAlarm(syscalls: Syscalls, onAlarm: () => void): Alarm {
  const fd = required("timerfd_create", syscalls.timerfdCreate());
  const expirations = new Uint8Array(8);
  const watched = watchReadable(syscalls, fd, () => {
    // A read that finds nothing means that the alarm was set anew after it had become readable.
    if (syscalls.read(fd, expirations) === expirations.length) onAlarm();
  });
  let open = true;
  return {
    set(atMs) {
      if (open) syscalls.timerfdSet(fd, atMs === undefined ? -1 : Math.max(atMs, 0));
    },
    close() {
      if (!open) return;
      open = false;
      watched.close();
      syscalls.close(fd);
    },
  };
}
