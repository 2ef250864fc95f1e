// Signals by number. Node knows those with a name; real-time signals end a Node process that has
// not asked for them, and exporters for keepalived send them (SIGRTMIN+2 and its neighbours).

import { required } from "./ffi/errno.ts";
import { watchReadable } from "./ffi/readable.ts";
import type { Syscalls } from "./ffi/syscalls.ts";

/** SIGRTMIN as the C library has it: the kernel's 32 and 33 belong to its threads. */
export const firstRealTimeSignal = 34;
export const lastRealTimeSignal = 64;

const ignore = 1;
const writeToPipe = 2;

/** The signals that this process hears or passes over. */
export interface Signals {
  /** Calls `onSignal` with the number, for each arrival, out of the event loop. */
  hear(signal: number): void;
  ignore(signal: number): void;
}

/** Starts hearing signals; call once a process. Does not keep the event loop running. */
export function openSignals(syscalls: Syscalls, onSignal: (signal: number) => void): Signals {
  const fd = required("pipe2", syscalls.signalPipe());
  const arrived = new Uint8Array(64);
  const watched = watchReadable(syscalls, fd, () => {
    const count = syscalls.read(fd, arrived);
    for (let i = 0; i < count; i++) onSignal(arrived[i] ?? 0);
  });
  watched.keepAlive(false);
  return {
    hear: (signal) => {
      required(`sigaction(${signal})`, syscalls.signalAction(signal, writeToPipe));
    },
    ignore: (signal) => {
      required(`sigaction(${signal})`, syscalls.signalAction(signal, ignore));
    },
  };
}
