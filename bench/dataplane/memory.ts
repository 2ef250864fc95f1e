// What a table of a million connections takes: the kernel's memory of all maps of the engine.

import { readdirSync, readFileSync } from "node:fs";
import { keelsonPath } from "./paths.ts";

/** Bytes of the maps that this process holds open, as the kernel counts them. */
function mapBytes(): number {
  const byId = new Map<string, number>();
  for (const fd of readdirSync("/proc/self/fdinfo")) {
    const text = readInfo(fd);
    const id = /^map_id:\s+(\d+)$/m.exec(text)?.[1];
    const bytes = /^memlock:\s+(\d+)$/m.exec(text)?.[1];
    if (id !== undefined && bytes !== undefined) byId.set(id, Number(bytes));
  }
  return [...byId.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function readInfo(fd: string): string {
  try {
    return readFileSync(`/proc/self/fdinfo/${fd}`, "utf8");
  } catch {
    // The one that listed the folder is closed again.
    return "";
  }
}

/** Megabytes of an engine whose table holds a million connections. */
export async function millionConnectionsMb(): Promise<number> {
  const before = mapBytes();
  const path = await keelsonPath("NAT", { servers: 3, connectionsMax: 1_000_000 });
  const bytes = mapBytes() - before;
  await path.close();
  return bytes / 1e6;
}
