// Whether a program may run, as whom, and which file it is. keepalived refuses silently; here a refusal
// has a reason, which the caller tells and counts as a failure.
//
// With enable_script_security a program that root would run must not be writable by others than root,
// and neither must any folder on its path: whoever can write there decides what root runs.

import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";
import { fail, ok, type Result } from "../base/result.ts";
import type { ScriptSettings } from "../model/global-options.ts";
import type { Program } from "../model/program.ts";
import { type Account, defaultAccount, findAccount } from "./accounts.ts";

/** Where programs without a slash in their name are looked for. */
export const programPath: readonly string[] = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
];

/** A program that may run. */
export interface RunnableProgram {
  /** The path of the program first, as it is written or as it was found; then the arguments. */
  readonly command: readonly string[];
  readonly uid: number;
  readonly gid: number;
}

/** Why a program does not run. */
export interface ProgramRefusal {
  readonly kind:
    | "no-command"
    | "account-unknown"
    | "not-found"
    | "not-a-file"
    | "not-executable"
    | "insecure";
  /** A sentence without the name of who wanted the program. */
  readonly text: string;
}

/** The settings without any word in the configuration. */
export const scriptSettingsDefault: ScriptSettings = {
  security: false,
  symlinkPaths: false,
  supplementaryGroups: false,
};

const symlinksMax = 40;
const executeBits = 0o111;

/**
 * Judges a program. Looks at the file system at this moment: judge again before every run, because a
 * file that was safe may have been changed.
 */
export function judgeProgram(
  program: Program,
  settings: ScriptSettings = scriptSettingsDefault,
): Result<RunnableProgram, ProgramRefusal> {
  const [name = "", ...args] = program.command;
  if (name === "") return fail({ kind: "no-command", text: "no program is named" });
  const account =
    program.user === undefined
      ? defaultAccount(settings)
      : findAccount(program.user, program.group);
  if (!account.ok) return fail({ kind: "account-unknown", text: account.fault });
  const path = findProgram(name);
  if (path === undefined) return fail({ kind: "not-found", text: `${name} does not exist` });
  const walked = walkPath(path);
  if (!walked.ok) return walked;
  const refused = judgeFile(path, walked.value, account.value, settings.security);
  if (refused !== undefined) return fail(refused);
  const { uid, gid } = account.value;
  return ok({ command: [path, ...args], uid, gid });
}

interface Component {
  readonly path: string;
  readonly stats: Stats;
}

function judgeFile(
  path: string,
  components: readonly Component[],
  account: Account,
  security: boolean,
): ProgramRefusal | undefined {
  const target = components.at(-1);
  if (target === undefined || !target.stats.isFile())
    return { kind: "not-a-file", text: `${path} is no file` };
  for (const { path: place, stats } of components) {
    if (mayExecute(stats, account)) continue;
    const who = account.user === "" ? `user ${account.uid}` : account.user;
    const what = place === target.path ? `${place} is not executable` : `${place} is closed`;
    return { kind: "not-executable", text: `${what} for ${who}` };
  }
  if (!security || account.uid !== 0) return undefined;
  for (const { path: place, stats } of components) {
    const writers = foreignWriters(stats);
    if (writers === undefined) continue;
    const text = `root does not run ${path}: ${place} can be written by ${writers} (enable_script_security)`;
    return { kind: "insecure", text };
  }
  return undefined;
}

function mayExecute({ mode, uid, gid }: Stats, account: Account): boolean {
  if (account.uid === 0) return (mode & executeBits) !== 0;
  if (account.uid === uid) return (mode & 0o100) !== 0;
  return (mode & (account.gid === gid ? 0o010 : 0o001)) !== 0;
}

/** Who beside root can write here, in words. In a sticky folder nobody can replace what root owns. */
function foreignWriters(stats: Stats): string | undefined {
  if (stats.uid !== 0) return `its owner, user ${stats.uid}`;
  const sticky = stats.isDirectory() && (stats.mode & 0o1000) !== 0;
  if (sticky) return undefined;
  if ((stats.mode & 0o002) !== 0) return "everybody";
  if ((stats.mode & 0o020) !== 0 && stats.gid !== 0) return `group ${stats.gid}`;
  return undefined;
}

/** The path of a program; a name without a slash is looked for as a shell would. */
function findProgram(name: string): string | undefined {
  if (name.includes("/")) return name.startsWith("/") ? name : join("/", name);
  return programPath.map((folder) => join(folder, name)).find((path) => isThere(path));
}

function isThere(path: string): boolean {
  try {
    return !lstatSync(path).isDirectory();
  } catch {
    // What cannot be looked at is not there.
    return false;
  }
}

/** Every folder and the file on a path, symbolic links followed: what decides which bytes run. */
function walkPath(path: string): Result<readonly Component[], ProgramRefusal> {
  const components: Component[] = [];
  let pending = path.split("/").filter((part) => part !== "");
  let current = "/";
  let links = 0;
  try {
    components.push({ path: "/", stats: lstatSync("/") });
    while (pending.length > 0) {
      const [part = "", ...rest] = pending;
      pending = rest;
      if (part === ".") continue;
      const next = part === ".." ? dirname(current) : join(current, part);
      const stats = lstatSync(next);
      if (!stats.isSymbolicLink()) {
        components.push({ path: next, stats });
        current = next;
        continue;
      }
      if (++links > symlinksMax)
        return fail({ kind: "not-found", text: `${path} leads in a circle` });
      const target = readlinkSync(next);
      pending = [...target.split("/").filter((one) => one !== ""), ...pending];
      if (target.startsWith("/")) current = "/";
    }
    return ok(components);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const text = code === "ENOENT" ? `${path} does not exist` : `${path}: ${code}`;
    return fail({ kind: "not-found", text });
  }
}
