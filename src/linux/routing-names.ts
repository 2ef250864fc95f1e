// The names that iproute2 has on this system for tables, protocols and so on.

import { readdirSync, readFileSync } from "node:fs";
import { type NameKind, parseNameFile, type RoutingNames } from "../plan/routing-names.ts";

/** What a package brings, then what this system says. */
const directories: readonly string[] = [
  "/usr/lib/iproute2",
  "/usr/share/iproute2",
  "/etc/iproute2",
];
const files: readonly (readonly [kind: NameKind, file: string])[] = [
  ["table", "rt_tables"],
  ["protocol", "rt_protos"],
  ["scope", "rt_scopes"],
  ["realm", "rt_realms"],
  ["dsfield", "rt_dsfield"],
  ["group", "group"],
];

/** All of them; empty where there are no such files. */
export function readRoutingNames(): RoutingNames {
  const names: Record<string, Record<string, number>> = {};
  for (const [kind, file] of files) {
    const known: Record<string, number> = {};
    for (const directory of directories)
      for (const path of [`${directory}/${file}`, ...additions(`${directory}/${file}.d`)])
        Object.assign(known, parseNameFile(textOf(path)));
    names[kind] = known;
  }
  return names;
}

function additions(directory: string): readonly string[] {
  try {
    const found = readdirSync(directory).filter((name) => name.endsWith(".conf"));
    return found.sort().map((name) => `${directory}/${name}`);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
