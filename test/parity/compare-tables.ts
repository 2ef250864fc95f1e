// The tables that the real keepalived and Keelson make of the same configurations, in the guest's kernel.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadConfigurationFile } from "../../src/daemon/config-files.ts";
import { Guest } from "../guest/guest.ts";
import { interfacesNamedIn } from "./interfaces-named.ts";

/** Longest time for all files: the guest is emulated, and keepalived takes seconds for each. */
const patienceMs = 1_800_000;
const pollMs = 500;

/** What came of one file. */
export interface TableParity {
  readonly name: string;
  /** Services of keepalived's table. */
  readonly services: number;
  /** Lines of `ipvsadm -Sn` and of `-Ln --thresholds` that one table has and the other has not. */
  readonly missing: readonly string[];
  readonly added: readonly string[];
  /** Why Keelson does not take the file, or the kernel did not take something of it. */
  readonly faults: readonly string[];
  /** The log of keepalived. */
  readonly log: string;
}

/** A configuration of some name. */
export interface TableSubject {
  readonly name: string;
  readonly path: string;
}

/** True for what has a virtual server. */
export function hasVirtualServer({ path }: TableSubject): boolean {
  return /^[ \t]*virtual_server[ \t]/m.test(readFileSync(path, "latin1"));
}

/**
 * Checks shall not begin before the table has been looked at, and servers be alive until then: what checks say of
 * servers that do not exist is the same on both sides, but not at the same time.
 */
function withLateChecks(text: string): string {
  return text
    .replace(/^([ \t]*)delay_loop[ \t]+\S+/gm, "$1delay_loop 3600")
    .replace(/^[ \t]*warmup[ \t]+\S+/gm, "")
    .replace(/^[ \t]*alpha\b/gm, "");
}

/** Writes the files and their list into a folder that the guest sees as `seenAs`. */
export function writeSubjects(
  subjects: readonly TableSubject[],
  folder: string,
  seenAs: string,
): void {
  const lines = subjects.map(({ path }, i) => {
    const text = readFileSync(path, "latin1");
    const file = `${i}-${basename(path)}`;
    writeFileSync(join(folder, file), withLateChecks(text), "latin1");
    return `${i}\t${seenAs}\t${file}\t${interfacesOf(path, text).join(" ")}\n`;
  });
  writeFileSync(join(folder, "list"), lines.join(""));
}

/** Those that the text names, and those that stand in its variables. */
function interfacesOf(path: string, text: string): readonly string[] {
  const { model } = loadConfigurationFile(path);
  const used = (model?.vrrpInstances ?? []).map((instance) => instance.interface);
  return [...new Set([...interfacesNamedIn(text), ...used])].filter((name) => name !== "lo");
}

/** Compares all files in one guest. */
export async function compareTables(
  subjects: readonly TableSubject[],
): Promise<readonly TableParity[]> {
  const guest = await Guest.boot();
  try {
    const folder = join(guest.folder, "tables");
    mkdirSync(folder);
    writeSubjects(subjects, folder, "/mnt/tables");
    const words = "/mnt/tables/list /mnt/tables";
    const begun = `setsid bash test/parity/tables-in-guest.sh ${words} >/mnt/tables/said 2>&1 &`;
    await guest.output(`(${begun}) </dev/null`);
    const ours = await guest.node("dist/test/parity/our-tables.js", ...words.split(" "));
    if (ours.status !== 0) throw new Error(ours.stderr);
    const deadline = Date.now() + patienceMs;
    while (!existsSync(join(folder, "finished"))) {
      if (Date.now() > deadline) throw new Error(readFileSync(join(folder, "said"), "utf8"));
      await sleep(pollMs);
    }
    return compareWritten(subjects, folder);
  } finally {
    await guest.close();
  }
}

/** Compares what was written into a folder. */
export function compareWritten(
  subjects: readonly TableSubject[],
  folder: string,
): readonly TableParity[] {
  return subjects.map(({ name }, i) => compareOne(name, join(folder, String(i))));
}

function compareOne(name: string, path: string): TableParity {
  const read = (suffix: string): string =>
    existsSync(`${path}.${suffix}`) ? readFileSync(`${path}.${suffix}`, "utf8") : "";
  const lines = (text: string): readonly string[] => text.split("\n").filter((line) => line !== "");
  const real = lines(read("real"));
  const ours = lines(read("ours"));
  return {
    name,
    services: real.filter((line) => line.startsWith("-A ")).length,
    missing: real.filter((line) => !ours.includes(line)),
    added: ours.filter((line) => !real.includes(line)),
    faults: lines(read("faults")),
    log: read("log"),
  };
}
