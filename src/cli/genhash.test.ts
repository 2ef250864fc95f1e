import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { runKeepalived } from "./keepalived.ts";

const server = createServer((request, response) => {
  response.end(request.url === "/page" ? `hello ${request.headers.host}\n` : "hello\n");
});
let port = "";
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = String((server.address() as AddressInfo).port);
});
after(() => server.close());

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const status = await runKeepalived(args, {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    isTty: false,
  });
  return { status, out, err };
}

test("the digest of a page is printed, as keepalived's program prints it", async () => {
  // What keepalived 2.2.7 prints for the same page.
  const hello = { status: 0, out: "b1946ac92492d2347c6235b4d2611184\n", err: "" };
  assert.deepEqual(await run("-T", "-s", "127.0.0.1", "-p", port, "-u", "/"), hello);
  const long = ["--server=127.0.0.1", `--port=${port}`, "--url=/"];
  assert.deepEqual(await run("--genhash", ...long), hello);
});

test("the site can be named, and the header shown", async () => {
  const page = ["-s", "127.0.0.1", "-p", port, "-u", "/page"];
  const one = await run("-T", ...page, "-V", "a.example");
  const other = await run("-T", ...page, "-V", "b.example");
  assert.notEqual(one.out, other.out);
  assert.match(
    (await run("-T", "-v", ...page)).out,
    /^HTTP\/1\.1 200 OK\n[\s\S]*\n\n[0-9a-f]{32}\n$/,
  );
});

test("what cannot be done is said", async () => {
  assert.match((await run("-T", "-s", "127.0.0.1")).err, /-s, -p and -u are needed/);
  assert.match((await run("-T", "-s", "127.0.0.1", "-p", "x", "-u", "/")).err, /x is no port/);
  assert.match((await run("-T", "--fwmark", "3")).err, /fwmark/);
  const closed = await run("-T", "-s", "127.0.0.1", "-p", "1", "-u", "/");
  assert.equal(closed.status, 1);
  assert.match(closed.err, /^Connection failed: /);
  assert.equal((await run("-T", "-h")).status, 0);
});
