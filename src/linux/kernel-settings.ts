// Settings below /proc/sys/net, of the network namespace that the process is in. No disk is touched.

import { readFileSync, writeFileSync } from "node:fs";
import { ok } from "../base/result.ts";
import type { KernelSettings } from "../world/host-kernel.ts";
import { errno, syscallFailed } from "./ffi/errno.ts";

const directory = "/proc/sys/net/";

/** The settings of the namespace of the process. */
export function openKernelSettings(): KernelSettings {
  return {
    read: (path) => {
      try {
        return readFileSync(directory + path, "utf8").trim();
      } catch {
        return undefined;
      }
    },
    write: (path, value) => {
      try {
        writeFileSync(directory + path, value);
        return ok(undefined);
      } catch (error) {
        const number = (error as NodeJS.ErrnoException).errno ?? -errno.EINVAL;
        return syscallFailed(`write ${path}`, number);
      }
    },
  };
}
