// An IPv6 instance on a real segment: who believed another station learns where the addresses are.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import { waitFor } from "../../src/lab/waiting.ts";
import { buildVrrpLab, instance, KeelsonRouter, whyNot } from "./vrrp-lab.ts";

const skip = whyNot() ?? false;
const VIP6 = "fd09::100" as IpAddress;
const EXCLUDED = "10.9.0.101" as IpAddress;
const STALE = "02:00:00:00:00:99";

test("neighbours take up both families of a new MASTER, and reach them", { skip }, async () => {
  const lab = await buildVrrpLab();
  try {
    const [a, c] = [lab.host("a"), lab.host("c")];
    for (const [i, host] of [a, c].entries()) {
      const settings = "/proc/sys/net/ipv6/conf/eth0";
      await host.shell(`echo 0 > ${settings}/accept_dad; echo 0 > ${settings}/disable_ipv6`);
      await host.shell(`ip -6 addr add fd09::${i + 1}/64 dev eth0 nodad`);
    }
    for (const address of [VIP6, EXCLUDED])
      await c.shell(`ip neigh replace ${address} lladdr ${STALE} dev eth0 nud stale`);
    const wish = instance({
      family: 6,
      multicastGroup: "ff02::12" as IpAddress,
      virtualAddresses: [
        { address: "fe80::100" as IpAddress, prefixLength: 64 },
        { address: VIP6, prefixLength: 64 },
      ],
      excludedAddresses: [{ address: EXCLUDED, prefixLength: 24 }],
    });
    const router = await KeelsonRouter.start(a, [wish]);
    await router.untilState("MASTER");
    const mac = /link\/ether (\S+)/.exec(await a.shell("ip link show dev eth0"))?.[1] ?? "none";
    for (const address of [VIP6, EXCLUDED]) {
      const look = async (): Promise<true | undefined> =>
        (await c.shell(`ip neigh show ${address} dev eth0`)).includes(mac) || undefined;
      assert.ok(await waitFor(look, { timeoutMs: 20_000, everyMs: 50 }), `${address} is at ${mac}`);
    }
    // A refusal comes from whoever has the address.
    const knock =
      "require('net').connect(9, process.argv[1]).on('error', (e) => console.log(e.code))";
    for (const address of [VIP6, EXCLUDED]) {
      const { stdout } = await c.run([process.execPath, "-e", knock, address]);
      assert.equal(stdout.trim(), "ECONNREFUSED");
    }
  } finally {
    await lab.close();
  }
});
