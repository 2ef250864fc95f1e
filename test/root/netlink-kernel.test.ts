import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { type IpAddress, parseIpAddress } from "../../src/base/address.ts";
import { present } from "../../src/base/assert.ts";
import { toHex } from "../../src/base/bytes.ts";
import type { Result } from "../../src/base/result.ts";
import { loadSyscalls } from "../../src/linux/ffi/syscalls.ts";
import { openNetlinkKernel } from "../../src/linux/netlink-kernel.ts";
import { openNetlinkRouting } from "../../src/linux/netlink-routing.ts";
import type { AddressFact } from "../../src/plan/operation.ts";
import type { AddressKernel, KernelChange, KernelFault } from "../../src/world/kernel.ts";
import type { RoutingChange, RoutingKernel } from "../../src/world/routing.ts";
import { eventually, VethPair } from "./veth-pair.ts";

const syscalls = loadSyscalls();
const skip = process.getuid?.() === 0 ? false : "needs root";

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

function must<Value>(result: Result<Value, KernelFault>): Value {
  assert.ok(result.ok, result.ok ? "" : result.fault.text);
  return result.value;
}

/** Runs `body` with both kinds of kernel opened at the left of a new pair of namespaces. */
async function withPair(
  tag: string,
  body: (pair: VethPair, kernel: AddressKernel, routing: RoutingKernel) => Promise<void> | void,
): Promise<void> {
  const pair = new VethPair(syscalls, tag);
  const kernel = pair.inside(pair.left, () => openNetlinkKernel(syscalls));
  const routing = pair.inside(pair.left, () => openNetlinkRouting(syscalls));
  try {
    await body(pair, kernel, routing);
  } finally {
    kernel.close();
    routing.close();
    pair.remove();
  }
}

function factsOf(kernel: AddressKernel, text: string): readonly AddressFact[] {
  return must(kernel.addresses()).filter((fact) => fact.address === text);
}

const vip: AddressFact = { address: address("10.77.0.100"), prefixLength: 24, interface: "veth0" };

test("links are read with name, state, kind and hardware address", { skip }, () =>
  withPair("n", (pair, kernel) => {
    const links = must(kernel.links());
    const veth = present(
      links.find((link) => link.name === "veth0"),
      "the veth is there",
    );
    assert.equal(veth.kind, "veth");
    assert.equal(veth.up, true);
    assert.equal(veth.mtu, 1500);
    assert.equal(veth.type, 1);
    const shown = pair.ip(pair.left, "-br", "link", "show", "veth0").split(/\s+/)[2] ?? "";
    assert.equal(toHex(veth.mac), shown.replaceAll(":", ""));
    const loopback = links.find((link) => link.name === "lo");
    assert.equal(loopback?.type, 772);
    assert.equal(loopback?.kind, undefined);
  }),
);

test("an address is added, read back and removed, and twice is not a fault", { skip }, () =>
  withPair("o", (pair, kernel) => {
    must(kernel.apply({ kind: "add-address", fact: vip }));
    must(kernel.apply({ kind: "add-address", fact: vip }));
    assert.deepEqual(factsOf(kernel, vip.address), [vip]);
    assert.match(pair.ip(pair.left, "addr", "show", "veth0"), /inet 10\.77\.0\.100\/24/);
    must(kernel.apply({ kind: "remove-address", fact: vip }));
    must(kernel.apply({ kind: "remove-address", fact: vip }));
    assert.deepEqual(factsOf(kernel, vip.address), []);
    assert.equal(kernel.changesSent, 4);
  }),
);

test("label, broadcast and scope survive the way to the kernel and back", { skip }, () =>
  withPair("p", (_pair, kernel) => {
    const fact: AddressFact = {
      ...vip,
      address: address("10.80.0.1"),
      label: "veth0:1",
      broadcast: address("10.80.0.255"),
      scope: 253,
    };
    must(kernel.apply({ kind: "add-address", fact }));
    assert.deepEqual(factsOf(kernel, fact.address), [fact]);
    must(kernel.apply({ kind: "remove-address", fact }));
    assert.deepEqual(factsOf(kernel, fact.address), []);
  }),
);

test("an IPv6 address is usable at once", { skip }, () =>
  withPair("q", (pair, kernel) => {
    const fact = { address: address("2001:db8::100"), prefixLength: 64, interface: "veth0" };
    must(kernel.apply({ kind: "add-address", fact }));
    assert.deepEqual(factsOf(kernel, fact.address), [fact]);
    assert.doesNotMatch(pair.ip(pair.left, "-6", "addr", "show", "tentative"), /2001:db8/);
    must(kernel.apply({ kind: "remove-address", fact }));
    assert.deepEqual(factsOf(kernel, fact.address), []);
  }),
);

test("a refusal names the call, the errno and the kernel's own words", { skip }, () =>
  withPair("r", (_pair, kernel) => {
    const nowhere = kernel.apply({ kind: "add-address", fact: { ...vip, interface: "absent0" } });
    assert.equal(nowhere.ok ? "added" : nowhere.fault.code, "ENODEV");
    must(kernel.apply({ kind: "remove-address", fact: { ...vip, interface: "absent0" } }));
    const label = "not-the-interface-name";
    const refused = kernel.apply({ kind: "add-address", fact: { ...vip, label } });
    assert.ok(!refused.ok);
    assert.equal(refused.fault.call, "RTM_NEWADDR");
    assert.ok(refused.fault.errno > 0);
    assert.match(refused.fault.text, /^RTM_NEWADDR: E[A-Z]+, /);
  }),
);

test("changes by others are told as they happen", { skip }, () =>
  withPair("s", async (pair, kernel) => {
    const changes: KernelChange[] = [];
    kernel.watch((change) => changes.push(change));
    const happened = (kind: string, holds: (change: KernelChange) => boolean): Promise<boolean> =>
      eventually(() => changes.some((change) => change.kind === kind && holds(change)));

    pair.ip(pair.left, "addr", "add", "10.77.0.100/24", "dev", "veth0");
    assert.ok(
      await happened("address-added", (c) => "fact" in c && c.fact.address === vip.address),
    );
    pair.ip(pair.left, "addr", "del", "10.77.0.100/24", "dev", "veth0");
    assert.ok(
      await happened("address-removed", (c) => "fact" in c && c.fact.address === vip.address),
    );
    pair.ip(pair.right, "link", "set", "veth0", "down");
    assert.ok(await happened("link", (c) => "link" in c && c.link.up && !c.link.carrier));
    pair.ip(pair.left, "link", "add", "br0", "type", "bridge");
    pair.ip(pair.left, "link", "set", "veth0", "master", "br0");
    assert.ok(await happened("link", (c) => "link" in c && c.link.master !== undefined));
    pair.ip(pair.left, "link", "set", "veth0", "nomaster");
    assert.ok(await happened("link", (c) => "link" in c && c.link.name === "veth0"));
    assert.ok(!changes.some((change) => change.kind === "link-gone"), "it only left its bridge");
    pair.ip(pair.left, "link", "del", "veth0");
    assert.ok(await happened("link-gone", (c) => "name" in c && c.name === "veth0"));
    assert.ok(
      await happened("address-removed", (c) => "fact" in c && c.fact.address === "10.77.0.1"),
    );
  }),
);

test("notifications that were lost are told as an overrun", { skip }, () =>
  withPair("t", async (pair, kernel) => {
    const changes: KernelChange[] = [];
    kernel.watch((change) => changes.push(change));
    // This process stands still while more is said than its socket can hold.
    const lines: string[] = [];
    for (let round = 0; round < 20; round++)
      for (const verb of ["add", "del"])
        for (let i = 1; i < 250; i++) lines.push(`addr ${verb} 10.78.0.${i}/32 dev veth0`);
    pair.batch(pair.left, lines);
    assert.ok(await eventually(() => changes.some((change) => change.kind === "overrun")));
  }),
);

test("a dump holds hundreds of addresses", { skip }, () =>
  withPair("u", (_pair, kernel) => {
    for (let i = 1; i < 251; i++)
      for (const third of [1, 2]) {
        const fact = { ...vip, address: address(`10.79.${third}.${i}`), prefixLength: 32 };
        must(kernel.apply({ kind: "add-address", fact }));
      }
    const found = must(kernel.addresses()).filter((fact) => fact.address.startsWith("10.79."));
    assert.equal(found.length, 500);
  }),
);

test("the route to a destination says interface, gateway and source", { skip }, () =>
  withPair("v", (pair, kernel, routing) => {
    pair.ip(pair.left, "route", "add", "default", "via", "10.77.0.2");
    const veth = must(kernel.links()).find((link) => link.name === "veth0");
    const interfaceIndex = veth?.index ?? 0;
    assert.deepEqual(must(routing.route(address("10.77.0.9"))), {
      interfaceIndex,
      local: false,
      preferredSource: "10.77.0.1",
    });
    assert.deepEqual(must(routing.route(address("192.0.2.1"))), {
      interfaceIndex,
      local: false,
      gateway: "10.77.0.2",
      preferredSource: "10.77.0.1",
    });
    assert.equal(must(routing.route(address("10.77.0.1"))).local, true);
    pair.ip(pair.left, "route", "add", "unreachable", "198.51.100.0/24");
    const nowhere = routing.route(address("198.51.100.1"));
    assert.equal(nowhere.ok ? "found" : nowhere.fault.code, "EHOSTUNREACH");
    const without = routing.route(address("2001:db8::1"));
    assert.equal(without.ok ? "found" : without.fault.code, "ENETUNREACH");
  }),
);

test("a neighbour is resolved and kept, and its coming is told", { skip }, () =>
  withPair("w", async (pair, kernel, routing) => {
    const changes: RoutingChange[] = [];
    routing.watch((change) => changes.push(change));
    const peer = address("10.77.0.2");
    const index = must(kernel.links()).find((link) => link.name === "veth0")?.index ?? 0;
    assert.deepEqual(must(routing.keepResolved(index, peer)), { managed: true });
    const resolved = await eventually(() =>
      changes.some(
        (c) =>
          c.kind === "neighbour" && c.neighbour.address === peer && c.neighbour.mac !== undefined,
      ),
    );
    assert.ok(resolved, "a notification brings the hardware address");
    const neighbour = must(routing.neighbours()).find((entry) => entry.address === peer);
    const shown = pair.ip(pair.right, "-br", "link", "show", "veth0").split(/\s+/)[2] ?? "";
    assert.equal(toHex(neighbour?.mac ?? new Uint8Array(0)), shown.replaceAll(":", ""));
    assert.equal(neighbour?.interfaceIndex, index);
    assert.deepEqual(must(routing.keepResolved(index, peer)), { managed: true });
    assert.match(pair.ip(pair.left, "neigh", "show", peer), /managed/);
    pair.ip(pair.left, "neigh", "del", peer, "dev", "veth0");
    assert.ok(await eventually(() => changes.some((c) => c.kind === "neighbour-gone")));
    pair.ip(pair.left, "route", "add", "192.0.2.0/24", "via", "10.77.0.2");
    assert.ok(await eventually(() => changes.some((c) => c.kind === "route")));
  }),
);

test("a permanent neighbour stays permanent", { skip }, () =>
  withPair("x", (pair, kernel, routing) => {
    const mac = "02:00:00:00:00:09";
    pair.ip(pair.left, "neigh", "add", "10.77.0.9", "lladdr", mac, "dev", "veth0");
    const index = must(kernel.links()).find((link) => link.name === "veth0")?.index ?? 0;
    assert.ok(routing.keepResolved(index, address("10.77.0.9")).ok);
    const entry = must(routing.neighbours()).find((found) => found.address === "10.77.0.9");
    assert.equal(entry?.state, "permanent");
    const nowhere = routing.keepResolved(999_999, address("10.77.0.9"));
    assert.equal(nowhere.ok ? "kept" : nowhere.fault.code, "ENODEV");
  }),
);

test("whether a link forwards IPv6 is told, and a change of it is news", { skip }, () =>
  withPair("y", async (pair, kernel) => {
    const forwards = (): boolean | undefined =>
      must(kernel.links()).find((link) => link.name === "veth0")?.ipv6Forwarding;
    const changes: KernelChange[] = [];
    kernel.watch((change) => changes.push(change));
    assert.equal(forwards(), false);
    pair.inside(pair.left, () => writeFileSync("/proc/sys/net/ipv6/conf/veth0/forwarding", "1"));
    assert.ok(await eventually(() => changes.some(({ kind }) => kind === "overrun")));
    assert.equal(forwards(), true);
  }),
);

test("an address with a lifetime tells its length and when it was renewed", { skip }, () =>
  withPair("y", async (_pair, kernel) => {
    must(kernel.apply({ kind: "add-address", fact: { ...vip, lifetimeS: 60 } }));
    const told = (): AddressFact => present(factsOf(kernel, vip.address)[0], "it is there");
    const first = told();
    assert.equal(first.leaseMs, 60_000);
    const firstMs = present(first.renewedAtMs, "it was renewed");
    assert.ok(firstMs <= syscalls.monotonicMs(), "never too late");
    const renewedLater = await eventually(() => {
      must(kernel.renew([{ ...vip, lifetimeS: 90 }]));
      return (told().renewedAtMs ?? 0) > firstMs;
    });
    assert.ok(renewedLater);
    assert.equal(told().leaseMs, 90_000);
    must(kernel.renew([vip]));
    assert.deepEqual(told(), vip, "without a lifetime it stays");
    must(kernel.apply({ kind: "remove-address", fact: vip }));
    must(kernel.renew([{ ...vip, lifetimeS: 60 }]));
    assert.equal(told().leaseMs, 60_000, "a renewal brings back what has gone");
  }),
);
