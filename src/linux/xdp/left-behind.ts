// The data plane that a director has left pinned, opened by somebody who is no director: it stays attached where it is.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fail, type Result } from "../../base/result.ts";
import { mapSchemaVersion } from "../../wire/maps/schema.ts";
import type { EngineFault } from "../../world/engine.ts";
import { loadBpfCalls } from "../ffi/bpf.ts";
import type { Syscalls } from "../ffi/syscalls.ts";
import { openNetlinkKernel } from "../netlink-kernel.ts";
import { openNetlinkRouting } from "../netlink-routing.ts";
import { tcHandle, tcIngress, tcPriority } from "./attachments.ts";
import { openXdpEngine, type XdpEngine } from "./engine.ts";

/** Entries of a connection table that has to be made, which is the case only where a pin is missing. */
const connectionsMaxDefault = 65_536;

/**
 * Opens it as the next start of a director would, with the programs of this version, on the interfaces where it hangs
 * and nowhere else. Fails as `unavailable` where it belongs to another version: that one's director has to be asked.
 */
export function openLeftXdpEngine(
  syscalls: Syscalls,
  pinDirectory: string,
): Result<XdpEngine, EngineFault> {
  if (!readdirSync(pinDirectory).includes(`v${mapSchemaVersion}`))
    return fail({
      kind: "unavailable",
      text: `what is pinned at ${pinDirectory} belongs to another version of Keelson`,
    });
  const kernel = openNetlinkKernel(syscalls);
  try {
    const bpf = loadBpfCalls();
    const links = kernel.links();
    const attached = (links.ok ? links.value : []).filter(
      ({ index }) => bpf.tcQuery(index, tcIngress, tcHandle, tcPriority) > 0,
    );
    const pinned = readdirSync(join(pinDirectory, `v${mapSchemaVersion}`, "links"));
    return openXdpEngine({
      bpf,
      syscalls,
      links: kernel,
      routing: openNetlinkRouting(syscalls),
      pinDirectory,
      attach: pinned.length > 0 ? "auto" : "tc",
      interfaces: attached.map(({ name }) => name),
      connectionsMax: connectionsMaxDefault,
    });
  } catch (error) {
    return fail({
      kind: "unavailable",
      text: error instanceof Error ? error.message : String(error),
    });
  }
}
