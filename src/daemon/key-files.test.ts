import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import { wishOfInstances } from "../model/vrrp-wish.ts";
import type { LogEvent } from "../world/log.ts";
import { withKeyFiles } from "./key-files.ts";

const written = "0123456789abcdef0123456789abcdef";

function keysOf(keys: readonly string[]): { keys: readonly string[]; log: readonly LogEvent[] } {
  const settings = {
    keys: keys.map((key, i) => ({ id: i + 1, key })),
    activeKey: 1,
    antiReplay: "time",
    mode: "enforce",
  } as const;
  const instance = { name: "VI_1", options: { hmac: settings } } as unknown as VrrpInstance;
  const log: LogEvent[] = [];
  const wish = withKeyFiles(wishOfInstances([instance]), {
    write: (event) => log.push(event),
  });
  return { keys: wish.instances[0]?.options?.hmac?.keys.map(({ key }) => key) ?? [], log };
}

test("a key of a file takes the place of its path; one that others may read does not", () => {
  const directory = mkdtempSync(join(tmpdir(), "keelson-keys-"));
  try {
    const path = join(directory, "key");
    writeFileSync(path, `${written}\n`, { mode: 0o600 });
    assert.deepEqual(keysOf([`file:${path}`, written]), { keys: [written, written], log: [] });
    chmodSync(path, 0o640);
    const open = keysOf([`file:${path}`]);
    assert.deepEqual(open.keys, [`file:${path}`]);
    assert.match(open.log[0]?.text ?? "", /^VI_1: key 1 of auth_hmac is of no use: .*chmod 600/);
    const missing = keysOf([`file:${path}.gone`]);
    assert.match(missing.log[0]?.text ?? "", /ENOENT/);
    assert.match(keysOf([`file:${directory}`]).log[0]?.text ?? "", /is no file/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
