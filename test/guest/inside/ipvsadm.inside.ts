// The real ipvsadm and ours on the same kernel, one after the other: the same command lines must give the same stdout,
// stderr and exit status, and leave the same table.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { lookUpNames, nameBook } from "../../../src/cli/ipvsadm-names.ts";
import { openPlane } from "../../../src/cli/ipvsadm-planes.ts";
import { runIpvsadm } from "../../../src/ipvsadm/run-command.ts";
import { commandOfLine, parseRecording } from "../../ipvsadm/recording.ts";
import { ipvsadm, run } from "./ipvs-stage.ts";

interface Outcome {
  readonly line: string;
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const repository = fileURLToPath(new URL("../../../..", import.meta.url));
const recordings = join(repository, "test/ipvsadm/recorded");

/** No director runs in the guest, and nothing is pinned. */
const places = { run: "/run/nobody", pins: "/run/nothing-pinned" };

function shellWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Runs lines with the real program, by one shell: a process of the guest is slow to start. */
function runReal(lines: readonly string[]): readonly Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), "real-"));
  const script = lines.map((line, i) => {
    const { words, stdin } = commandOfLine(line);
    writeFileSync(join(folder, `${i}.in`), stdin);
    const command = ["ipvsadm", ...words].map(shellWord).join(" ");
    return `${command} <${i}.in >${i}.out 2>${i}.err; echo $? >${i}.status`;
  });
  spawnSync("bash", ["-c", script.join("\n")], { cwd: folder });
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  const outcomes = lines.map((line, i) => ({
    line,
    status: Number(read(`${i}.status`)),
    stdout: read(`${i}.out`),
    stderr: read(`${i}.err`),
  }));
  rmSync(folder, { recursive: true });
  return outcomes;
}

/** Runs a line with ours, in this process. */
async function runOurs(line: string): Promise<Outcome> {
  const { words, stdin } = commandOfLine(line);
  let stdout = "";
  let stderr = "";
  const status = await runIpvsadm(words, {
    openPlane: () => openPlane(places.run, places.pins),
    names: nameBook,
    reverseNames: lookUpNames,
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    stdin: async () => stdin,
  });
  return { line, status, stdout, stderr };
}

before(() => {
  run("ip", "link", "add", "d0", "type", "dummy");
  run("ip", "addr", "add", "192.168.77.1/24", "dev", "d0");
  run("ip", "link", "set", "d0", "up");
  run("ip", "route", "add", "10.9.0.0/16", "dev", "d0");
  run("ip", "addr", "add", "10.8.0.1/32", "dev", "lo");
});

after(() => {
  ipvsadm("-C");
  ipvsadm("--set 900 120 300");
  run("ip", "link", "del", "d0");
  run("ip", "addr", "del", "10.8.0.1/32", "dev", "lo");
});

/** Of each part; an emulated machine takes half a second for a line. */
const linesMax = 60;

/** Lines of one part of a recording that reach the kernel; what only reads options was compared without one. */
function linesOf(name: string, part: string): readonly string[] {
  const parts = readFileSync(join(recordings, name), "utf8").split(/^# /m);
  const text = parts.find((one) => one.startsWith(`${part}\n`)) ?? "";
  return parseRecording(text)
    .filter(({ line, status }) => status !== 2 && !/localhost|nohost/.test(line))
    .map(({ line }) => line)
    .slice(0, linesMax);
}

/** The kernel adds up its counters every two seconds: until then they are listed as they were. */
async function untilCounted(packets: number): Promise<void> {
  const counted = new RegExp(`:500[01] +${packets} +${packets} `, "g");
  const deadline = Date.now() + 60_000;
  while (ipvsadm("-Ln --stats").match(counted)?.length !== 4) {
    assert.ok(Date.now() < deadline, ipvsadm("-Ln --stats"));
    await sleep(200);
  }
}

const parts = [
  ["commands.txt", "real servers"],
  ["daemons-and-names.txt", "daemons"],
  ["daemons-and-names.txt", "order"],
] as const;

for (const [name, part] of parts)
  test(`${part}: every line that reaches the kernel is answered as by the real ipvsadm`, async () => {
    const lines = linesOf(name, part);
    assert.ok(lines.length > 20);
    ipvsadm("-C");
    const real = runReal(lines);
    ipvsadm("-C");
    ipvsadm("--set 900 120 300");
    const differing: { readonly ours: Outcome; readonly real: Outcome }[] = [];
    for (const outcome of real) {
      const ours = await runOurs(outcome.line);
      const { line, status, stdout, stderr } = outcome;
      if (ours.status !== status || ours.stdout !== stdout || ours.stderr !== stderr)
        differing.push({ ours, real: { line, status, stdout, stderr } });
    }
    const [first] = differing;
    assert.deepEqual(first?.ours, first?.real, `${differing.length} of ${lines.length} differ`);
  });

const table = [
  "-A -t 10.9.0.1:80 -s rr",
  "-A -t 10.9.0.2:0 -s wlc -p 360 -M 255.255.255.0",
  "-A -t 10.9.0.3:443 -s sh -b sh-fallback,sh-port",
  "-A -u 10.9.0.4:53 -s wrr -o",
  "-A --sctp-service 10.9.0.5:132 -s lc",
  "-A -t [fd00::1]:80 -s mh -p 60 -M 64 -b mh-port",
  "-A -f 7 -s nq",
  "-A -f 7 -6 -s sed",
  "-a -t 10.9.0.1:80 -r 10.9.1.1:8080 -m -w 70000 -x 9 -y 3",
  "-a -t 10.9.0.1:80 -r 10.9.1.2 -i -w 0 --tun-type gue --tun-port 6080 --tun-remcsum",
  "-a -t 10.9.0.1:80 -r 10.9.1.3 -i --tun-type gre --tun-csum",
  "-a -t [fd00::1]:80 -r [fd00::2]:80",
  "-a -f 7 -r 10.9.1.4:81 -m",
  "-a -f 7 -6 -r [fd00::3]:0",
].join("\n");

test("what the real one saved, ours restores; what ours saved, the real one restores", async () => {
  ipvsadm("-C");
  spawnSync("ipvsadm", ["-R"], { input: table });
  const saved = ipvsadm("-Sn");
  assert.equal(saved.trim().split("\n").length, table.split("\n").length);
  assert.equal((await runOurs("ipvsadm -Sn")).stdout, saved);
  ipvsadm("-C");
  const restored = await runOurs(`ipvsadm -R <${saved.replaceAll("\n", "|")}`);
  assert.deepEqual([restored.status, restored.stderr], [0, ""]);
  assert.equal(ipvsadm("-Sn"), saved);
  const ours = (await runOurs("ipvsadm -Sn")).stdout;
  assert.equal((await runOurs("ipvsadm -C")).status, 0);
  assert.equal(ipvsadm("-Sn"), "");
  spawnSync("ipvsadm", ["-R"], { input: ours });
  assert.equal(ipvsadm("-Sn"), saved);
});

test("live connections and counters are listed alike", async () => {
  ipvsadm("-C");
  ipvsadm("-A -u 10.8.0.1:5000 -s rr");
  ipvsadm("-a -u 10.8.0.1:5000 -r 192.168.77.1:5000 -m");
  ipvsadm("-A -u 10.8.0.1:5001 -s rr -p 300");
  ipvsadm("-a -u 10.8.0.1:5001 -r 192.168.77.1:5001 -m");
  run(
    "bash",
    "-c",
    "for i in 1 2 3; do for p in 5000 5001; do echo hello >/dev/udp/10.8.0.1/$p; done; done",
  );
  const withoutTimes = (text: string): readonly string[] =>
    text
      .split("\n")
      .map((line) => line.replace(/ \d\d:\d\d /, " --:-- "))
      .sort();
  for (const line of ["-Lnc", "-Lnc --persistent-conn"]) {
    const ours = await runOurs(`ipvsadm ${line}`);
    const real = ipvsadm(line);
    assert.match(real, /UDP.*10\.8\.0\.1:5001/);
    assert.deepEqual(withoutTimes(ours.stdout), withoutTimes(real));
  }
  await untilCounted(3);
  for (const line of ["-Ln", "-Ln --stats", "-Ln --stats --exact", "-Ln --persistent-conn"])
    assert.equal((await runOurs(`ipvsadm ${line}`)).stdout, ipvsadm(line));
  // An estimator's step may come in between.
  let same = false;
  for (let i = 0; i < 20 && !same; i++) {
    const ours = (await runOurs("ipvsadm -Ln --rate")).stdout;
    same = ours === ipvsadm("-Ln --rate");
  }
  assert.ok(same, "rates differ");
});

test("a link with the name ipvsadm is ipvsadm", async () => {
  ipvsadm("-C");
  ipvsadm("-A -t 10.9.0.1:80 -s rr");
  const folder = mkdtempSync(join(tmpdir(), "links-"));
  const link = (name: string): string => {
    symlinkSync(join(repository, "bin/keelson"), join(folder, name));
    return join(folder, name);
  };
  const environment = {
    env: { ...process.env, PATH: `${join(process.execPath, "..")}:${process.env["PATH"]}` },
  };
  const list = spawnSync(link("ipvsadm"), ["-Ln"], { ...environment, encoding: "utf8" });
  assert.equal(list.stderr, "");
  assert.equal(list.stdout, ipvsadm("-Ln"));
  const save = spawnSync(link("ipvsadm-save"), ["-n"], { ...environment, encoding: "utf8" });
  assert.equal(save.stdout, "-A -t 10.9.0.1:80 -s rr\n");
  const restore = spawnSync(link("ipvsadm-restore"), [], {
    ...environment,
    input: "# a comment\n-A -t 10.9.0.2:80 -s rr\n",
    encoding: "utf8",
  });
  assert.deepEqual([restore.status, restore.stderr], [0, ""]);
  assert.equal(ipvsadm("-Sn"), "-A -t 10.9.0.2:80 -s rr\n");
  rmSync(folder, { recursive: true });
});
