import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import type { IpAddress } from "../base/address.ts";
import type { CheckTarget, HttpRequest } from "../model/virtual-server.ts";
import type { DialogueProgress } from "../world/probe-network.ts";
import { openHttpDialogue } from "./http-check.ts";
import { bodyBytesMax, headerBytesMax } from "./http-response.ts";

const target: CheckTarget = { address: "10.0.0.7" as IpAddress, port: 80 };
const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");
const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

function wish(more: Partial<HttpRequest> = {}): HttpRequest {
  return { path: "/", statusCodes: [], ...more };
}

/** The judgement of an answer that arrives in pieces of `size` bytes, then the close. */
function judge(answer: string | Uint8Array, request = wish(), size = 1 << 16): string {
  const dialogue = openHttpDialogue(request, target, md5);
  const bytes = typeof answer === "string" ? latin1(answer) : answer;
  let progress: DialogueProgress = { kind: "more" };
  for (let at = 0; at < bytes.length && progress.kind === "more"; at += size)
    progress = dialogue.receive(bytes.subarray(at, at + size));
  const open = progress.kind === "more";
  if (open) progress = dialogue.end();
  const text = progress.kind === "failed" ? progress.reason : progress.kind;
  return open && progress.kind === "succeeded" ? `${text} at close` : text;
}

function request(more: Partial<HttpRequest>, to = target): string {
  return Buffer.from(openHttpDialogue(wish(more), to, md5).request).toString("latin1");
}

test("the request names the virtual host, and the address without one", () => {
  assert.equal(
    request({ path: "/a?b=c", virtualHost: "www.example.com" }),
    "GET /a?b=c HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: Keelson\r\n" +
      "Accept: */*\r\nConnection: close\r\n\r\n",
  );
  assert.match(request({}), /\r\nHost: 10\.0\.0\.7\r\n/);
  assert.match(request({}, { ...target, port: 8080 }), /\r\nHost: 10\.0\.0\.7:8080\r\n/);
  assert.match(
    request({}, { address: "fd00::7" as IpAddress, port: 80 }),
    /\r\nHost: \[fd00::7\]\r\n/,
  );
});

test("neither path nor virtual host can add a line to the request", () => {
  const text = request({ path: "/a b\r\nX: 1/\u00e9", virtualHost: "h\r\nY: 2" });
  assert.equal(text.split("\r\n").length, 7);
  assert.match(text, /^GET \/a%20b%0D%0AX:%201\/%C3%A9 HTTP\/1\.1\r\n/);
});

test("without status_code, 200..299 is accepted", () => {
  assert.equal(judge("HTTP/1.1 204 No Content\r\n\r\n"), "succeeded");
  assert.equal(
    judge("HTTP/1.0 500 Oops\r\nContent-Length: 0\r\n\r\n"),
    "status 500 instead of 200..299 for GET /",
  );
});

test("status_code names ranges of its own", () => {
  const accepting = wish({
    path: "/x",
    statusCodes: [
      { from: 301, to: 302 },
      { from: 404, to: 404 },
    ],
  });
  assert.equal(
    judge("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", accepting),
    "succeeded",
  );
  assert.equal(
    judge("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", accepting),
    "status 200 instead of 301..302, 404 for GET /x",
  );
});

const bodies: readonly (readonly [string, string, string])[] = [
  ["to its length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "succeeded"],
  ["to the close", "HTTP/1.0 200 OK\r\n\r\nhello", "succeeded at close"],
  [
    "in chunks",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nT: u\r\n\r\n",
    "succeeded",
  ],
  [
    "after an interim answer",
    "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200\r\ncontent-length:5\r\n\r\nhello",
    "succeeded",
  ],
  ["with bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "succeeded"],
];

test("a body is read to its end, however it arrives, and its digest compared", () => {
  const digest = md5(latin1("hello"));
  for (const [name, answer, expected] of bodies)
    for (const size of [1, 2, 3, 1 << 16])
      assert.equal(judge(answer, wish({ digest }), size), expected, `${name}, ${size} bytes each`);
});

test("a wrong digest names both", () => {
  assert.equal(
    judge("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", wish({ digest: "0".repeat(32) })),
    `digest ${md5(latin1("hi"))} instead of ${"0".repeat(32)} for GET /`,
  );
});

test("every truncation of an answer with a length fails", () => {
  for (const [, answer, expected] of bodies) {
    if (expected !== "succeeded") continue;
    for (let length = 0; length < answer.length; length++)
      assert.match(judge(answer.slice(0, length)), /closed|malformed/, `${length} bytes`);
  }
});

test("what is not HTTP/1.x is refused with a reason", () => {
  const refusals: readonly (readonly [string, string])[] = [
    ["SSH-2.0-OpenSSH_9.2\r\n", "the answer is not HTTP/1.x"],
    ["\r\n\r\n", "the status line is malformed"],
    ["HTTP/1.1 99 x\r\n\r\n", "the status line is malformed"],
    ["HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "a header field is malformed"],
    ["HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "the Content-Length is malformed"],
    [
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      "two different Content-Lengths",
    ],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "a transfer coding other than chunked"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "a chunk's size is malformed"],
    [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
      "a chunk is longer than its size",
    ],
    ["", "closed without an answer"],
  ];
  for (const [answer, reason] of refusals) assert.equal(judge(answer), `${reason} for GET /`);
});

/** Feeds `piece` again and again; answers the judgement and how many bytes it took. */
function flood(start: string, piece: string, request = wish()): { text: string; bytes: number } {
  const dialogue = openHttpDialogue(request, target, md5);
  let progress = dialogue.receive(latin1(start));
  let bytes = start.length;
  while (progress.kind === "more" && bytes < 64 * bodyBytesMax) {
    progress = dialogue.receive(latin1(piece));
    bytes += piece.length;
  }
  return { text: progress.kind === "failed" ? progress.reason : progress.kind, bytes };
}

test("an endless header is refused at its bound", () => {
  for (const piece of ["X: y\r\n", "a\n".repeat(500), "x".repeat(4096)]) {
    const { text, bytes } = flood("HTTP/1.1 200 OK\r\n", piece);
    assert.equal(text, `header longer than ${headerBytesMax} bytes for GET /`);
    assert.ok(bytes <= headerBytesMax + piece.length);
  }
  const interim = flood("", "HTTP/1.1 100 Continue\r\n\r\n");
  assert.equal(interim.text, `header longer than ${headerBytesMax} bytes for GET /`);
});

test("an endless body is enough for its status, and too long for a digest", () => {
  for (const head of ["\r\n", "Content-Length: 99999999999\r\n\r\n"]) {
    const start = `HTTP/1.1 200 OK\r\n${head}`;
    const { text, bytes } = flood(start, "x".repeat(65_536));
    assert.equal(text, "succeeded");
    assert.ok(bytes < 2 * bodyBytesMax);
    assert.equal(
      flood(start, "x".repeat(65_536), wish({ digest: md5(latin1("")) })).text,
      `body longer than ${bodyBytesMax} bytes for GET /`,
    );
  }
});

test("endless trailers and chunk sizes are refused", () => {
  const start = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  assert.equal(flood(`${start}0\r\n`, "T: u\r\n").text, "the trailer is too long for GET /");
  assert.equal(flood(`${start}1;`, "xxxx").text, "a chunk's size line is too long for GET /");
});

test("property: no bytes in any pieces make the reader throw or answer twice differently", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(
      ...["HTTP/1.1 200 OK\r\n", "\r\n", "Content-Length: 3\r\n", "abc", "\n", "0\r\n\r\n"].map(
        latin1,
      ),
    ),
    fc.constant(latin1("Transfer-Encoding: chunked\r\n")),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const whole = Uint8Array.from(pieces.flatMap((one) => [...one]));
      const atOnce = judge(whole);
      assert.equal(judge(whole, wish(), 1), atOnce);
      assert.equal(judge(whole, wish(), 7), atOnce);
    }),
    { numRuns: 500 },
  );
});
