import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfiguration } from "../load-configuration.ts";
import { type CoveredKeyword, coverage } from "./coverage.ts";

function covered(text: string): readonly CoveredKeyword[] {
  const { configuration } = loadConfiguration({
    path: "k.conf",
    readFile: () => ({ ok: true, value: text }),
  });
  assert.ok(configuration !== undefined);
  return coverage(configuration.root);
}

const text = `static_routes {
    192.0.2.0/24 via 10.0.0.1
}
vrrp_instance A {
    priority 100
    virtual_ipaddress {
        10.0.0.1/24 dev eth0 no_track
    }
}
vrrp_instance B {
    priority 90
}
`;

test("every keyword is told once, with all its places", () => {
  const priority = covered(text).find(({ keyword }) => keyword === "priority");
  assert.equal(priority?.acts, true);
  assert.equal(priority?.block, "vrrp_instance");
  assert.deepEqual(
    priority?.lines.map(({ line }) => line),
    [5, 11],
  );
});

test("a keyword inside a block that nobody acts on is not acted on, and options of lines count too", () => {
  const acts = new Map(covered(text).map((found) => [`${found.block} ${found.keyword}`, found]));
  const via = acts.get("static_routes via");
  const dev = acts.get("vrrp_instance/virtual_ipaddress dev");
  const noTrack = acts.get("vrrp_instance/virtual_ipaddress no_track");
  // Holds as long as the table says that static routes are not installed.
  const routes = acts.get("/ static_routes");
  assert.equal(via?.acts, routes?.acts);
  assert.equal(dev?.acts, true);
  assert.equal(noTrack?.missing === undefined, noTrack?.acts === true);
});
