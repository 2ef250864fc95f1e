import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

const oneLine =
  "vrrp_instance VI_1 { state BACKUP interface eth0 virtual_router_id 17 priority 100 virtual_ipaddress { 192.0.2.17/24 } }\n";

test("all that is lost is one finding", () => {
  assert.deepEqual(told("S04", oneLine), [
    "1 interface: `interface`, `virtual_router_id`, `priority` and 1 more are lost: a line holds one keyword, also between braces",
  ]);
});

test("--fix writes the instance out", () => {
  assert.equal(fixedBy("S04", oneLine), instanceWith("").replace(/\{\s+(192\S+)\s+\}/, "{ $1 }"));
});

test("blocks inside are written out with it", () => {
  const text =
    "vrrp_instance VI_1 { interface eth0 virtual_router_id 17 authentication { auth_type PASS auth_pass x } }\n";
  assert.equal(
    fixedBy("S04", text),
    `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    authentication {
        auth_type PASS
        auth_pass x
    }
}
`,
  );
});
