// What `keepalived -t` says about a file, in a network namespace that has the interfaces which the file names.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { interfacesNamedIn } from "./interfaces-named.ts";

/** One complaint with its place. */
export interface Complaint {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export interface Judgement {
  /** 0 fine, 5 errors that it repairs, 6 script security, others fatal; 124: it did not end. */
  readonly status: number;
  readonly complaints: readonly Complaint[];
}

/** Complaints about this machine, not about the file: scripts, users, files and options that are not here. */
const aboutMachine =
  /doesn't exist|does not exist|not found|not a private macvlan|[Uu]nable to (set|access|read)|Error setting|Config files missing|not supported|not accessible|Non-existent interface|[Cc]annot (find|open)|No such file/;

/** Judges one file. */
export function judge(path: string): Judgement {
  const file = basename(path);
  const links = interfacesNamedIn(readFileSync(path, "latin1")).map(
    (name, i) =>
      `ip link add ${name} type bridge && ip addr add 10.254.${i}.1/24 dev ${name} && ip -6 addr add fd00:254:${i}::1/64 dev ${name} nodad && ip link set ${name} up`,
  );
  const script = [...links, 'exec timeout 20 keepalived -t -l -f "$0" 2>&1'].join("\n");
  const run = spawnSync("unshare", ["-n", "bash", "-c", script, file], {
    cwd: dirname(path),
    encoding: "utf8",
  });
  const complaints: Complaint[] = [];
  for (const text of run.stdout.split("\n")) {
    const match = /\((?:(\S+): )?Line (\d+)\)\s*(.*)/.exec(text);
    if (match === null || aboutMachine.test(text)) continue;
    const [, included, line, said = ""] = match;
    const where = included === undefined ? path : join(dirname(path), included);
    complaints.push({ file: where, line: Number(line), text: said });
  }
  return { status: run.status ?? 1, complaints };
}
