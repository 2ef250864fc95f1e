import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { OwnServices } from "./own-services.ts";

function withFile(act: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "own-services-"));
  try {
    act(join(folder, "services"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the next director knows what this one has put into the table", () =>
  withFile((path) => {
    const first = new OwnServices(path);
    first.add("TCP 10.0.0.1:80");
    first.add("FWM 7 inet6");
    first.add("TCP 10.0.0.1:443");
    first.remove("TCP 10.0.0.1:80");
    const next = new OwnServices(path);
    assert.equal(next.has("TCP 10.0.0.1:80"), false);
    assert.equal(next.has("FWM 7 inet6"), true);
    assert.equal(next.size, 2);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  }));

test("a line that was cut short by the end of a process does not matter", () =>
  withFile((path) => {
    new OwnServices(path).add("TCP 10.0.0.1:80");
    appendFileSync(path, "+TC");
    const next = new OwnServices(path);
    assert.equal(next.has("TCP 10.0.0.1:80"), true);
    next.add("FWM 7");
    assert.equal(new OwnServices(path).has("FWM 7"), true);
  }));

test("a service that comes and goes for years does not fill the disk", () =>
  withFile((path) => {
    const own = new OwnServices(path);
    own.add("TCP 10.0.0.1:80");
    for (let i = 0; i < 3000; i++) {
      own.add("UDP 10.0.0.1:53");
      own.remove("UDP 10.0.0.1:53");
    }
    assert.ok(readFileSync(path, "utf8").split("\n").length < 2000);
    const next = new OwnServices(path);
    assert.deepEqual([next.size, next.has("TCP 10.0.0.1:80")], [1, true]);
  }));
