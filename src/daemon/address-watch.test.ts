import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import { ok } from "../base/result.ts";
import type { Model } from "../model/model.ts";
import type { AddressClaim } from "../world/claim-network.ts";
import { AddressWatch } from "./address-watch.ts";

const VIP = "10.0.0.100" as IpAddress;
const STRANGER = Uint8Array.of(2, 0, 0, 0, 0, 9);

// Of a model, only what the watch looks at.
const model = {
  vrrpInstances: [
    {
      name: "VI_1",
      interface: "eth0",
      virtualAddresses: [{ address: VIP, prefixLength: 24 }],
      excludedAddresses: [],
    },
  ],
} as unknown as Model;

/** A watch with a clock and a link that the test moves. */
function stage(): {
  watch: AddressWatch;
  alarms: string[];
  probed: string[];
  claim(claim: AddressClaim): void;
  at(ms: number): void;
} {
  let nowMs = 0;
  let onClaim: (claim: AddressClaim) => void = () => undefined;
  const alarms: string[] = [];
  const probed: string[] = [];
  const watch = new AddressWatch({
    clock: { nowMs: () => nowMs, wallMs: () => nowMs },
    claims: {
      open: (_name, listener) => {
        onClaim = listener;
        return ok({ probe: (address) => void probed.push(address), close: () => undefined });
      },
    },
    onAlarm: ({ instance, active, text }) => void alarms.push(`${instance} ${active}: ${text}`),
  });
  watch.configure(model);
  return {
    watch,
    alarms,
    probed,
    claim: (claim) => onClaim(claim),
    at: (ms) => {
      nowMs = ms;
    },
  };
}

const become = (to: "MASTER" | "BACKUP") =>
  ({
    kind: "transition",
    instance: "VI_1",
    from: "BACKUP",
    to,
    cause: { kind: "k", text: "t" },
    atMs: 0,
  }) as const;

test("a claim of another machine is an alarm while this router holds the address, once", (t) => {
  const { watch, alarms, claim, at } = stage();
  t.after(() => watch.stop());
  claim({ address: VIP, mac: STRANGER });
  assert.deepEqual(alarms, [], "a BACKUP hears the MASTER");
  watch.hear(become("MASTER"));
  at(1000);
  claim({ address: VIP, mac: STRANGER });
  assert.deepEqual(alarms, [], "the former MASTER may still be heard");
  at(5000);
  claim({ address: "10.0.0.7" as IpAddress, mac: STRANGER });
  claim({ address: VIP, mac: STRANGER });
  claim({ address: VIP, mac: STRANGER });
  assert.deepEqual(alarms, [
    "VI_1 true: 02:00:00:00:00:09 answers for 10.0.0.100 on eth0, which this router holds",
  ]);
  watch.hear(become("BACKUP"));
  assert.equal(alarms[1], "VI_1 false: over: no other machine answers for the addresses");
});

test("whoever becomes MASTER asks who else has its addresses", (t) => {
  const { watch, probed } = stage();
  t.after(() => watch.stop());
  watch.hear(become("MASTER"));
  assert.deepEqual(probed, [VIP]);
});

test("hardware addresses of virtual routers are the routers' own affair", (t) => {
  const { watch, alarms, claim, at } = stage();
  t.after(() => watch.stop());
  watch.hear(become("MASTER"));
  at(5000);
  claim({ address: VIP, mac: Uint8Array.of(0, 0, 0x5e, 0, 1, 51) });
  assert.deepEqual(alarms, []);
});
