// Where one of several directors on a host keeps what is its own.

import type { RunOptions } from "./run-options.ts";

/** The places of the only director. */
export const usualRunDirectory = "/run/keelson";
export const usualPinDirectory = "/sys/fs/bpf/keelson";

/** Options whose places are not named get places of their own for a director with a name, such as its namespace. */
export function withOwnPlaces(
  options: RunOptions,
  names: readonly (string | undefined)[],
): RunOptions {
  const own = names.filter((name) => name !== undefined && name !== "").join("_");
  if (own === "") return options;
  const { runDirectory, pinDirectory } = options;
  return {
    ...options,
    runDirectory: runDirectory === usualRunDirectory ? `${runDirectory}@${own}` : runDirectory,
    pinDirectory: pinDirectory === usualPinDirectory ? `${pinDirectory}@${own}` : pinDirectory,
  };
}
