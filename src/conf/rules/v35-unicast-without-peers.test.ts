import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { unicastWithoutPeers } from "./v35-unicast-without-peers.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    unicastWithoutPeers.bad.map((text) => told("V35", String(text))),
    [
      ["9 unicast_src_ip: `unicast_src_ip` needs a `unicast_peer` block, and `VI_1` has none"],
      ["9 unicast_peer: `unicast_peer` of `VI_1` lists no address"],
    ],
  );
});
