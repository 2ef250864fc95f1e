// Who is at the other end of a UNIX socket.

import { ByteReader } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import type { KernelFault } from "../world/kernel.ts";
import { syscallFailed } from "./ffi/errno.ts";
import { socketConstants as c } from "./ffi/socket-address.ts";
import type { Syscalls } from "./ffi/syscalls.ts";

/** The process that connected, as it was when it did. */
export interface PeerCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** SO_PEERCRED of a connected UNIX stream socket. */
export function peerCredentials(
  syscalls: Syscalls,
  fd: number,
): Result<PeerCredentials, KernelFault> {
  const into = new Uint8Array(12);
  const length = syscalls.getsockopt(fd, c.SOL_SOCKET, c.SO_PEERCRED, into);
  if (length < 0) return syscallFailed("SO_PEERCRED", length);
  const reader = new ByteReader(into, "host");
  return ok({ pid: reader.i32(), uid: reader.u32(), gid: reader.u32() });
}
