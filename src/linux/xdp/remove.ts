// Takes the data plane away: programs, links, maps, pins. Connections end with it.

import type { LinkFact } from "../../world/kernel.ts";
import type { BpfCalls } from "../ffi/bpf.ts";
import type { Syscalls } from "../ffi/syscalls.ts";
import { tcEgress, tcHandle, tcIngress, tcPriority } from "./attachments.ts";
import { openPins } from "./pins.ts";

/**
 * Removes everything that an engine with this pin directory left, on the given interfaces. The
 * clsact qdisc stays: it may be somebody else's, and does nothing alone.
 */
export function removeXdpEngine(options: {
  readonly bpf: BpfCalls;
  readonly syscalls: Syscalls;
  readonly pinDirectory: string;
  readonly links: readonly LinkFact[];
}): void {
  const { bpf, syscalls, pinDirectory, links } = options;
  for (const { index } of links)
    for (const direction of [tcIngress, tcEgress])
      if (bpf.tcQuery(index, direction, tcHandle, tcPriority) > 0)
        bpf.tcDetach(index, direction, tcHandle, tcPriority);
  const pins = openPins(bpf, syscalls, pinDirectory);
  if (pins.ok) pins.value.clear();
}
