// Accounts of this machine by name, from /etc/passwd and /etc/group. Name services beyond these files
// are not asked: scripts must run while the network that answers is down.

import { readFileSync } from "node:fs";
import { fail, ok, type Result } from "../base/result.ts";

/** Who a program runs as. */
export interface Account {
  readonly user: string;
  readonly uid: number;
  readonly gid: number;
}

/** The account that runs scripts where no setting names one, if it exists (keepalived's name). */
const usualAccount = "keepalived_script";

/**
 * The account with this name; `group` replaces its own group. Numbers are taken as they are, and a
 * name may hold its group behind a colon. A fault is a sentence.
 */
export function findAccount(name: string, group?: string): Result<Account, string> {
  const [user = "", inner] = name.split(":", 2);
  const wanted = group ?? (inner === "" ? undefined : inner);
  const known = passwdLine(user);
  const uid = known?.uid ?? numberOf(user);
  if (uid === undefined) return fail(`no such user: ${user}`);
  if (wanted === undefined) {
    const gid = known?.gid;
    return gid === undefined ? fail(`user ${user} has no group`) : ok({ user, uid, gid });
  }
  const gid = groupNumber(wanted.replace(/^:/, "")) ?? numberOf(wanted);
  return gid === undefined ? fail(`no such group: ${wanted}`) : ok({ user, uid, gid });
}

/** The account of scripts that name none: the one of the settings, keepalived_script, or this process's own. */
export function defaultAccount(settings: {
  readonly user?: string;
  readonly group?: string;
}): Result<Account, string> {
  if (settings.user !== undefined) return findAccount(settings.user, settings.group);
  const own = { user: "", uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const usual = own.uid === 0 ? passwdLine(usualAccount) : undefined;
  return ok(usual === undefined ? own : { user: usualAccount, ...usual });
}

/** The supplementary groups of a user, in the order of /etc/group [set_supplementary_groups]. */
export function groupsOfUser(uid: number): readonly number[] {
  const names = new Set<string>();
  for (const line of linesOf("/etc/passwd")) {
    const [name, , number] = line.split(":");
    if (name !== undefined && number !== undefined && Number(number) === uid) names.add(name);
  }
  const groups: number[] = [];
  for (const line of linesOf("/etc/group")) {
    const [, , gid, members = ""] = line.split(":");
    if (gid !== undefined && members.split(",").some((member) => names.has(member.trim())))
      groups.push(Number(gid));
  }
  return groups;
}

function passwdLine(user: string): { readonly uid: number; readonly gid: number } | undefined {
  for (const line of linesOf("/etc/passwd")) {
    const [name, , uid, gid] = line.split(":");
    if (name === user && uid !== undefined && gid !== undefined)
      return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

function groupNumber(group: string): number | undefined {
  for (const line of linesOf("/etc/group")) {
    const [name, , gid] = line.split(":");
    if (name === group && gid !== undefined) return Number(gid);
  }
  return undefined;
}

function numberOf(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    // A machine without the file knows no names.
    return [];
  }
}
