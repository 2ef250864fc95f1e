import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { errnoName, syscallFault } from "./ffi/errno.ts";
import { encodeSockaddrUn } from "./ffi/socket-address.ts";
import { loadSyscalls } from "./ffi/syscalls.ts";
import { peerCredentials } from "./peer-credentials.ts";
import { notifyServiceManager } from "./service-notify.ts";

const syscalls = loadSyscalls();
const unix = 1;
const stream = 1;
const datagram = 2;
const nonBlocking = 0o4000;

test("the service manager gets one datagram of lines, in the abstract name space, too", () => {
  const path = `@keelson-test-${process.pid}`;
  const manager = syscalls.socket(unix, datagram | nonBlocking, 0);
  assert.equal(syscalls.bind(manager, encodeSockaddrUn(path)), 0);
  assert.ok(notifyServiceManager(syscalls, path, ["READY=1", "STATUS=forwarding"]).ok);
  const into = new Uint8Array(100);
  const length = syscalls.recvfrom(manager, into, 0, null);
  assert.equal(new TextDecoder().decode(into.subarray(0, length)), "READY=1\nSTATUS=forwarding");
  syscalls.close(manager);
});

test("nobody listening is no fault, a socket that is gone is one", () => {
  assert.ok(notifyServiceManager(syscalls, undefined, ["READY=1"]).ok);
  assert.ok(notifyServiceManager(syscalls, "", ["READY=1"]).ok);
  const gone = notifyServiceManager(syscalls, "/nonexistent/notify", ["READY=1"]);
  assert.equal(gone.ok ? "sent" : gone.fault.code, "ENOENT");
});

test("the peer of a UNIX socket is known by process and user", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "keelson-"));
  const server = createServer((connection) => connection.destroy());
  t.after(() => {
    server.close();
    rmSync(directory, { recursive: true });
  });
  server.listen(join(directory, "socket"));
  await once(server, "listening");
  const client = syscalls.socket(unix, stream, 0);
  assert.equal(syscalls.connect(client, encodeSockaddrUn(join(directory, "socket"))), 0);
  const peer = peerCredentials(syscalls, client);
  assert.ok(peer.ok);
  assert.equal(peer.value.pid, process.pid);
  assert.equal(peer.value.uid, process.getuid?.());
  syscalls.close(client);
});

test("a descriptor that is none has no peer", () => {
  const none = peerCredentials(syscalls, 1_000_000);
  assert.equal(none.ok ? "known" : none.fault.code, "EBADF");
});

test("faults carry the name and the words of an errno", () => {
  assert.equal(errnoName(1), "EPERM");
  assert.equal(errnoName(100), "ENETDOWN");
  assert.equal(errnoName(4000), "E4000");
  const fault = syscallFault("bind", -99);
  assert.deepEqual(
    [fault.errno, fault.code, fault.text],
    [99, "EADDRNOTAVAIL", "bind: EADDRNOTAVAIL, address not available"],
  );
  assert.equal(syscallFault("x", -17, "already assigned").text, "x: EEXIST, already assigned");
});
