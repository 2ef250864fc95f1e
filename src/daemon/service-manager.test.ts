import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { encodeSockaddrUn, socketConstants } from "../linux/ffi/socket-address.ts";
import { loadSyscalls } from "../linux/ffi/syscalls.ts";
import { ServiceManager } from "./service-manager.ts";

test("systemd hears of readiness, of reloads, and of a status only when it changes", (t) => {
  const syscalls = loadSyscalls();
  const directory = mkdtempSync(join(tmpdir(), "keelson-notify-"));
  const path = join(directory, "notify");
  const { AF_UNIX, SOCK_DGRAM, SOCK_NONBLOCK } = socketConstants;
  const fd = syscalls.socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  assert.ok(syscalls.bind(fd, encodeSockaddrUn(path)) >= 0);
  t.after(() => {
    syscalls.close(fd);
    rmSync(directory, { recursive: true });
  });
  const receive = (): string | undefined => {
    const into = new Uint8Array(4096);
    const length = syscalls.recvfrom(fd, into, 0, null);
    return length < 0 ? undefined : Buffer.from(into.subarray(0, length)).toString("utf8");
  };

  const environment: NodeJS.ProcessEnv = { NOTIFY_SOCKET: path, WATCHDOG_USEC: "30000000" };
  const manager = new ServiceManager(syscalls, environment);
  assert.deepEqual(environment, {}, "children cannot speak for us");
  manager.ready();
  assert.equal(receive(), "READY=1");
  manager.status("1 MASTER");
  manager.status("1 MASTER");
  assert.equal(receive(), "STATUS=1 MASTER");
  assert.equal(receive(), undefined);
  manager.reloading();
  assert.match(receive() ?? "", /^RELOADING=1\nMONOTONIC_USEC=\d+$/);
  manager.stopping();
  assert.equal(receive(), "STOPPING=1");
});

test("without a service manager nothing is said to anybody", () => {
  new ServiceManager(loadSyscalls(), {}).ready();
});
