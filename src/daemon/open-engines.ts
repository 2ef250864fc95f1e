// The data planes of this build, opened on the real world.

import { existsSync, readdirSync } from "node:fs";
import { fail, ok, type Result } from "../base/result.ts";
import { loadBpfCalls } from "../linux/ffi/bpf.ts";
import type { Syscalls } from "../linux/ffi/syscalls.ts";
import { openIpvsEngine, removeOwnServices } from "../linux/ipvs/engine.ts";
import { loadKernelModule } from "../linux/ipvs/kernel-module.ts";
import { OwnServices } from "../linux/ipvs/own-services.ts";
import { openKernelSettings } from "../linux/kernel-settings.ts";
import { openModelEngine } from "../linux/model-engine/model-engine.ts";
import { openNetlinkKernel } from "../linux/netlink-kernel.ts";
import { openNetlinkRouting } from "../linux/netlink-routing.ts";
import { openXdpEngine } from "../linux/xdp/engine.ts";
import { removeXdpEngine } from "../linux/xdp/remove.ts";
import type { GlobalSettings } from "../model/model.ts";
import type { BalancerEngine, EngineFault } from "../world/engine.ts";
import type { AddressKernel } from "../world/kernel.ts";
import type { Log } from "../world/log.ts";
import type { EngineOpeners } from "./engine-choice.ts";

export interface OpenEnginesParts {
  readonly syscalls: Syscalls;
  /** Interfaces as the kernel has them. */
  readonly kernel: AddressKernel;
  readonly log: Log;
  readonly pinDirectory: string;
  /** Remembers which services of the kernel's IPVS are this director's. */
  readonly ownServicesPath: string;
}

/** How to open each data plane here. */
export function openEngines(parts: OpenEnginesParts): EngineOpeners {
  const { syscalls, ownServicesPath, pinDirectory } = parts;
  const own = new OwnServices(ownServicesPath);
  return {
    xdp: async (settings) => openXdp(parts, settings),
    ipvs: () =>
      openIpvsEngine({ syscalls, files: openKernelSettings(), loadModule: loadKernelModule, own }),
    model: ({ interfaces }) =>
      openModelEngine({
        syscalls: parts.syscalls,
        routing: openNetlinkRouting(parts.syscalls),
        addresses: openNetlinkKernel(parts.syscalls),
        log: parts.log,
        ...(interfaces === undefined ? {} : { interfaces }),
      }),
    left: () => [
      ...(hasPinned(pinDirectory) ? (["xdp"] as const) : []),
      ...(own.size > 0 ? (["ipvs"] as const) : []),
    ],
    remove: async (kind) => {
      if (kind === "xdp") removePinned(parts);
      else await removeOwnServices(syscalls, own);
    },
  };
}

function openXdp(
  parts: OpenEnginesParts,
  settings: GlobalSettings,
): Result<BalancerEngine, EngineFault> {
  const { syscalls, kernel, pinDirectory } = parts;
  const { attach, interfaces, connectionsMax } = settings;
  const before = hasPinned(pinDirectory);
  try {
    const opened = openXdpEngine({
      bpf: loadBpfCalls(),
      syscalls,
      links: kernel,
      routing: openNetlinkRouting(syscalls),
      pinDirectory,
      attach,
      connectionsMax,
      ...(interfaces === undefined ? {} : { interfaces }),
    });
    if (opened.ok) return ok(opened.value);
    // What was half made must not stay; what an earlier director left forwards, and stays.
    if (!before) removePinned(parts);
    return opened;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return fail({ kind: "unavailable", text });
  }
}

function hasPinned(pinDirectory: string): boolean {
  return existsSync(pinDirectory) && readdirSync(pinDirectory).length > 0;
}

function removePinned({ syscalls, kernel, pinDirectory }: OpenEnginesParts): void {
  if (!hasPinned(pinDirectory)) return;
  const links = kernel.links();
  removeXdpEngine({
    bpf: loadBpfCalls(),
    syscalls,
    pinDirectory,
    links: links.ok ? links.value : [],
  });
}
