import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { fromHex, toHex } from "../../base/bytes.ts";
import { digestOf } from "./block-hash.ts";
import { hmac, sameBytes } from "./hmac.ts";
import { md5 } from "./md5.ts";
import { sha256 } from "./sha256.ts";

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const hashes = [
  ["md5", md5],
  ["sha256", sha256],
] as const;

test("MD5: the test suite of RFC 1321", () => {
  assert.equal(toHex(digestOf(md5, text(""))), "d41d8cd98f00b204e9800998ecf8427e");
  assert.equal(toHex(digestOf(md5, text("message digest"))), "f96b697d7cb7938d525a2f31aaf161d0");
});

test("SHA-256: the example of FIPS 180", () => {
  assert.equal(
    toHex(digestOf(sha256, text("abc"))),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test("HMAC: RFC 2202 test case 2 and RFC 4231 test case 6", () => {
  const jefe = hmac(md5, text("Jefe"))(text("what do ya want for nothing?"));
  assert.equal(toHex(jefe), "750c783e6ab0b503eaa86e310a5db738");
  const long = hmac(sha256, fromHex("aa".repeat(131)));
  assert.equal(
    toHex(long(text("Test Using Larger Than Block-Size Key - Hash Key First"))),
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  );
});

test("every length gives what OpenSSL gives", () => {
  for (let length = 0; length < 260; length++) {
    const message = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
    for (const [name, hash] of hashes)
      assert.equal(
        toHex(digestOf(hash, message)),
        createHash(name).update(message).digest("hex"),
        `${name} of ${length} bytes`,
      );
  }
});

test("any key and any message give what OpenSSL gives", () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(bytes, bytes, (key, message) => {
      for (const [name, hash] of hashes)
        assert.equal(
          toHex(hmac(hash, key)(message)),
          createHmac(name, key).update(message).digest("hex"),
        );
    }),
    { numRuns: 300 },
  );
});

test("bytes are the same only when length and content are", () => {
  assert.ok(sameBytes(fromHex("0102"), fromHex("0102")));
  assert.ok(!sameBytes(fromHex("0102"), fromHex("0103")));
  assert.ok(!sameBytes(fromHex("0102"), fromHex("010200")));
  assert.ok(!sameBytes(fromHex("010200"), fromHex("0102")));
});
