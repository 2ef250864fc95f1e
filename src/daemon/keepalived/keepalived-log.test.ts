import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { required } from "../../linux/ffi/errno.ts";
import { socketConstants as c, encodeSockaddrUn } from "../../linux/ffi/socket-address.ts";
import { loadSyscalls } from "../../linux/ffi/syscalls.ts";
import type { LogEvent } from "../../world/log.ts";
import type { LogOptions } from "./daemon-options.ts";
import { KeepalivedLog } from "./keepalived-log.ts";
import { inKeepalivedsWords } from "./keepalived-words.ts";

const syscalls = loadSyscalls();
const folder = mkdtempSync(join(tmpdir(), "keelson-keepalived-log-"));
after(() => rmSync(folder, { recursive: true }));

const plain: LogOptions = { console: false, detail: false, syslog: true, facility: 3 };
const transition: LogEvent = {
  level: "notice",
  kind: "vrrp-transition",
  text: "VI_1: BACKUP -> MASTER: no advert for 3.6 s",
  fields: { instance: "VI_1", from: "BACKUP", to: "MASTER", cause: "master-down", atMs: 0 },
};

/** What a log daemon gets while `work` writes. */
function heard(options: LogOptions, work: (log: KeepalivedLog) => void): readonly string[] {
  const path = join(folder, "socket");
  const fd = required("socket", syscalls.socket(c.AF_UNIX, c.SOCK_DGRAM | c.SOCK_NONBLOCK, 0));
  required("bind", syscalls.bind(fd, encodeSockaddrUn(path)));
  work(new KeepalivedLog({ syscalls, options, background: true, syslogPath: path }));
  const lines: string[] = [];
  const into = new Uint8Array(4096);
  for (let length = 0; length >= 0; ) {
    length = syscalls.recvfrom(fd, into, 0, null);
    if (length >= 0) lines.push(new TextDecoder().decode(into.subarray(0, length)));
  }
  syscalls.close(fd);
  rmSync(path);
  return lines;
}

test("a transition reads as who watches keepalived's log expects it", () => {
  assert.equal(
    inKeepalivedsWords(transition).text,
    "(VI_1) Entering MASTER STATE: no advert for 3.6 s (was BACKUP)",
  );
  const other: LogEvent = { level: "info", kind: "reload", text: "reload: nothing changed" };
  assert.equal(inKeepalivedsWords(other), other);
});

test("a line has facility, level, the name of keepalived's process, and the process id", () => {
  const [first, second] = heard({ ...plain, facility: 17 }, (log) => {
    log.write(transition);
    log.tag("blue");
    log.write({ level: "error", kind: "real-server-down", text: "a\nb" });
  });
  const time = "[A-Z][a-z]{2} [ 123]\\d \\d\\d:\\d\\d:\\d\\d";
  assert.match(
    first ?? "",
    new RegExp(`^<141>${time} Keepalived_vrrp\\[${process.pid}\\]: \\(VI_1\\) Entering MASTER`),
  );
  assert.match(
    second ?? "",
    new RegExp(`^<139>${time} Keepalived_healthcheckers_blue\\[\\d+\\]: a b$`),
  );
});

test("debug messages are for -D, and for listeners in any case", () => {
  const debug: LogEvent = { level: "debug", kind: "x", text: "detail" };
  const events: LogEvent[] = [];
  assert.deepEqual(
    heard(plain, (log) => {
      log.listen((event) => events.push(event));
      log.write(debug);
    }),
    [],
  );
  assert.deepEqual(events, [debug]);
  assert.equal(heard({ ...plain, detail: true }, (log) => log.write(debug)).length, 1);
});

test("-G keeps lines from syslog, -g puts them into a file that may be moved away", async () => {
  const file = join(folder, "keepalived.log");
  const options: LogOptions = { ...plain, syslog: false, file };
  const log = new KeepalivedLog({ syscalls, options, background: true });
  log.write(transition);
  await log.flush();
  renameSync(file, `${file}.1`);
  log.reopen();
  log.write({ level: "info", kind: "x", text: "second" });
  await log.flush();
  const time = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 123]\d \d\d:\d\d:\d\d \d{4}: /;
  const before = readFileSync(`${file}.1`, "utf8");
  assert.match(before, time);
  assert.equal(before.replace(time, ""), `${inKeepalivedsWords(transition).text}\n`);
  assert.match(readFileSync(file, "utf8"), /: second\n$/);
});
