// Reading a configuration from the file system, includes and their patterns too.

import * as fs from "node:fs";
import { hostname } from "node:os";
import { loadAnyConfiguration } from "../conf/load-any-configuration.ts";
import type { LoadedConfiguration } from "../conf/load-configuration.ts";
import { fileReader } from "../conf/text/read-files.ts";
import { hostFinder } from "./host-finder.ts";

/** One seed for the life of the process: a reload of an unchanged file changes nothing. */
const randomSeed = Math.floor(Math.random() * 2 ** 32);

/**
 * Loads a configuration; never throws. `configIds` are those whose `@id` lines count; without them it is the first
 * label of the host's name, as keepalived has it.
 */
export function loadConfigurationFile(
  path: string,
  configIds: readonly string[] = [hostname().split(".")[0] ?? ""],
): LoadedConfiguration {
  return loadAnyConfiguration({
    ...fileReader(fs, process.env),
    randomSeed,
    path,
    configIds,
    resolve: hostFinder(),
  });
}
