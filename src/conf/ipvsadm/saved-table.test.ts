import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ipAddressFromBytes } from "../../base/address.ts";
import { loadAnyConfiguration } from "../load-any-configuration.ts";
import { parseSavedTable } from "./parse-saved-table.ts";
import { printSavedTable } from "./print-saved-table.ts";
import { type SavedServer, type SavedService, servicesOf } from "./saved-table.ts";
import { compareKeys, compareServers, keyIdentity } from "./sort-table.ts";
import { savedServicesOf } from "./table-of-model.ts";
import { readSavedTable } from "./translate-table.ts";

/** A table as `ipvsadm -Sn` printed it; every kind of service, in its order. */
const saved = `-A -t 192.168.1.100:80 -s rr
-a -t 192.168.1.100:80 -r 10.0.0.11:8080 -m -w 3
-a -t 192.168.1.100:80 -r 10.0.0.12:80 -g -w 1
-a -t 192.168.1.100:80 -r 10.0.0.14:80 -i -w 0 --tun-type ipip
-a -t 192.168.1.100:80 -r 10.0.0.15:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum
-a -t 192.168.1.100:80 -r 10.0.0.16:80 -i -w 1 --tun-type gre --tun-csum
-A -t 192.168.1.102:443 -s wlc -p 600 -M 255.255.255.0
-a -t 192.168.1.102:443 -r 10.0.0.12:443 -g -w 1
-A -t 192.168.1.103:443 -s sh -b sh-fallback,sh-port
-a -t 192.168.1.103:443 -r 10.0.0.12:443 -g -w 1
-A -u 192.168.1.106:5060 -s rr -p 60 --pe sip -o
-a -u 192.168.1.106:5060 -r 10.0.0.12:5060 -g -w 1
-A --sctp-service 192.168.1.108:132 -s lc
-a --sctp-service 192.168.1.108:132 -r 10.0.0.12:132 -m -w 1
-A -t [fd00::100]:80 -s fo
-a -t [fd00::100]:80 -r [fd00::21]:80 -g -w 1
-a -t [fd00::100]:80 -r 10.0.0.22:80 -i -w 1 --tun-type ipip
-A -f 7 -s nq
-a -f 7 -r 10.0.0.31:0 -g -w 1
-A -f 8 -6 -s sed -p 100 -M 64
-a -f 8 -6 -r [fd00::32]:0 -g -w 1
`;

function load(text: string) {
  return loadAnyConfiguration({
    path: "saved.rules",
    readFile: () => ({ ok: true, value: text }),
    listFiles: () => [],
  });
}

test("a table is printed as ipvsadm prints it", () => {
  const { table, diagnostics } = parseSavedTable(saved, "saved.rules");
  assert.deepEqual(diagnostics, []);
  assert.equal(printSavedTable(servicesOf(table)), saved);
});

test("a table comes through the model as it was", () => {
  const { model, diagnostics } = load(saved);
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === "error"),
    [],
  );
  assert.ok(model !== undefined);
  assert.equal(printSavedTable(savedServicesOf(model)), saved);
});

test("long spellings, attached values and names of ports mean the same", () => {
  const spelt = [
    "ipvsadm --add-service --tcp-service=192.0.2.1:http --scheduler wlc --persistent",
    "-a -t192.0.2.1:80 --real-server 198.51.100.1 -mw7 --u-threshold=9 -y 3",
    "",
  ].join("\n");
  const { table, diagnostics } = parseSavedTable(spelt, "x");
  assert.deepEqual(diagnostics, []);
  assert.equal(
    printSavedTable(servicesOf(table)),
    "-A -t 192.0.2.1:80 -s wlc -p 360\n-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 7 -x 9 -y 3\n",
  );
});

test("names are looked up where somebody can, and otherwise their lines are left out", () => {
  const text = "-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r web1:80 -m -w 1\n";
  const address = ipAddressFromBytes(new Uint8Array([198, 51, 100, 7]));
  const found = readSavedTable(text, "x", (name) => (name === "web1" ? address : undefined));
  assert.deepEqual(found.diagnostics, []);
  assert.match(found.text, /real_server 198\.51\.100\.7 80/);
  const offline = readSavedTable(text, "x");
  assert.deepEqual(
    offline.diagnostics.map(({ code, severity }) => `${code} ${severity}`),
    ["A14 advice", "A12 warning"],
  );
});

const ipv4 = fc
  .tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255))
  .map((bytes) => ipAddressFromBytes(new Uint8Array(bytes)));
const port = fc.integer({ min: 1, max: 65_535 });
const server = (ports: fc.Arbitrary<number>): fc.Arbitrary<SavedServer> =>
  fc
    .tuple(
      fc.record({
        address: ipv4,
        port: ports,
        weight: fc.nat(2_147_483_647),
        upperThreshold: fc.nat(50),
        lowerThreshold: fc.nat(50),
      }),
      fc.oneof(
        fc.constantFrom({ forwarding: "NAT" as const }, { forwarding: "DR" as const }),
        fc
          .constantFrom(
            { type: "ipip" as const, checksum: "none" as const },
            { type: "gue" as const, port: 6080, checksum: "remote" as const },
            { type: "gre" as const, checksum: "full" as const },
          )
          .map((tunnel) => ({ forwarding: "TUN" as const, tunnel })),
      ),
    )
    .map(([common, method]) => ({ ...common, ...method }));
const service: fc.Arbitrary<SavedService> = fc
  .oneof(
    fc.record({
      kind: fc.constant("address" as const),
      address: ipv4,
      port,
      protocol: fc.constantFrom("TCP" as const, "SCTP" as const, "UDP" as const),
    }),
    fc.record({
      kind: fc.constant("fwmark" as const),
      fwmark: fc.integer({ min: 1, max: 1000 }),
      family: fc.constant(4 as const),
    }),
  )
  .chain((key) =>
    fc.record({
      key: fc.constant(key),
      scheduler: fc.constantFrom("rr", "sh", "mh"),
      persistenceTimeoutS: fc.nat(1000),
      persistencePrefixLength: fc.constant(32),
      onePacket:
        key.kind === "fwmark" || key.protocol === "UDP" ? fc.boolean() : fc.constant(false),
      flags: fc.subarray([1, 2, 3] as const),
      servers: fc
        .uniqueArray(server(fc.constant(key.kind === "fwmark" ? 0 : key.port)), {
          maxLength: 3,
          selector: ({ address }) => address,
        })
        .map((servers) => servers.sort(compareServers)),
    }),
  );

/** Without the prototypes that generated values have or lack. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

test("what is printed reads as what it was", () => {
  const tables = fc
    .uniqueArray(service, { maxLength: 4, selector: ({ key }) => keyIdentity(key) })
    .map((services) => services.sort((a, b) => compareKeys(a.key, b.key)));
  fc.assert(
    fc.property(tables, (services) => {
      const { table, diagnostics } = parseSavedTable(printSavedTable(services), "x");
      assert.deepEqual(diagnostics, []);
      assert.deepEqual(plain(servicesOf(table)), plain(services));
    }),
    { numRuns: 300 },
  );
});

test("no text stops the reader", () => {
  const pieces = fc.constantFrom(
    ...[
      "-A",
      "-a",
      "-t",
      "-u",
      "-f",
      "-6",
      "-r",
      "-s",
      "-p",
      "-b",
      "-w",
      "--tun-type",
      "gue",
      "--",
      "-",
    ],
    ...[
      "192.0.2.1:80",
      "[fd00::1]:80",
      "0",
      "80",
      "\n",
      "=",
      "#",
      "ipvsadm",
      "-C",
      "--pe",
      "é",
      "-M",
    ],
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 50 }).map((all) => all.join(" ")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      readSavedTable(text, "x");
    }),
    { numRuns: 1000 },
  );
});
