// Another machine that answers for a virtual address is noticed: in passing, and by asking.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import { waitFor } from "../../src/lab/waiting.ts";
import { openClaimNetwork } from "../../src/linux/claim-sockets.ts";
import { socketConstants as c, encodeSockaddrLl } from "../../src/linux/ffi/socket-address.ts";
import { loadSyscalls, type Syscalls } from "../../src/linux/ffi/syscalls.ts";
import { openNetlinkKernel } from "../../src/linux/netlink-kernel.ts";
import type { AddressClaim } from "../../src/world/claim-network.ts";
import { VethPair } from "./veth-pair.ts";

const skip = process.getuid?.() === 0 ? false : "needs root";

const icmpv6 = 58;
const advertisement = 136;

/** Everything that passes on an interface. */
function openOnlooker(
  syscalls: Syscalls,
  name: string,
): { readonly frames: () => readonly Uint8Array[] } {
  const fd = syscalls.socket(c.AF_PACKET, c.SOCK_RAW | c.SOCK_NONBLOCK, 0);
  const address = encodeSockaddrLl(syscalls.ifNameToIndex(name));
  address.set([0, 3], 2);
  assert.ok(syscalls.bind(fd, address) >= 0);
  return {
    frames() {
      const found: Uint8Array[] = [];
      const buffer = new Uint8Array(2048);
      for (;;) {
        const length = syscalls.recvfrom(fd, buffer, 0, null);
        if (length < 0) break;
        found.push(buffer.slice(0, length));
      }
      syscalls.close(fd);
      return found;
    },
  };
}

test("a probe finds who holds an address, in either family, and nobody else hears the answer", {
  skip,
}, async () => {
  const syscalls = loadSyscalls();
  const pair = new VethPair(syscalls, "aw");
  const claims: AddressClaim[] = [];
  try {
    pair.ip(pair.right, "address", "add", "10.77.0.100/24", "dev", pair.interface);
    pair.ip(pair.right, "-6", "address", "add", "fd77::100/64", "dev", pair.interface, "nodad");
    const onlooker = pair.inside(pair.left, () => openOnlooker(syscalls, pair.interface));
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
    const answers = onlooker
      .frames()
      .filter((frame) => frame[20] === icmpv6 && frame[54] === advertisement);
    assert.ok(answers.length > 0, "the neighbour advertisement was seen");
    for (const frame of answers) assert.equal((frame[0] ?? 1) & 1, 0, "it went to nobody else");
    socket.close();
  } finally {
    pair.remove();
  }
});
