import assert from "node:assert/strict";
import { test } from "node:test";
import { hintFor, isAssignment, synonymOf } from "./value-hints.ts";

test("units are taken away where that changes nothing", () => {
  assert.equal(hintFor("2s", "seconds").newText, "2");
  assert.equal(hintFor("2secs", "integer").newText, "2");
  assert.equal(hintFor("500ms", "seconds").fix, "write `0.5`: times are in seconds");
  assert.equal(hintFor("500ms", "seconds").newText, undefined);
  assert.equal(hintFor("10%", "integer").newText, undefined);
  assert.equal(hintFor("0,5", "seconds").newText, "0.5");
  assert.equal(hintFor("0x50", "port").fix, "write `80`");
});

test("what surrounds an address in other languages is named", () => {
  assert.equal(hintFor("192.0.2.1,", "address").newText, "192.0.2.1");
  assert.equal(hintFor("192.0.2.1,192.0.2.2", "address").newText, undefined);
  assert.equal(
    hintFor("192.0.2.1:80", "address").fix,
    "write `192.0.2.1 80`, or `192.0.2.1` alone",
  );
  assert.equal(hintFor("[2001:db8::1]:80", "address").fix, "write `2001:db8::1`, without brackets");
  assert.equal(hintFor("192.0.2.1/24", "address").newText, "192.0.2.1");
  assert.equal(hintFor("192.0.2.1\\24", "prefix").newText, "192.0.2.1/24");
  assert.equal(hintFor("-", "prefix").newText, "");
});

test("parts of an address are counted, and names are called names", () => {
  assert.equal(hintFor("192.0.2", "address").label, "4 parts are due, here are 3");
  assert.equal(hintFor("192.0.2.300", "prefix").label, "each part is 0 to 255");
  assert.match(hintFor("lb2.example.com", "address").label ?? "", /names are not looked up/);
  assert.deepEqual(hintFor("192.0.2.1/33", "prefix"), {});
});

test("signs between a keyword and its value are known", () => {
  for (const sign of ["=", ":", ":=", "=>"]) assert.ok(isAssignment(sign));
  assert.ok(!isAssignment("=1"));
});

test("words of other programs are known where the list has their like", () => {
  assert.equal(synonymOf("roundrobin", ["rr", "wrr"]), "rr");
  assert.equal(synonymOf("SLAVE", ["MASTER", "BACKUP"]), "BACKUP");
  assert.equal(synonymOf("masq", ["rr", "wrr"]), undefined);
  assert.equal(synonymOf("constructor", ["rr"]), undefined);
});
