import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("the address is marked", () => {
  assert.deepEqual(told("L44", virtualServerWith("sorry_server 2001:db8::9 80")), [
    "17 2001:db8::9: NAT cannot forward to 2001:db8::9: the virtual server is IPv4",
  ]);
});

test("a tunnel leads there", () => {
  assert.deepEqual(
    told("L44", virtualServerWith("sorry_server 2001:db8::9 80\nsorry_server_lvs_method TUN")),
    [],
  );
});
