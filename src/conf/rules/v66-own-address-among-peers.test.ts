import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { ownAddressAmongPeers } from "./v66-own-address-among-peers.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    ownAddressAmongPeers.bad.map((text) => told("V66", String(text))),
    [
      ["11 192.0.2.1: `192.0.2.1` is this node itself"],
      ["11 192.0.2.1: `192.0.2.1`, the only peer, is this node itself"],
    ],
  );
});
