// `keelson vrrp sniff` on a segment with the real keepalived, and with a router of another cluster.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildVrrpLab, instance, startKeepalived, untilHolding, whyNot } from "./vrrp-lab.ts";

const skip = whyNot() ?? false;
const keelson = fileURLToPath(new URL("../../../bin/keelson", import.meta.url));

interface Page {
  readonly routers: readonly {
    readonly vrid: number;
    readonly senders: readonly { readonly source: string; readonly own: boolean }[];
    readonly conflicts: readonly { readonly kind: string; readonly text: string }[];
  }[];
}

test("it sees who advertises, from either side, and names two clusters with one VRID", {
  skip,
}, async () => {
  const lab = await buildVrrpLab();
  try {
    const [a, b, c] = [lab.host("a"), lab.host("b"), lab.host("c")];
    const sniff = async (host: typeof a, ...options: string[]): Promise<string> => {
      const run = await host.run([process.execPath, keelson, "vrrp", "sniff", ...options]);
      assert.equal(run.code, 0, run.stderr);
      return run.stdout;
    };
    const authentication = { type: "PASS", password: "hidden" } as const;
    const wish = instance({ version: 2, advertIntervalCs: 100, authentication });
    await startKeepalived(a, wish);
    await untilHolding(a);
    const alone = JSON.parse(await sniff(a, "-i", "eth0", "--seconds", "4", "--json")) as Page;
    assert.deepEqual(
      alone.routers.map(({ vrid, senders, conflicts }) => ({
        vrid,
        senders: senders.length,
        conflicts,
      })),
      [{ vrid: 51, senders: 1, conflicts: [] }],
    );
    assert.equal(alone.routers[0]?.senders[0]?.own, true);
    const addresses = [{ address: "10.9.0.200", prefixLength: 32 }] as unknown;
    await startKeepalived(b, {
      ...wish,
      virtualAddresses: addresses as typeof wish.virtualAddresses,
    });
    await untilHolding(b, true, "10.9.0.200");
    const page = await sniff(c, "--seconds", "6");
    assert.match(page, /10\.9\.0\.1 .*2, IPv4 +100 +1 s +PASS/);
    assert.match(page, /two-clusters: 10\.9\.0\.2 and 10\.9\.0\.1 have no address in common/);
    assert.doesNotMatch(page, /hidden|68696464656e/);
    const missing = await c.run([process.execPath, keelson, "vrrp", "sniff", "-i", "nowhere"]);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /there is no interface nowhere/);
  } finally {
    await lab.close();
  }
});
