import assert from "node:assert/strict";
import { test } from "node:test";
import { programEnvironment } from "./program-environment.ts";

test("programs get what the unit sets for them, and nothing that is meant for the daemon", () => {
  const environment = {
    PATH: "/opt/bin:/bin",
    AWS_REGION: "eu-west-1",
    NOTIFY_SOCKET: "/run/systemd/notify",
    WATCHDOG_USEC: "1",
    NODE_OPTIONS: "--inspect",
    LD_PRELOAD: "/tmp/x.so",
    IFS: ",",
    UNSET: undefined,
  };
  assert.deepEqual(programEnvironment(environment), {
    PATH: "/opt/bin:/bin",
    AWS_REGION: "eu-west-1",
  });
});
