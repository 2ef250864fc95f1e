// The system calls of the addon, typed. A call returns what the kernel returned, or the negative
// errno; `syscallFault` turns that into a fault. Nothing throws for an errno.

import { loadAddonFile } from "./addon-file.ts";

/** A descriptor in the event loop, as `pollOpen` gives it. Dead after `pollClose`. */
export interface PollHandle {
  readonly __pollHandle: true;
}

/**
 * Doubles that `recvMany` writes for each message: length, flags, monotonic ms or NaN, ifindex, TTL
 * or NaN, and the destination of IPv6 as four numbers.
 */
export const receiveInfoFields = 9;
/** Bytes that `recvMany` reserves for each source address. */
export const receiveSourceLength = 32;
/** Messages that one `recvMany` takes at most. */
export const receiveBatchMax = 64;

/** One function a system call; see the manual page of the same name. Buffers are filled in place. */
export interface Syscalls {
  /** CLOCK_MONOTONIC in milliseconds with a fraction; the clock of `process.hrtime`. */
  monotonicMs(): number;
  /** How long the machine has slept since it was started. */
  asleepMs(): number;
  realtimeMs(): number;
  /** A non-blocking timerfd on CLOCK_MONOTONIC. */
  timerfdCreate(): number;
  /** Absolute monotonic milliseconds; never fires early; below 0 disarms. */
  timerfdSet(fd: number, atMs: number): number;

  close(fd: number): number;
  read(fd: number, into: Uint8Array): number;
  write(fd: number, from: Uint8Array): number;
  ioctl(fd: number, request: number, data: Uint8Array | null, value: number): number;
  fcntl(fd: number, command: number, value: number): number;
  /** Shared mapping from offset 0; an ArrayBuffer, unmapped when collected, or a negative errno. */
  mmap(fd: number, length: number, writable: 0 | 1): ArrayBuffer | number;

  /** SOCK_CLOEXEC is always added. */
  socket(family: number, type: number, protocol: number): number;
  bind(fd: number, address: Uint8Array): number;
  connect(fd: number, address: Uint8Array): number;
  /** The length of the address. */
  getsockname(fd: number, into: Uint8Array): number;
  setsockopt(fd: number, level: number, option: number, value: Uint8Array): number;
  /** The length of the value. */
  getsockopt(fd: number, level: number, option: number, into: Uint8Array): number;
  /** Attaches a classic BPF program, 8 bytes an instruction in host order. */
  attachFilter(fd: number, instructions: Uint8Array): number;
  sendto(fd: number, message: Uint8Array, address: Uint8Array | null, flags: number): number;
  recvfrom(fd: number, into: Uint8Array, flags: number, source: Uint8Array | null): number;
  /**
   * Takes up to `receiveBatchMax` waiting messages into the slots of `ring`, without waiting.
   * Needs SO_TIMESTAMPNS for the time, IP_PKTINFO for the interface and IP_RECVTTL for the TTL (IPv6:
   * IPV6_RECVPKTINFO and IPV6_RECVHOPLIMIT). Returns the count.
   */
  recvMany(
    fd: number,
    ring: Uint8Array,
    slotLength: number,
    info: Float64Array,
    sources: Uint8Array | null,
  ): number;
  ifNameToIndex(name: string): number;

  /**
   * Watches a descriptor, which stays the caller's. `onReady` gets the ready events (1 readable,
   * 2 writable), or a negative number when the descriptor has an error pending, which the next
   * read must take: it is reported again until then.
   */
  pollOpen(fd: number, onReady: (events: number) => void): PollHandle | number;
  pollStart(handle: PollHandle, events: number): number;
  pollStop(handle: PollHandle): number;
  /** Whether this handle alone keeps the event loop running; it does until told otherwise. */
  pollKeepAlive(handle: PollHandle, yes: 0 | 1): number;
  /** Call once, before closing the descriptor. */
  pollClose(handle: PollHandle): number;

  /** A descriptor that gives one byte, the signal number, for each signal of action 2. */
  signalPipe(): number;
  /** 0 default, 1 ignore, 2 write to the pipe. Any number, real-time signals included. */
  signalAction(signal: number, action: 0 | 1 | 2): number;

  /** Of the calling thread: sockets that it opens from then on. */
  setns(fd: number, namespaceType: number): number;
  unshare(flags: number): number;
  mount(source: string, target: string, type: string, flags: number, options: string): number;
  umount(target: string, flags: number): number;
  /** Process id 0 is the calling thread. */
  schedSetScheduler(pid: number, policy: number, priority: number): number;
  schedGetScheduler(pid: number): number;
  setPriority(which: number, who: number, nice: number): number;
  /** mlock2 with MLOCK_ONFAULT. There is no mlockall: V8 aborts when its own memory is locked. */
  mlock(address: number, length: number): number;
  /** Infinity is no limit. */
  setRlimit(resource: number, soft: number, hard: number): number;
  prctl(option: number, value: number | Uint8Array): number;
  /** Becomes another program; open descriptors without FD_CLOEXEC stay. Returns only when it fails. */
  execve(path: string, argv: readonly string[], environment: readonly string[]): number;
}

/** Loads the addon. Throws, with what to do, when it is not built. */
export function loadSyscalls(): Syscalls {
  return loadAddonFile() as Syscalls;
}
