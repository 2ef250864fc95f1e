import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

const group = (lines: string, name = "web"): string =>
  `virtual_server_group ${name} {\n    ${lines}\n}\n`;
const service = (replace: readonly (readonly [string, string])[] = []): string =>
  replace.reduce(
    (text, [from, to]) => text.replace(from, to),
    virtualServerWith("").replace("192.0.2.17 80", "group web"),
  );

test("the first virtual server with the address is marked", () => {
  assert.deepEqual(
    told(
      "L13",
      virtualServerWith("").replace("virtual_server 192.0.2.17", "virtual_server 192.0.2.18"),
    ),
    ["11 192.0.2.18: no instance holds 192.0.2.18"],
  );
});

test("an excluded address is held as well", () => {
  assert.deepEqual(
    told(
      "L13",
      virtualServerWith("")
        .replace("virtual_server 192.0.2.17", "virtual_server 192.0.2.18")
        .replace(
          "    virtual_ipaddress {",
          "    virtual_ipaddress_excluded {\n        192.0.2.18\n    }\n    virtual_ipaddress {",
        ),
    ),
    [],
  );
});

test("a file without instances is a director behind routers", () => {
  assert.deepEqual(
    told(
      "L13",
      virtualServerWith("")
        .replace(/^vrrp_instance[\s\S]*?\n\}\n/, "")
        .replace("virtual_server 192.0.2.17", "virtual_server 192.0.2.18"),
    ),
    [],
  );
});

test("an address that cannot be read may be the one", () => {
  assert.deepEqual(
    told(
      "L13",
      virtualServerWith("")
        .replace("virtual_server 192.0.2.17", "virtual_server 192.0.2.18")
        .replace("192.0.2.17/24", "$VIP"),
    ),
    [],
  );
});

test("the node's own address is on the host", () => {
  assert.deepEqual(
    told(
      "L13",
      virtualServerWith("")
        .replace("virtual_server 192.0.2.17", "virtual_server 192.0.2.1")
        .replace("priority 100", "priority 100\n    unicast_src_ip 192.0.2.1"),
    ),
    [],
  );
});

test("addresses of groups are held as well, ranges are mostly routed", () => {
  const text = group("192.0.2.17 80\n    192.0.2.18 80\n    192.0.2.32-40 80") + service();
  assert.deepEqual(told("L13", text), ["3 192.0.2.18: no instance holds 192.0.2.18"]);
});
