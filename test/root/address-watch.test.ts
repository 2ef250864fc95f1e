// Another machine that answers for a virtual address is noticed: in passing, and by asking.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import { waitFor } from "../../src/lab/waiting.ts";
import { openClaimNetwork } from "../../src/linux/claim-sockets.ts";
import { loadSyscalls } from "../../src/linux/ffi/syscalls.ts";
import { openNetlinkKernel } from "../../src/linux/netlink-kernel.ts";
import type { AddressClaim } from "../../src/world/claim-network.ts";
import { VethPair } from "./veth-pair.ts";

const skip = process.getuid?.() === 0 ? false : "needs root";

test("a probe finds who holds an address, in either family, and tells nothing of us", {
  skip,
}, async () => {
  const syscalls = loadSyscalls();
  const pair = new VethPair(syscalls, "aw");
  const claims: AddressClaim[] = [];
  try {
    pair.ip(pair.right, "address", "add", "10.77.0.100/24", "dev", pair.interface);
    pair.ip(pair.right, "-6", "address", "add", "fd77::100/64", "dev", pair.interface, "nodad");
    const socket = pair.inside(pair.left, () => {
      const network = openClaimNetwork(syscalls, openNetlinkKernel(syscalls));
      const opened = network.open(pair.interface, (claim) => claims.push(claim));
      assert.ok(opened.ok, opened.ok ? "" : opened.fault.text);
      return opened.value;
    });
    for (const address of ["10.77.0.100", "fd77::100"]) {
      const found = await waitFor(
        () => {
          socket.probe(address as IpAddress);
          return claims.find((claim) => claim.address === address);
        },
        { timeoutMs: 20_000, everyMs: 100 },
      );
      assert.ok(found, `${address} is claimed by nobody`);
      assert.equal(found.mac.length, 6);
    }
    const own = claims.filter(
      (claim) => claim.address.startsWith("10.77.0.1") && claim.address !== "10.77.0.100",
    );
    assert.deepEqual(own, []);
    socket.close();
  } finally {
    pair.remove();
  }
});
