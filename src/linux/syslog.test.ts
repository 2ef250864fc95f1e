import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { required } from "./ffi/errno.ts";
import { socketConstants as c, encodeSockaddrUn } from "./ffi/socket-address.ts";
import { loadSyscalls } from "./ffi/syscalls.ts";
import { Syslog } from "./syslog.ts";

const syscalls = loadSyscalls();
const folder = mkdtempSync(join(tmpdir(), "keelson-syslog-"));
after(() => rmSync(folder, { recursive: true }));

function listen(path: string): { next(): string | undefined; close(): void } {
  const fd = required("socket", syscalls.socket(c.AF_UNIX, c.SOCK_DGRAM | c.SOCK_NONBLOCK, 0));
  required("bind", syscalls.bind(fd, encodeSockaddrUn(path)));
  const into = new Uint8Array(4096);
  return {
    next: () => {
      const length = syscalls.recvfrom(fd, into, 0, null);
      return length < 0 ? undefined : new TextDecoder().decode(into.subarray(0, length));
    },
    close: () => {
      syscalls.close(fd);
      rmSync(path);
    },
  };
}

test("a line is one datagram; without a log daemon that is said", () => {
  const path = join(folder, "log");
  const syslog = new Syslog(syscalls, path);
  assert.equal(syslog.send("<30>nobody"), false);
  const daemon = listen(path);
  assert.equal(syslog.send("<30>Nov 21 09:14:16 name[1]: text"), true);
  assert.equal(daemon.next(), "<30>Nov 21 09:14:16 name[1]: text");
  daemon.close();
  assert.equal(syslog.send("<30>gone"), false);
  const another = listen(path);
  assert.equal(syslog.send("<30>back"), true);
  assert.equal(another.next(), "<30>back");
  another.close();
  syslog.close();
});

test("a log daemon that is behind gets every line in its order", () => {
  const path = join(folder, "slow");
  const daemon = listen(path);
  const syslog = new Syslog(syscalls, path);
  for (let i = 0; i < 1000; i++) assert.equal(syslog.send(`<30>${i}`), true);
  const heard: string[] = [];
  while (heard.length < 1000) {
    const next = daemon.next();
    if (next === undefined) syslog.flush();
    else heard.push(next);
  }
  assert.deepEqual(
    heard,
    Array.from({ length: 1000 }, (_, i) => `<30>${i}`),
  );
  assert.equal(syslog.takeDropped(), 0);
  daemon.close();
  syslog.close();
});

test("a log daemon that never reads costs lines, not time", () => {
  const path = join(folder, "stuck");
  const daemon = listen(path);
  const syslog = new Syslog(syscalls, path);
  for (let i = 0; i < 5000; i++) syslog.send(`<30>${i}`);
  assert.ok(syslog.takeDropped() > 0);
  daemon.close();
  syslog.close();
});
