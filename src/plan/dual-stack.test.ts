import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import { expandDualStack } from "./dual-stack.ts";

const ip = (text: string): IpAddress => text as IpAddress;
const plain: VrrpInstance = {
  name: "VI_1",
  interface: "eth0",
  vrid: 51,
  version: 2,
  family: 4,
  initialState: "BACKUP",
  priority: 150,
  advertIntervalCs: 100,
  authentication: { type: "PASS", password: "secret" },
  preempt: true,
  preemptDelayMs: 0,
  multicastGroup: ip("224.0.0.18"),
  virtualAddresses: [{ address: ip("10.0.0.100"), prefixLength: 24 }],
  excludedAddresses: [],
  trackedScripts: [],
  trackedInterfaces: [],
  garp: { delayMs: 0, repeat: 5, refreshMs: 0, refreshRepeat: 1 },
};
const dual: VrrpInstance = {
  ...plain,
  sourceAddress: ip("10.0.0.1"),
  options: { secondFamily: [{ address: ip("2001:db8::100"), prefixLength: 64 }] },
};

test("an instance of one family stays as it is", () => {
  assert.deepEqual(expandDualStack([plain], []), { instances: [plain], syncGroups: [] });
});

test("the second family has adverts of its own with the same VRID, in version 3", () => {
  const [, second] = expandDualStack([dual], []).instances;
  assert.equal(second?.name, "VI_1/ipv6");
  assert.equal(second?.vrid, 51);
  assert.equal(second?.version, 3);
  assert.equal(second?.multicastGroup, "ff02::12");
  assert.deepEqual(second?.authentication, { type: "none" });
  assert.equal(second?.sourceAddress, undefined);
  assert.deepEqual(
    second?.virtualAddresses.map(({ address }) => address),
    ["2001:db8::100"],
  );
  assert.equal(second?.options?.halfOf, "VI_1");
});

test("both halves move together, in the instance's own sync group where it has one", () => {
  const [implied] = expandDualStack([dual], []).syncGroups;
  assert.deepEqual([implied?.members, implied?.implied], [["VI_1", "VI_1/ipv6"], true]);
  const group = {
    name: "G",
    members: ["VI_0", "VI_1"],
    tracking: { interfaces: [], scripts: [], files: [], processes: [], bfdSessions: [] },
    weights: false,
    notify: {},
  };
  const member = { ...dual, options: { ...dual.options, syncGroup: "G" } };
  const [joined] = expandDualStack([member], [group]).syncGroups;
  assert.deepEqual([joined?.members, joined?.implied], [["VI_0", "VI_1", "VI_1/ipv6"], undefined]);
});

test("unicast peers go to the half of their family", () => {
  const unicast = {
    source: ip("10.0.0.1"),
    peers: [{ address: ip("10.0.0.2") }, { address: ip("2001:db8::2") }],
    ttl: 255,
    checkSource: true,
    faultWithoutPeers: false,
  };
  const { instances } = expandDualStack([{ ...dual, options: { ...dual.options, unicast } }], []);
  assert.deepEqual(
    instances.map(({ options }) => [options?.unicast?.source, options?.unicast?.peers]),
    [
      ["10.0.0.1", [{ address: "10.0.0.2" }]],
      [undefined, [{ address: "2001:db8::2" }]],
    ],
  );
});
