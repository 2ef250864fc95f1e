// The table of the kernel's IPVS: what the engine writes is what the real ipvsadm reads, and the reverse.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Service } from "../../../src/model/balancer-table.ts";
import { schedulerNames, type VirtualServerKey } from "../../../src/model/virtual-server.ts";
import { diffTable } from "../../../src/plan/diff-table.ts";
import type { EngineFault } from "../../../src/world/engine.ts";
import {
  address,
  destinationOf,
  fill,
  ipvsadm,
  keyOf,
  openEngine,
  rules,
  serviceOf,
  value,
} from "./ipvs-stage.ts";

afterEach(() => void ipvsadm("-C"));

/** All that this kernel has. */
const schedulers = schedulerNames.filter((name) => name !== "twos");
const mark4: VirtualServerKey = { kind: "fwmark", fwmark: 7, family: 4 };
const mark6: VirtualServerKey = { kind: "fwmark", fwmark: 4_000_000_000, family: 6 };

/** Services of every kind, and the rules of `ipvsadm -Sn` that say the same. */
const everything: readonly (readonly [Service, readonly string[]])[] = [
  [
    serviceOf(keyOf("192.0.2.1", 80), {
      scheduler: "rr",
      destinations: [
        destinationOf("198.51.100.2", 8080, { weight: 3, upperThreshold: 100, lowerThreshold: 50 }),
        destinationOf("198.51.100.1", 80, { forwarding: "DR" }),
        destinationOf("198.51.100.3", 80, { forwarding: "TUN", weight: 0 }),
        destinationOf("198.51.100.4", 80, {
          forwarding: "TUN",
          tunnel: { type: "gue", port: 6080, checksum: "full" },
        }),
        destinationOf("198.51.100.5", 80, {
          forwarding: "TUN",
          tunnel: { type: "gue", port: 6081, checksum: "remote" },
        }),
        destinationOf("198.51.100.6", 80, {
          forwarding: "TUN",
          tunnel: { type: "gre", checksum: "full" },
        }),
        destinationOf("198.51.100.7", 80, {
          forwarding: "TUN",
          tunnel: { type: "gre", checksum: "none" },
        }),
        destinationOf("198.51.100.8", 80, { weight: 2_147_483_647 }),
      ],
    }),
    [
      "-A -t 192.0.2.1:80 -s rr",
      "-a -t 192.0.2.1:80 -r 198.51.100.1:80 -g -w 1",
      "-a -t 192.0.2.1:80 -r 198.51.100.2:8080 -m -w 3",
      "-a -t 192.0.2.1:80 -r 198.51.100.3:80 -i -w 0 --tun-type ipip",
      "-a -t 192.0.2.1:80 -r 198.51.100.4:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum",
      "-a -t 192.0.2.1:80 -r 198.51.100.5:80 -i -w 1 --tun-type gue --tun-port 6081 --tun-remcsum",
      "-a -t 192.0.2.1:80 -r 198.51.100.6:80 -i -w 1 --tun-type gre --tun-csum",
      "-a -t 192.0.2.1:80 -r 198.51.100.7:80 -i -w 1 --tun-type gre --tun-nocsum",
      "-a -t 192.0.2.1:80 -r 198.51.100.8:80 -m -w 2147483647",
    ],
  ],
  [
    serviceOf(keyOf("192.0.2.2", 443), { persistenceTimeoutS: 600, persistencePrefixLength: 24 }),
    ["-A -t 192.0.2.2:443 -s wlc -p 600 -M 255.255.255.0"],
  ],
  [
    serviceOf(keyOf("192.0.2.3", 443), { scheduler: "sh", schedulerFlags: [1, 2] }),
    ["-A -t 192.0.2.3:443 -s sh -b sh-fallback,sh-port"],
  ],
  [
    serviceOf(keyOf("192.0.2.4", 0), {
      scheduler: "rr",
      persistenceTimeoutS: 360,
      schedulerFlags: [1, 3],
    }),
    ["-A -t 192.0.2.4:0 -s rr -p 360 -b flag-1,flag-3"],
  ],
  [
    serviceOf(keyOf("192.0.2.1", 53, "UDP"), { scheduler: "wrr", onePacket: true }),
    ["-A -u 192.0.2.1:53 -s wrr -o"],
  ],
  [
    serviceOf(keyOf("192.0.2.5", 132, "SCTP"), { scheduler: "lc" }),
    ["-A --sctp-service 192.0.2.5:132 -s lc"],
  ],
  [
    serviceOf(keyOf("2001:db8::1", 80), {
      scheduler: "fo",
      persistenceTimeoutS: 300,
      persistencePrefixLength: 64,
      destinations: [
        destinationOf("2001:db8:1::1", 80, { forwarding: "DR" }),
        destinationOf("198.51.100.9", 80, { forwarding: "TUN" }),
      ],
    }),
    [
      "-A -t [2001:db8::1]:80 -s fo -p 300 -M 64",
      "-a -t [2001:db8::1]:80 -r 198.51.100.9:80 -i -w 1 --tun-type ipip",
      "-a -t [2001:db8::1]:80 -r [2001:db8:1::1]:80 -g -w 1",
    ],
  ],
  [
    serviceOf(mark4, {
      scheduler: "nq",
      destinations: [destinationOf("198.51.100.1", 0, { forwarding: "DR" })],
    }),
    ["-A -f 7 -s nq", "-a -f 7 -r 198.51.100.1:0 -g -w 1"],
  ],
  [
    serviceOf(mark6, {
      scheduler: "sed",
      destinations: [destinationOf("2001:db8:1::1", 0)],
    }),
    ["-A -f -294967296 -6 -s sed", "-a -f -294967296 -6 -r [2001:db8:1::1]:0 -m -w 1"],
  ],
];

function sorted(services: readonly Service[]): readonly string[] {
  return services
    .map((service) => JSON.stringify(service, Object.keys(service).toSorted()))
    .toSorted();
}

test("what the engine writes is what ipvsadm reads", async () => {
  const engine = await openEngine();
  await fill(
    engine,
    everything.map(([service]) => service),
  );
  assert.deepEqual(rules().toSorted(), everything.flatMap(([, lines]) => lines).toSorted());
  assert.match(ipvsadm("-Ln --thresholds"), /198\.51\.100\.2:8080 +100 +50 +0 +0/);
  const observed = value(await engine.observe()).services;
  assert.deepEqual(sorted(observed), sorted(everything.map(([service]) => service)));
  for (const [service] of everything)
    assert.deepEqual(
      observed.find(({ key }) => JSON.stringify(key) === JSON.stringify(service.key)),
      service,
    );
  await engine.close();
  assert.ok(rules().length > 0, "the kernel forwards on when the engine is closed");
});

test("what ipvsadm writes is what the engine reads, destinations in the order of their addition", async () => {
  for (const [service, lines] of everything) {
    const inOrder = lines.toSorted((a, b) => position(service, a) - position(service, b));
    for (const line of inOrder)
      ipvsadm(
        `${line}${line.includes("8080") ? " -x 100 -y 50" : ""}`.replace(
          "-294967296",
          "4000000000",
        ),
      );
  }
  const engine = await openEngine();
  assert.deepEqual(
    sorted(value(await engine.observe()).services),
    sorted(everything.map(([service]) => service)),
  );
  await engine.close();
});

/** Where the destination of a rule is in a service; -1 of the service itself. */
function position(service: Service, line: string): number {
  return service.destinations.findIndex((one) => {
    const host = one.address.includes(":") ? `[${one.address}]` : one.address;
    return line.includes(`-r ${host}:${one.port} `);
  });
}

test("every scheduler of the kernel", async () => {
  const engine = await openEngine();
  const services = schedulers.map((scheduler, i) =>
    serviceOf(keyOf("192.0.2.1", 1000 + i), { scheduler }),
  );
  await fill(engine, services);
  assert.deepEqual(
    rules(),
    schedulers.map((scheduler, i) => `-A -t 192.0.2.1:${1000 + i} -s ${scheduler}`),
  );
  await engine.close();
});

test("changes: a service and a destination are as said, and keep their place", async () => {
  const engine = await openEngine();
  const key = keyOf("192.0.2.1", 80);
  const [a, b] = [destinationOf("198.51.100.1", 80), destinationOf("198.51.100.2", 80)];
  const service = serviceOf(key, { scheduler: "sh", schedulerFlags: [1], destinations: [a, b] });
  await fill(engine, [service]);
  const changed = serviceOf(key, { scheduler: "rr", persistenceTimeoutS: 60 });
  value(await engine.apply({ kind: "change-service", service: changed }));
  const heavier = { ...a, weight: 9, upperThreshold: 5 };
  value(await engine.apply({ kind: "change-destination", key, destination: heavier }));
  assert.deepEqual(rules(), [
    "-A -t 192.0.2.1:80 -s rr -p 60",
    "-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 9",
    "-a -t 192.0.2.1:80 -r 198.51.100.2:80 -m -w 1",
  ]);
  assert.deepEqual(value(await engine.observe()).services, [
    { ...changed, destinations: [heavier, b] },
  ]);
  value(await engine.apply({ kind: "remove-destination", key, address: a.address, port: 80 }));
  assert.equal(rules().length, 2);
  value(await engine.apply({ kind: "remove-service", key }));
  assert.deepEqual(rules(), []);
  await engine.close();
});

async function faultOf(
  act: Promise<{ readonly ok: boolean; readonly fault?: EngineFault }>,
): Promise<readonly [string, string | undefined]> {
  const done = await act;
  assert.ok(!done.ok && done.fault !== undefined, "it is refused");
  return [done.fault.kind, done.fault.code];
}

test("refusals carry the kernel's meaning", async () => {
  const engine = await openEngine();
  const key = keyOf("192.0.2.1", 80);
  const service = serviceOf(key);
  const destination = destinationOf("198.51.100.1", 80);
  const remove = {
    kind: "remove-destination",
    key,
    address: destination.address,
    port: 80,
  } as const;
  const change = { kind: "change-destination", key, destination } as const;
  const add = { kind: "add-destination", key, destination } as const;
  assert.deepEqual(await faultOf(engine.apply(add)), ["not-found", "ESRCH"]);
  assert.deepEqual(await faultOf(engine.apply({ kind: "change-service", service })), [
    "not-found",
    "ESRCH",
  ]);
  assert.deepEqual(await faultOf(engine.apply({ kind: "remove-service", key })), [
    "not-found",
    "ESRCH",
  ]);
  assert.deepEqual(await faultOf(engine.zero(key)), ["not-found", "ESRCH"]);
  await fill(engine, [service]);
  assert.deepEqual(await faultOf(engine.apply({ kind: "add-service", service })), [
    "exists",
    "EEXIST",
  ]);
  assert.deepEqual(await faultOf(engine.apply(remove)), ["not-found", "ENOENT"]);
  assert.deepEqual(await faultOf(engine.apply(change)), ["not-found", "ENOENT"]);
  value(await engine.apply(add));
  assert.deepEqual(await faultOf(engine.apply(add)), ["exists", "EEXIST"]);
  const twos = serviceOf(keyOf("192.0.2.2", 80), { scheduler: "twos" });
  const unknown = await engine.apply({ kind: "add-service", service: twos });
  assert.match(unknown.ok ? "" : unknown.fault.text, /this kernel has no scheduler ip_vs_twos/);
  const upsideDown = { ...destination, port: 81, upperThreshold: 5, lowerThreshold: 9 };
  assert.deepEqual(
    await faultOf(engine.apply({ kind: "add-destination", key, destination: upsideDown })),
    ["syscall-failed", "ERANGE"],
  );
  const multicast = { ...destination, address: address("224.0.0.1") };
  assert.deepEqual(
    await faultOf(engine.apply({ kind: "add-destination", key, destination: multicast })),
    ["syscall-failed", "EINVAL"],
  );
  await engine.close();
});

test("FULLNAT is not the kernel's, and the refusal says what is", async () => {
  const engine = await openEngine();
  const key = keyOf("192.0.2.1", 80);
  await fill(engine, [serviceOf(key)]);
  const destination = destinationOf("198.51.100.1", 80, { forwarding: "FULLNAT" });
  for (const kind of ["add-destination", "change-destination"] as const) {
    const done = await engine.apply({ kind, key, destination });
    assert.equal(done.ok ? "" : done.fault.kind, "not-supported");
    assert.match(done.ok ? "" : done.fault.text, /FULLNAT.*lb_engine xdp/);
  }
  await engine.close();
});

test("a service of a group is there, and nothing is left to wish, though the kernel knows no groups", async () => {
  const engine = await openEngine();
  const service = serviceOf(keyOf("192.0.2.1", 80), {
    persistenceTimeoutS: 60,
    persistenceGroup: 5,
  });
  await fill(engine, [service]);
  assert.deepEqual(rules(), ["-A -t 192.0.2.1:80 -s wlc -p 60"]);
  assert.deepEqual(diffTable({ services: [service] }, value(await engine.observe())), []);
  await engine.close();
});

test("a flush takes out what anybody has put in", async () => {
  ipvsadm("-A -t 192.0.2.1:80 -s rr");
  const engine = await openEngine();
  value(engine.flush());
  assert.deepEqual(rules(), []);
  await engine.close();
});

test("a thousand services are read whole", async () => {
  const engine = await openEngine();
  const services = Array.from({ length: 1000 }, (_, i) =>
    serviceOf(keyOf("192.0.2.1", 1000 + i), {
      scheduler: "rr",
      destinations: [destinationOf("198.51.100.1", 80), destinationOf("198.51.100.2", 80)],
    }),
  );
  await fill(engine, services);
  assert.deepEqual(sorted(value(await engine.observe()).services), sorted(services));
  assert.equal(rules().length, 3000);
  await engine.close();
});
