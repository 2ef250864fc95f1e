import assert from "node:assert/strict";
import { test } from "node:test";
import { lowerTopology } from "./lower-topology.ts";

const whole = {
  segments: { front: ["192.0.2.0/24", "2001:db8::/64"], back: "10.0.0.0/24" },
  directors: {
    lb1: { eth0: "192.0.2.11/24", eth1: ["10.0.0.11/24", "fd00::11/64"] },
    lb2: { eth0: "192.0.2.12/24" },
  },
  realServers: {
    web1: { address: "10.0.0.21/24", gateway: "10.0.0.1" },
    web2: "10.0.0.22",
  },
  clients: ["198.51.100.0/24"],
};

test("a whole hint", () => {
  assert.deepEqual(lowerTopology(whole), {
    ok: true,
    value: {
      segments: [
        {
          name: "front",
          subnets: [
            { address: "192.0.2.0", prefixLength: 24 },
            { address: "2001:db8::", prefixLength: 64 },
          ],
        },
        { name: "back", subnets: [{ address: "10.0.0.0", prefixLength: 24 }] },
      ],
      directors: [
        {
          name: "lb1",
          addresses: [
            { address: "192.0.2.11", prefixLength: 24, interface: "eth0" },
            { address: "10.0.0.11", prefixLength: 24, interface: "eth1" },
            { address: "fd00::11", prefixLength: 64, interface: "eth1" },
          ],
        },
        {
          name: "lb2",
          addresses: [{ address: "192.0.2.12", prefixLength: 24, interface: "eth0" }],
        },
      ],
      realServers: [
        {
          name: "web1",
          addresses: [{ address: "10.0.0.21", prefixLength: 24 }],
          gateways: ["10.0.0.1"],
        },
        { name: "web2", addresses: [{ address: "10.0.0.22", prefixLength: 32 }], gateways: [] },
      ],
      clients: [{ address: "198.51.100.0", prefixLength: 24 }],
    },
  });
});

test("an empty mapping knows nothing, and is fine", () => {
  const lowered = lowerTopology({});
  assert.ok(lowered.ok && lowered.value.directors.length === 0);
});

test("every fault is found, with the keys that lead to it", () => {
  const lowered = lowerTopology({
    directers: {},
    directors: { lb1: { eth0: "192.0.2.11" } },
    realServers: { web1: { gateway: "10.0.0.256" } },
    clients: ["10.0.0.0/33", 7],
    segments: ["10.0.0.0/24"],
  });
  assert.deepEqual(
    lowered.ok ? [] : lowered.fault.map((one) => [one.path.join("."), one.message]),
    [
      ["directers", "there is no key `directers`: did you mean `directors`?"],
      ["segments", "names with a colon are due here, as in `lb1: ...`"],
      ["directors.lb1.eth0", "`192.0.2.11` has no prefix length, as in `192.0.2.11/24`"],
      ["realServers.web1", "a real server needs an `address`"],
      ["realServers.web1.gateway", "`10.0.0.256` is not an IP address"],
      ["clients.0", "the prefix length of `10.0.0.0/33` is outside 0 to 32"],
      ["clients.1", "an address is due here"],
    ],
  );
});

test("what is no mapping at all is told", () => {
  for (const value of [undefined, null, 7, "text", []]) {
    const lowered = lowerTopology(value);
    assert.ok(!lowered.ok && lowered.fault[0]?.message.includes("`directors:`"));
  }
});
