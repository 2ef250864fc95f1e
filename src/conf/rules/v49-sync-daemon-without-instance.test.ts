import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { syncDaemonWithoutInstance } from "./v49-sync-daemon-without-instance.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    syncDaemonWithoutInstance.bad.map((text) => told("V49", String(text))),
    [
      ["2 VI_9: there is no vrrp_instance named `VI_9`"],
      ["2 lvs_sync_daemon: `lvs_sync_daemon` names no instance"],
    ],
  );
});
