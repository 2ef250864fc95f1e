import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { notAMulticastGroup } from "./v69-not-a-multicast-group.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    notAMulticastGroup.bad.map((text) => told("V69", String(text))),
    [
      ["9 192.0.2.2: `192.0.2.2` is no multicast address"],
      ["2 192.0.2.2: `192.0.2.2` is no multicast address"],
      ["9 mcast_dst_ip: `VI_1` sends to its peers, and not to a group"],
    ],
  );
});
