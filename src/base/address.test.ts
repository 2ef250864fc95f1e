import assert from "node:assert/strict";
import { test } from "node:test";
import {
  familyOf,
  ipAddressBytes,
  ipAddressFromBytes,
  ipv4FromNumber,
  ipv4Number,
  parseIpAddress,
} from "./address.ts";

function canonical(text: string): string {
  const parsed = parseIpAddress(text);
  return parsed.ok ? parsed.value : `refused ${parsed.fault.text}`;
}

test("an IPv4 address is its own canonical text", () => {
  assert.equal(canonical("193.168.140.80"), "193.168.140.80");
  assert.equal(canonical("255.255.255.255"), "255.255.255.255");
});

test("IPv4 text with leading zeros, missing parts or big numbers is refused", () => {
  for (const text of ["10.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.1.2", "", "a.b.c.d", "1.2.3.-4"])
    assert.equal(canonical(text), `refused ${text}`);
});

test("IPv6 text is shortened as RFC 5952 says", () => {
  assert.equal(canonical("2001:DB8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
  assert.equal(canonical("::"), "::");
  assert.equal(canonical("::ffff:10.0.0.1"), "::ffff:a00:1");
  assert.equal(canonical("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
});

test("IPv6 text with two gaps, too many groups or a zone is refused", () => {
  for (const text of ["1::2::3", "1:2:3:4:5:6:7:8:9", "fe80::1%eth0", ":::", "12345::"])
    assert.equal(canonical(text), `refused ${text}`);
});

test("bytes and numbers convert both ways", () => {
  const parsed = parseIpAddress("10.9.0.100");
  assert.ok(parsed.ok);
  assert.equal(ipv4Number(parsed.value), 0x0a090064);
  assert.equal(ipv4FromNumber(0x0a090064), "10.9.0.100");
  assert.equal(ipAddressFromBytes(ipAddressBytes(parsed.value)), "10.9.0.100");
  assert.equal(familyOf(parsed.value), 4);
});
