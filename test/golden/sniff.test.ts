// Each case of test/golden/sniff: packets, one a line (second, interface, in or out, hardware address, the
// IP packet in hexadecimal; # begins a comment), a line of dashes, and the page that `keelson vrrp sniff`
// prints at second 10. `UPDATE_GOLDEN=1` writes the pages anew.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { fromHex } from "../../src/base/bytes.ts";
import { paintNothing } from "../../src/cli/paint.ts";
import { renderSniff, sniffAsJson } from "../../src/cli/render-sniff.ts";
import { Observer } from "../../src/vrrp/sniff/observer.ts";
import { readSighting } from "../../src/vrrp/sniff/sighting.ts";

const folder = fileURLToPath(new URL("../../../test/golden/sniff", import.meta.url));
const separator = "----------\n";
const nowMs = 10_000;
const cases = readdirSync(folder).filter((name) => name.endsWith(".case"));
assert.ok(cases.length > 0);

function observe(lines: readonly string[]): Observer {
  const observer = new Observer();
  for (const line of lines) {
    const [second, device, way, mac, ...hex] = line.split(" ");
    if (line === "" || line.startsWith("#")) continue;
    const packet = {
      interface: device ?? "",
      outgoing: way === "out",
      mac: mac ?? "",
      atMs: Number(second) * 1000,
      bytes: fromHex(hex.join("")),
    };
    observer.see(readSighting(packet));
  }
  return observer;
}

for (const name of cases)
  test(`the page of ${name}`, () => {
    const file = join(folder, name);
    const [packets = "", expected] = readFileSync(file, "utf8").split(separator);
    const observer = observe(packets.split("\n"));
    const page = { paint: paintNothing, width: 100, nowMs, unreadable: observer.unreadable };
    const text = `${renderSniff(observer.routers(nowMs), page).join("\n")}\n`;
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, packets + separator + text);
    else assert.equal(text, expected);
    const json = JSON.stringify(sniffAsJson(observer.routers(nowMs), page));
    for (const secret of ["secret", "736563726574", "6f74686572"]) {
      assert.ok(!text.includes(secret), "no password is shown");
      assert.ok(!json.includes(secret), "no password is shown");
    }
  });
