import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("nobody serves it", () => {
  assert.deepEqual(
    told("L49", `virtual_server_group web {\n    192.0.2.17 80\n}\n${virtualServerWith("")}`),
    ["1 web: no virtual server serves the group `web`"],
  );
});

test("it is empty", () => {
  assert.deepEqual(
    told(
      "L49",
      "virtual_server_group web {\n}\n" +
        virtualServerWith("").replace("192.0.2.17 80", "group web"),
    ),
    ["1 web: the group `web` has no address"],
  );
});
