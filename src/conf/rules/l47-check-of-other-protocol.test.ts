import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { httpCheckWith, virtualServerCheckedBy } from "./example-texts.ts";

test("plain HTTP to the port of the real server", () => {
  assert.deepEqual(told("L47", httpCheckWith("path /").replaceAll(" 80 {", " 443 {")), [
    "19 HTTP_GET: HTTP_GET speaks plain HTTP to port 443",
  ]);
});

test("TLS to a port of its own", () => {
  assert.deepEqual(
    told(
      "L47",
      virtualServerCheckedBy("SSL_GET {\n    connect_port 80\n    url {\n        path /\n    }\n}"),
    ),
    ["19 SSL_GET: SSL_GET speaks TLS to port 80"],
  );
});

test("the port of the virtual server, where the real server has none", () => {
  assert.deepEqual(
    told(
      "L47",
      httpCheckWith("path /")
        .replace("192.0.2.17 80", "192.0.2.17 443")
        .replace("198.51.100.1 80", "198.51.100.1"),
    ),
    ["19 HTTP_GET: HTTP_GET speaks plain HTTP to port 443"],
  );
});

test("any other port may speak anything", () => {
  assert.deepEqual(told("L47", httpCheckWith("path /").replaceAll(" 80 {", " 8443 {")), []);
});
