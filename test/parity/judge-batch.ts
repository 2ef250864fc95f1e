// What `keepalived -t` says about many small files, in one network namespace with the interfaces that they name.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { interfacesNamedIn } from "./interfaces-named.ts";

/** What it said about one text. */
export interface TextJudgement {
  /** 0 fine, 5 errors that it repairs, 6 script security, others fatal; 124: it did not end; above 128: a signal. */
  readonly status: number;
  /** By line: what is said about the file. */
  readonly complaints: readonly { readonly line: number; readonly text: string }[];
  /** Everything else that it says. */
  readonly others: readonly string[];
}

/** About this machine, not about the file. */
const aboutMachine =
  /doesn't exist|does not exist|not found|not a private macvlan|[Uu]nable to (set|access|read)|Error setting|Config files missing|not supported|not accessible|Non-existent interface|[Cc]annot (find|open)|No such file|isn't executable|not executable|SECURITY VIOLATION|uid_t|script_user/;

const linkOf = (name: string, i: number): string =>
  `ip link add ${name} type bridge && ip addr add 10.254.${i}.1/24 dev ${name} && ip -6 addr add fd00:254:${i}::1/64 dev ${name} nodad && ip link set ${name} up`;

/** Judges texts that name the interfaces of `base`. */
export function judgeTexts(base: string, texts: readonly string[]): readonly TextJudgement[] {
  const folder = mkdtempSync(join(tmpdir(), "keelson-mutants-"));
  try {
    for (const [i, text] of texts.entries()) writeFileSync(join(folder, `${i}.conf`), text);
    const loop = `for ((i = 0; i < ${texts.length}; i++)); do
      timeout 5 keepalived -t -l -f $i.conf >$i.out 2>&1 </dev/null; echo "status $?" >>$i.out; done`;
    const links = interfacesNamedIn(base).map(linkOf);
    const script = [...links, loop].join("\n");
    spawnSync("unshare", ["-n", "bash", "-c", script], { cwd: folder, stdio: "ignore" });
    return texts.map((_, i) => parseOutput(readFileSync(join(folder, `${i}.out`), "latin1")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function parseOutput(output: string): TextJudgement {
  const complaints: { line: number; text: string }[] = [];
  const others: string[] = [];
  let status = 1;
  for (const said of output.split("\n")) {
    const ended = /^status (\d+)$/.exec(said)?.[1];
    const [, line, text = ""] = /\((?:\S+: )?Line (\d+)\)\s*(.*)/.exec(said) ?? [];
    if (ended !== undefined) status = Number(ended);
    else if (said === "" || aboutMachine.test(said)) continue;
    else if (line === undefined) others.push(said);
    else complaints.push({ line: Number(line), text });
  }
  return { status, complaints, others };
}
