// Where the data plane is pinned: maps, programs and links outlive the daemon there.

import { existsSync, mkdirSync, readdirSync, rmSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";
import { mapSchemaVersion } from "../../wire/maps/schema.ts";
import type { EngineFault } from "../../world/engine.ts";
import { type BpfCalls, bpfNumbers } from "../ffi/bpf.ts";
import { errnoName } from "../ffi/errno.ts";
import type { Syscalls } from "../ffi/syscalls.ts";

/** Where the system keeps its BPF file system. */
const systemMountPoint = "/sys/fs/bpf";

export type PinKind = "maps" | "programs" | "links";

/** The folders under one pin directory. */
export interface Pins {
  path(kind: PinKind, name: string): string;
  names(kind: PinKind): readonly string[];
  /** A descriptor of what is pinned there, or a negative errno. */
  open(kind: PinKind, name: string): number;
  /** Pins a descriptor, in the place of what was there. 0 or a negative errno. */
  replace(kind: PinKind, name: string, fd: number): number;
  remove(kind: PinKind, name: string): void;
  /** Removes every pin and folder. */
  clear(): void;
}

function isBpfFileSystem(bpf: BpfCalls, path: string): boolean {
  let existing = path;
  while (!existsSync(existing)) existing = dirname(existing);
  return bpf.statfsType(existing) === bpfNumbers.fileSystemMagic;
}

/** Makes the folders, mounting a BPF file system where there is none. */
export function openPins(
  bpf: BpfCalls,
  syscalls: Syscalls,
  pinDirectory: string,
): Result<Pins, EngineFault> {
  if (!isBpfFileSystem(bpf, pinDirectory)) {
    const inSystem = pinDirectory.startsWith(`${systemMountPoint}/`);
    const mountPoint = inSystem ? systemMountPoint : pinDirectory;
    if (!inSystem) mkdirSync(mountPoint, { recursive: true });
    const returned = syscalls.mount("bpf", mountPoint, "bpf", 0, "mode=0700");
    if (returned < 0)
      return fail({
        kind: "unavailable",
        text: `cannot mount a BPF file system at ${mountPoint}: ${errnoName(-returned)}`,
      });
  }
  const root = join(pinDirectory, `v${mapSchemaVersion}`);
  for (const kind of ["maps", "programs", "links"])
    mkdirSync(join(root, kind), { recursive: true });
  return ok(pinsUnder(bpf, pinDirectory, root));
}

function pinsUnder(bpf: BpfCalls, pinDirectory: string, root: string): Pins {
  const path = (kind: PinKind, name: string): string => join(root, kind, name);
  return {
    path,
    names: (kind) => (existsSync(join(root, kind)) ? readdirSync(join(root, kind)).sort() : []),
    open: (kind, name) => bpf.bpfGet(path(kind, name)),
    replace(kind, name, fd) {
      rmSync(path(kind, name), { force: true });
      return bpf.bpfPin(fd, path(kind, name));
    },
    remove(kind, name) {
      if (existsSync(path(kind, name))) unlinkSync(path(kind, name));
    },
    clear() {
      rmSync(root, { recursive: true, force: true });
      // The folder above may be a mount point or hold another version's pins: then it stays.
      if (existsSync(pinDirectory) && readdirSync(pinDirectory).length === 0) {
        try {
          rmSync(pinDirectory, { recursive: true });
        } catch {
          // A mount point cannot be removed; it is empty, which is what matters.
        }
      }
    },
  };
}
