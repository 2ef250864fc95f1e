// What the guest is: a kernel with IPVS, to which this repository's programs can speak.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { loadSyscalls } from "../../../src/linux/ffi/syscalls.ts";

test("the kernel has IPVS, and ipvsadm and our system calls work there", () => {
  assert.match(
    execFileSync("ipvsadm", ["-Ln"], { encoding: "utf8" }),
    /^IP Virtual Server version 1\./,
  );
  assert.ok(loadSyscalls().monotonicMs() > 0);
});
