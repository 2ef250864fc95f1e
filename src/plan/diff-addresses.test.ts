import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { IpAddress } from "../base/address.ts";
import { describeAddress, describeOperation } from "./describe.ts";
import { diffAddresses } from "./diff-addresses.ts";
import type { AddressFact, AddressOperation } from "./operation.ts";

function fact(text: string, more: Partial<AddressFact> = {}): AddressFact {
  const [address = "", length = "32"] = text.split("/");
  return {
    address: address as IpAddress,
    prefixLength: Number(length),
    interface: "eth0",
    ...more,
  };
}

function lines(operations: readonly AddressOperation[]): string[] {
  return operations.map(describeOperation);
}

test("missing addresses are added in the order of the wish", () => {
  const wish = [fact("10.0.0.9"), fact("10.0.0.3/24")];
  assert.deepEqual(lines(diffAddresses(wish, [], [], wish)), [
    "add 10.0.0.9/32 on eth0",
    "add 10.0.0.3/24 on eth0",
  ]);
});

test("an address that is not desired goes only if a configuration may have placed it", () => {
  const observed = [fact("10.0.0.3"), fact("192.0.2.1/24")];
  assert.deepEqual(lines(diffAddresses([], [], observed, [fact("10.0.0.3")])), [
    "remove 10.0.0.3/32 on eth0",
  ]);
});

test("undecided addresses are neither added nor removed", () => {
  const vip = fact("10.0.0.3");
  assert.deepEqual(diffAddresses([], [vip], [vip], [vip]), []);
  assert.deepEqual(diffAddresses([], [vip], [], [vip]), []);
});

test("an address that moves to another interface is there before it is taken away here", () => {
  const here = fact("10.0.0.3");
  const there = fact("10.0.0.3", { interface: "eth1" });
  assert.deepEqual(lines(diffAddresses([there], [], [here], [here, there])), [
    "add 10.0.0.3/32 on eth1",
    "remove 10.0.0.3/32 on eth0",
  ]);
});

test("what the wish leaves open matches anything; what it names must match", () => {
  const found = fact("10.0.0.3", { label: "eth0:1", scope: 0 });
  assert.deepEqual(diffAddresses([fact("10.0.0.3")], [], [found], []), []);
  const labelled = fact("10.0.0.3", { label: "eth0:2" });
  assert.deepEqual(lines(diffAddresses([labelled], [], [found], [])), [
    "remove 10.0.0.3/32 on eth0",
    "add 10.0.0.3/32 on eth0",
  ]);
});

const anyFact: fc.Arbitrary<AddressFact> = fc
  .record({
    last: fc.integer({ min: 1, max: 5 }),
    prefixLength: fc.constantFrom(24, 32),
    interface: fc.constantFrom("eth0", "eth1"),
    scope: fc.constantFrom(0, 253),
  })
  .map(({ last, ...rest }) => ({ address: `10.0.0.${last}` as IpAddress, ...rest }));
const facts = fc.uniqueArray(anyFact, { selector: describeAddress, maxLength: 12 });

/** What a kernel does with the operations. */
function applyAll(
  observed: readonly AddressFact[],
  operations: readonly AddressOperation[],
): readonly AddressFact[] {
  const held = new Map(observed.map((one) => [describeAddress(one), one]));
  for (const operation of operations) {
    const key = describeAddress(operation.fact);
    assert.equal(held.has(key), operation.kind === "remove-address", describeOperation(operation));
    if (operation.kind === "add-address") held.set(key, operation.fact);
    else held.delete(key);
  }
  return [...held.values()];
}

test("property: after the operations the kernel has the wish, and foreign addresses as before", () => {
  fc.assert(
    fc.property(facts, facts, facts, facts, (desired, undecided, observed, managed) => {
      const after = applyAll(observed, diffAddresses(desired, undecided, observed, managed));
      const managedKeys = new Set(managed.map(describeAddress));
      const undecidedKeys = new Set(undecided.map(describeAddress));
      const wishKeys = new Set(desired.map(describeAddress));
      const stays = observed.filter((one) => {
        const key = describeAddress(one);
        return !wishKeys.has(key) && (undecidedKeys.has(key) || !managedKeys.has(key));
      });
      const byKey = (a: AddressFact, b: AddressFact): number =>
        describeAddress(a) < describeAddress(b) ? -1 : 1;
      assert.deepEqual([...after].sort(byKey), [...desired, ...stays].sort(byKey));
      assert.deepEqual(diffAddresses(desired, undecided, after, managed), []);
    }),
  );
});
