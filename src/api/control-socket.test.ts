import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { askDirector, followEvents } from "./control-client.ts";
import { type ControlAnswer, parseControlRequest, requestBytesMax } from "./control-protocol.ts";
import { type ControlHandler, ControlServer } from "./control-server.ts";
import { LineSplitter } from "./line-splitter.ts";

async function listen(t: TestContext, handle: ControlHandler): Promise<[string, ControlServer]> {
  const directory = mkdtempSync(join(tmpdir(), "keelson-api-"));
  const path = join(directory, "control.sock");
  const server = await ControlServer.open(path, handle);
  assert.ok(server.ok);
  t.after(async () => {
    await server.value.close();
    rmSync(directory, { recursive: true });
  });
  return [path, server.value];
}

/** Sends bytes as they are and gives every line of the answer until the director hangs up or `count` came. */
function exchange(path: string, bytes: string, count: number): Promise<ControlAnswer[]> {
  return new Promise((resolve, reject) => {
    const answers: ControlAnswer[] = [];
    const splitter = new LineSplitter(1e6);
    const socket = connect(path, () => socket.write(bytes));
    socket.on("error", reject);
    socket.on("close", () => resolve(answers));
    socket.on("data", (chunk: Uint8Array) => {
      for (const line of splitter.push(chunk)) answers.push(JSON.parse(line) as ControlAnswer);
      if (answers.length >= count) socket.destroy();
    });
  });
}

test("a request reaches the handler and its answer the client", async (t) => {
  const [path] = await listen(t, async (request) => ({ ok: true, text: `did ${request.command}` }));
  const answer = await askDirector(path, { command: "reload" }, 5000);
  assert.deepEqual(answer, { ok: true, value: { ok: true, text: "did reload" } });
});

test("the socket belongs to its owner alone", async (t) => {
  const [path] = await listen(t, async () => ({ ok: true, text: "" }));
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("requests on one connection are answered in their order", async (t) => {
  let delayMs = 40;
  const [path] = await listen(t, async (request) => {
    delayMs -= 20;
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    return { ok: true, text: request.command };
  });
  const answers = await exchange(path, '{"command":"status"}\n{"command":"reload"}\n', 2);
  assert.deepEqual(
    answers.map((answer) => answer.ok && "text" in answer && answer.text),
    ["status", "reload"],
  );
});

test("a bad request is answered with its fault, and the connection goes on", async (t) => {
  const [path] = await listen(t, async () => ({ ok: true, text: "fine" }));
  const answers = await exchange(
    path,
    'nonsense\n[]\n{"command":"fly"}\n{"command":"status"}\n',
    4,
  );
  assert.deepEqual(answers, [
    { ok: false, error: "a request is one JSON object on one line" },
    { ok: false, error: "a request is a JSON object" },
    {
      ok: false,
      error:
        'unknown command "fly"; known: status, reload, apply, confirm, rollback, stop, failover, drain, undrain, plane, events',
    },
    { ok: true, text: "fine" },
  ]);
});

test("a failover names what gives up its addresses", async (t) => {
  const [path] = await listen(t, async (request) => ({ ok: true, text: JSON.stringify(request) }));
  const lines = '{"command":"failover","name":"VI_1"}\n{"command":"failover"}\n';
  assert.deepEqual(await exchange(path, lines, 2), [
    { ok: true, text: '{"command":"failover","name":"VI_1"}' },
    { ok: false, error: "`name` is a VRRP instance or sync group" },
  ]);
});

test("a request without end is refused at its bound", async (t) => {
  const [path] = await listen(t, async () => ({ ok: true, text: "fine" }));
  const answers = await exchange(path, "x".repeat(requestBytesMax + 1), 2);
  assert.deepEqual(answers, [
    { ok: false, error: `a request has at most ${requestBytesMax} bytes` },
  ]);
});

test("hundreds of silent clients do not keep an operator out", async (t) => {
  const [path] = await listen(t, async () => ({ ok: true, text: "fine" }));
  const silent = await Promise.all(
    Array.from(
      { length: 200 },
      () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect(path, () => resolve(socket));
          socket.once("error", reject);
        }),
    ),
  );
  for (const socket of silent) socket.on("error", () => undefined);
  const answer = await askDirector(path, { command: "status" }, 5000);
  for (const socket of silent) socket.destroy();
  assert.deepEqual(answer, { ok: true, value: { ok: true, text: "fine" } });
});

test("an answer under way reaches its client though the director ends", async (t) => {
  let finish: () => void = () => undefined;
  const working = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let asked: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const [path, server] = await listen(t, async () => {
    asked();
    await working;
    return { ok: true, text: "stopped" };
  });
  const answer = askDirector(path, { command: "stop", keep: false }, 5000);
  await arrived;
  const closed = server.close();
  finish();
  assert.deepEqual(await answer, { ok: true, value: { ok: true, text: "stopped" } });
  await closed;
});

test("nobody listening is told apart from silence", async (t) => {
  const answer = await askDirector(
    join(tmpdir(), "keelson-nobody.sock"),
    { command: "status" },
    500,
  );
  assert.equal(!answer.ok && answer.fault.kind, "not-running");
  const [path] = await listen(t, () => new Promise(() => {}));
  const silence = await askDirector(path, { command: "status" }, 50);
  assert.equal(!silence.ok && silence.fault.kind, "no-answer");
});

test("readers of the event stream get the log as it happens", async (t) => {
  const [path, server] = await listen(t, async () => ({ ok: true, text: "" }));
  const abort = new AbortController();
  const texts: string[] = [];
  const following = followEvents(
    path,
    (event) => {
      texts.push(`${event.atMs} ${event.text}`);
      abort.abort();
    },
    abort.signal,
  );
  const publish = setInterval(
    () => server.publish({ level: "notice", kind: "k", text: "VI_1: MASTER" }, 7),
    10,
  );
  await following;
  clearInterval(publish);
  assert.equal(texts[0], "7 VI_1: MASTER");
});

test("stop keeps the director's work only when asked in so many words", () => {
  assert.deepEqual(parseControlRequest('{"command":"stop","keep":"yes"}'), {
    ok: true,
    value: { command: "stop", keep: false },
  });
});

test("lines are whole however the stream cuts them", () => {
  const splitter = new LineSplitter(10);
  const bytes = new TextEncoder().encode("äb\n\ncd\ne");
  const lines: string[] = [];
  for (const byte of bytes) lines.push(...splitter.push(Uint8Array.of(byte)));
  assert.deepEqual(lines, ["äb", "cd"]);
  splitter.push(new Uint8Array(10).fill(65));
  assert.equal(splitter.overlong, true);
});
