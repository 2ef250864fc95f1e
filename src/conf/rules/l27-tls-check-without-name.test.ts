import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { virtualServerCheckedBy } from "./example-texts.ts";

/** The lines that `check --fix` adds or changes. */
function newLines(text: string): readonly string[] {
  const before = text.split("\n");
  return fixedBy("L27", text)
    .split("\n")
    .filter((line) => !before.includes(line))
    .map((line) => line.trim());
}

const sslGet = (lines: string): string =>
  virtualServerCheckedBy(`SSL_GET {\n${lines}    url {\n        path /\n    }\n}`);

test("the check is marked", () => {
  assert.deepEqual(told("L27", sslGet("    virtualhost www.example.com\n")), [
    "19 SSL_GET: this SSL_GET asks for `www.example.com`, but not in the handshake",
  ]);
});

test("the name may stand further out", () => {
  assert.deepEqual(told("L27", sslGet("").replace("weight 1", "virtualhost www.example.com")), [
    "19 SSL_GET: this SSL_GET asks for `www.example.com`, but not in the handshake",
  ]);
});

test("the keyword is written", () => {
  assert.deepEqual(newLines(sslGet("    virtualhost www.example.com\n")), ["enable_sni"]);
});

test("without a name there is nothing to say", () => {
  assert.deepEqual(told("L27", sslGet("")), []);
});

test("an address is no name", () => {
  assert.deepEqual(told("L27", sslGet("    virtualhost 192.0.2.17\n")), []);
});

test("switched off it is as if it were missing", () => {
  assert.deepEqual(told("L27", sslGet("    enable_sni off\n    virtualhost www.example.com\n")), [
    "19 SSL_GET: this SSL_GET asks for `www.example.com`, but not in the handshake",
  ]);
});
