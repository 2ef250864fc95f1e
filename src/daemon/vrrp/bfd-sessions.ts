// BFD in the VRRP process: the engine on this machine's sockets, and its results for instances.

import { BfdEngine } from "../../bfd/engine.ts";
import { openAlarm } from "../../linux/alarm.ts";
import { openBfdNetwork } from "../../linux/bfd-sockets.ts";
import type { Syscalls } from "../../linux/ffi/syscalls.ts";
import { systemClock } from "../../linux/system-clock.ts";
import type { TrackerKind, TrackerResult } from "../../model/vrrp-wish.ts";
import type { FromVrrp } from "../vrrp-channel.ts";

/** Who wants to know of sessions. */
export interface BfdListeners {
  track(tracker: TrackerKind, name: string, result: TrackerResult): void;
  tell(message: FromVrrp): void;
}

/** Opens the engine; it has no sockets until it has sessions. */
export function openBfdSessions(syscalls: Syscalls, listeners: BfdListeners): BfdEngine {
  return new BfdEngine({
    clock: systemClock(syscalls),
    network: openBfdNetwork(syscalls),
    // RFC 5880 section 10: discriminators should not be guessable.
    random: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 0x1_0000_0000,
    openAlarm: (onAlarm) => openAlarm(syscalls, onAlarm),
    tell(output) {
      if (output.kind === "log") {
        listeners.tell(output);
        return;
      }
      const { session, up, text, atMs } = output;
      const { name, weight, reverse } = session;
      if (session.forVrrp) listeners.track("bfd", name, { up, weight, reverse, text });
      if (up !== null) listeners.tell({ kind: "bfd-session", session: name, up, text, atMs });
    },
  });
}
