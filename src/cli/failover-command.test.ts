import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { runFailover } from "./failover-command.ts";

const became = (state: string, text: string) => ({
  ok: true,
  status: {
    vrrpInstances: [{ name: "VI_1", state, advertIntervalCs: 1, cause: { kind: "k", text } }],
  },
});

/** Runs the command against a director that answers in turn; the last answer stays. */
async function ask(
  t: TestContext,
  ...answers: readonly unknown[]
): Promise<{ readonly status: number; readonly said: readonly string[] }> {
  const directory = mkdtempSync(join(tmpdir(), "keelson-failover-"));
  let count = 0;
  const server = createServer((socket) => {
    socket.on("data", () =>
      socket.end(`${JSON.stringify(answers[Math.min(count++, answers.length - 1)])}\n`),
    );
  });
  await new Promise<void>((resolve) => server.listen(join(directory, "control.sock"), resolve));
  t.after(() => {
    server.close();
    rmSync(directory, { recursive: true });
  });
  const said: string[] = [];
  for (const method of ["log", "error"] as const)
    t.mock.method(console, method, (line: string) => void said.push(line));
  const status = await runFailover(["VI_1", "--run-dir", directory]);
  t.mock.restoreAll();
  return { status, said };
}

const begun = { ok: true, text: "VI_1: giving up the addresses" };

test("it waits for a successor, and says who it is", async (t) => {
  const waits = became("MASTER", "no advert");
  const over = became("BACKUP", "gave up the addresses by request; 192.0.2.3 took over");
  assert.deepEqual(await ask(t, begun, waits, waits, over), {
    status: 0,
    said: [
      "VI_1: giving up the addresses",
      "VI_1: BACKUP: gave up the addresses by request; 192.0.2.3 took over",
    ],
  });
});

test("where nobody takes over it fails, and so it does where it is refused", async (t) => {
  assert.deepEqual(await ask(t, begun, became("MASTER", "no advert")), {
    status: 1,
    said: [
      "VI_1: giving up the addresses",
      "keelson: VI_1: still MASTER: no other router took over",
    ],
  });
  const refused = await ask(t, { ok: false, error: "VI_1 is BACKUP here, not MASTER" });
  assert.deepEqual(refused, {
    status: 1,
    said: ["keelson: VI_1 is BACKUP here, not MASTER"],
  });
});
