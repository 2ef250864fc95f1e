// bpf(2) and the bit of libbpf that is needed, typed. A call returns what the kernel returned, or the
// negative errno; nothing throws for an errno. Buffers are filled in place.

import { readFileSync } from "node:fs";
import { loadAddonFile } from "./addon-file.ts";

/** How one map of an object is to be made. */
export interface MapWish {
  readonly name: string;
  /** Use this existing map; -1: make one. */
  readonly reuseFd: number;
  /** 0: as the object says. */
  readonly maxEntries: number;
  /** First contents, for read-only data. */
  readonly initial: Uint8Array | null;
}

/** Descriptors of a loaded object, by name; they are the caller's. */
export interface LoadedObject {
  readonly maps: Readonly<Record<string, number>>;
  readonly programs: Readonly<Record<string, number>>;
}

/** One function a command of bpf(2); see the manual page. */
export interface BpfCalls {
  bpfMapCreate(
    type: number,
    keySize: number,
    valueSize: number,
    maxEntries: number,
    flags: number,
  ): number;
  bpfMapLookup(fd: number, key: Uint8Array, into: Uint8Array): number;
  bpfMapUpdate(fd: number, key: Uint8Array, value: Uint8Array, flags: number): number;
  bpfMapDelete(fd: number, key: Uint8Array): number;
  bpfMapNextKey(fd: number, key: Uint8Array | null, into: Uint8Array): number;
  /** Entries read; -(entries + 1) when they were the last; -1e6 - errno when it failed. */
  bpfMapLookupBatch(
    fd: number,
    from: Uint8Array | null,
    cursor: Uint8Array,
    keys: Uint8Array,
    values: Uint8Array,
    count: number,
  ): number;
  /** Values of a queue, the oldest first, taken out of it until it is empty or the buffer full: their count. */
  bpfMapPop(fd: number, into: Uint8Array, valueLength: number): number;
  bpfPin(fd: number, path: string): number;
  bpfGet(path: string): number;
  bpfInfo(fd: number, into: Uint8Array): number;
  bpfLinkCreate(programFd: number, ifindex: number, attachType: number, flags: number): number;
  bpfLinkUpdate(linkFd: number, programFd: number): number;
  bpfProgramLoad(type: number, instructions: Uint8Array): number;
  /**
   * `numbers` holds repeat, flags and batch size, and afterwards the returned value, nanoseconds a
   * run, bytes of data and bytes of context.
   */
  bpfRun(
    fd: number,
    dataIn: Uint8Array | null,
    dataOut: Uint8Array | null,
    contextIn: Uint8Array | null,
    contextOut: Uint8Array | null,
    numbers: Float64Array,
  ): number;
  /** The file system's magic number. */
  statfsType(path: string): number;
  /** -ENOSYS when there is no usable libbpf.so.1; `bpfSaid` tells more of any failure. */
  bpfLoad(object: Uint8Array, wishes: readonly MapWish[]): LoadedObject | number;
  bpfSaid(): string;
  /** Direction 1: ingress, 2: egress. Takes the place of a filter with the same handle and priority. */
  tcAttach(
    ifindex: number,
    direction: number,
    handle: number,
    priority: number,
    programFd: number,
  ): number;
  /** The id of the program there. */
  tcQuery(ifindex: number, direction: number, handle: number, priority: number): number;
  tcDetach(ifindex: number, direction: number, handle: number, priority: number): number;
}

/** Loads the addon. Throws, with what to do, when it is not built. */
export function loadBpfCalls(): BpfCalls {
  return loadAddonFile() as BpfCalls;
}

/** Numbers of linux/bpf.h and linux/if_link.h. */
export const bpfNumbers = {
  attachXdp: 37,
  xdpFlagGeneric: 2,
  xdpFlagNative: 4,
  updateAny: 0,
  runLiveFrames: 2,
  fileSystemMagic: 0xcafe4a11,
  programTypeSocketFilter: 1,
} as const;

/** How many values a per-CPU map gives: the kernel's possible CPUs. */
export function possibleCpus(): number {
  const text = readFileSync("/sys/devices/system/cpu/possible", "utf8").trim();
  let count = 0;
  for (const range of text.split(",")) {
    const [first = 0, last = first] = range.split("-").map(Number);
    count += last - first + 1;
  }
  return count;
}
