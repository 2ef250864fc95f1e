// What this build calls itself: the version of package.json, which lies above `dist/`.

import { readFileSync } from "node:fs";

/** `0.1.0`. */
export const keelsonVersion: string = readVersion();

function readVersion(): string {
  const file = new URL("../../../package.json", import.meta.url);
  const content: unknown = JSON.parse(readFileSync(file, "utf8"));
  const version = (content as { readonly version?: unknown }).version;
  return typeof version === "string" ? version : "unknown";
}
