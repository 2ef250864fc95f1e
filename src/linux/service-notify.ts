// Telling the service manager how we are: sd_notify(3), one datagram of lines to $NOTIFY_SOCKET.

import { ok, type Result } from "../base/result.ts";
import type { KernelFault } from "../world/kernel.ts";
import { syscallFailed } from "./ffi/errno.ts";
import { socketConstants as c, encodeSockaddrUn } from "./ffi/socket-address.ts";
import type { Syscalls } from "./ffi/syscalls.ts";

/**
 * Sends lines such as `READY=1`, `RELOADING=1`, `STATUS=...` or `WATCHDOG=1`. `socketPath` is the
 * value of NOTIFY_SOCKET (a leading `@` is the abstract name space); undefined or empty: nobody
 * listens, which is no fault.
 */
export function notifyServiceManager(
  syscalls: Syscalls,
  socketPath: string | undefined,
  lines: readonly string[],
): Result<void, KernelFault> {
  if (socketPath === undefined || socketPath === "") return ok(undefined);
  const fd = syscalls.socket(c.AF_UNIX, c.SOCK_DGRAM | c.SOCK_NONBLOCK, 0);
  if (fd < 0) return syscallFailed("socket(AF_UNIX)", fd);
  const message = new TextEncoder().encode(lines.join("\n"));
  const sent = syscalls.sendto(fd, message, encodeSockaddrUn(socketPath), c.MSG_NOSIGNAL);
  syscalls.close(fd);
  return sent < 0 ? syscallFailed(`sendto(${socketPath})`, sent) : ok(undefined);
}
