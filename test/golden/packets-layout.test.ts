// The bytes that TypeScript writes into maps are those that the eBPF program reads: each field is
// written alone, and must be found where the BTF of the compiled object says.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { IpAddress } from "../../src/base/address.ts";
import { type Arrival, decodeCopyNote, encodeArrival, outcomeOfArrival } from "../../src/wire/maps/copy-records.ts";
import { decodeConnectionRecord } from "../../src/wire/maps/connection-record.ts";
import {
  type DestinationRecord,
  encodeDestinationRecord,
  noHop,
} from "../../src/wire/maps/destination-record.ts";
import { encodeEndpointKey, markEndpoint } from "../../src/wire/maps/endpoint-key.ts";
import { filterSlot } from "../../src/wire/maps/filter.ts";
import {
  encodeSourcesRecord,
  encodeTunnelRecord,
  type SourcesRecord,
  type TunnelRecord,
} from "../../src/wire/maps/forwarding-records.ts";
import { candidatesMax, type MapName, mapShapes } from "../../src/wire/maps/schema.ts";
import {
  encodeServiceRecord,
  type ServiceRecord,
  zeroCounters,
} from "../../src/wire/maps/service-record.ts";
import { encodeSettings, type SettingsRecord } from "../../src/wire/maps/settings-record.ts";
import { encodeReal, encodeTuning, type TuningRecord } from "../../src/wire/maps/small-records.ts";
import { btfStructs, elfSections, structNamed } from "./packets-object.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const objectFile = join(root, "bpf/balancer.bpf.o");
const structs = btfStructs(elfSections(readFileSync(objectFile)).get(".BTF") ?? new Uint8Array(0));
const none = "0.0.0.0" as IpAddress;

/** Where the only bytes that are not as in `empty` begin. */
function firstSet(bytes: Uint8Array, empty: Uint8Array = new Uint8Array(bytes.length)): number {
  return bytes.findIndex((byte, i) => byte !== empty[i]);
}

const emptyService: ServiceRecord = {
  scheduler: 0,
  flags: 0,
  persistenceSeconds: 0,
  persistencePrefix: 0,
  cursorPlace: 0,
  cursorWeight: 0,
  weightMax: 0,
  weightStep: 0,
  table: 0,
  persistenceGroup: 0,
  retired: zeroCounters,
  candidates: [],
};

const emptyDestination: DestinationRecord = {
  flags: 0,
  method: 0,
  protocol: 0,
  generation: 0,
  address: none,
  virtualAddress: none,
  port: 0,
  virtualPort: 0,
  hops: [noHop, noHop],
};

test("map keys and values have the sizes of the structs", () => {
  const values: Readonly<Partial<Record<MapName, string>>> = {
    connections: "connection",
    addresses6: "ends",
    templates: "template",
    replies: "reply",
    pieces: "piece",
    services: "service",
    schedule_tables: "places",
    localities: "locality",
    reals: "real",
    destinations: "destination",
    tunnels: "tunnel",
    sources: "sources",
    borrowed: "borrowed",
    translations: "translation",
    loads: "load",
    limits: "limit",
    counters: "counters",
    filter: "filter",
    interfaces: "interface",
    pressure: "pressure",
    events: "event_counts",
    settings: "settings",
    copies: "copy",
    copyNotes: "copy_note",
  };
  for (const [map, struct] of Object.entries(values))
    assert.equal(mapShapes[map as MapName].valueLength, structNamed(structs, struct).size, map);
  assert.equal(mapShapes.services.keyLength, structNamed(structs, "endpoint_key").size);
  assert.equal(mapShapes.localities.keyLength, structNamed(structs, "locality_key").size);
  assert.equal(mapShapes.templates.keyLength, structNamed(structs, "template_key").size);
  assert.equal(mapShapes.replies.keyLength, structNamed(structs, "reply_key").size);
  assert.equal(mapShapes.borrowed.keyLength, structNamed(structs, "borrowed_key").size);
  assert.equal(structNamed(structs, "connection").size, 64, "a connection is one cache line");
});

test("fields of a service stand where the program reads them", () => {
  const { offsets } = structNamed(structs, "service");
  const fields: readonly (readonly [string, Partial<ServiceRecord>])[] = [
    ["scheduler", { scheduler: 1 }],
    ["flags", { flags: 1 }],
    ["persistence_seconds", { persistenceSeconds: 1 }],
    ["persistence_prefix", { persistencePrefix: 1 }],
    ["cursor", { cursorPlace: 1 }],
    ["weight_max", { weightMax: 1 }],
    ["weight_step", { weightStep: 1 }],
    ["table", { table: 1 }],
    ["persistence_group", { persistenceGroup: 1 }],
    ["retired", { retired: { ...zeroCounters, connections: 1n } }],
  ];
  for (const [name, change] of fields)
    assert.equal(firstSet(encodeServiceRecord({ ...emptyService, ...change })), offsets.get(name), name);
  const cursorWeight = encodeServiceRecord({ ...emptyService, cursorWeight: 1 });
  assert.equal(firstSet(cursorWeight), (offsets.get("cursor") ?? 0) + 4);
});

test("fields of a candidate stand where the program reads them", () => {
  const candidate = structNamed(structs, "candidate");
  const at = structNamed(structs, "service").offsets.get("candidates") ?? 0;
  const empty = {
    destination: 0,
    weight: 0,
    address: none,
    port: 0,
    method: 0,
    generation: 0,
    upperThreshold: 0,
    lowerThreshold: 0,
    lastWeight: 0,
  };
  const fields = [
    ["destination", { destination: 1 }],
    ["weight", { weight: 1 }],
    ["address", { address: "1.0.0.0" as IpAddress }],
    ["port", { port: 0x0100 }],
    ["method", { method: 1 }],
    ["generation", { generation: 1 }],
    ["upper_threshold", { upperThreshold: 1 }],
    ["lower_threshold", { lowerThreshold: 1 }],
    ["family", { address: "::" as IpAddress }],
    ["last_weight", { lastWeight: 1 }],
  ] as const;
  for (const [name, change] of fields) {
    // The second candidate, so that the length of one is compared too; the count comes before both.
    const bytes = encodeServiceRecord({ ...emptyService, candidates: [empty, { ...empty, ...change }] });
    const base = encodeServiceRecord({ ...emptyService, candidates: [empty, empty] });
    const offset = at + candidate.size + (candidate.offsets.get(name) ?? -1);
    assert.equal(firstSet(bytes, base), offset, name);
  }
  assert.equal(at + candidatesMax * candidate.size, structNamed(structs, "service").size);
});

test("fields of a destination and its hops stand where the program reads them", () => {
  const { offsets } = structNamed(structs, "destination");
  const hop = structNamed(structs, "next_hop");
  const one = "1.0.0.0" as IpAddress;
  const fields: readonly (readonly [string, Partial<DestinationRecord>])[] = [
    ["flags", { flags: 1 }],
    ["method", { method: 1 }],
    ["protocol", { protocol: 1 }],
    ["generation", { generation: 1 }],
    ["family", { address: "::" as IpAddress }],
    ["virtual_family", { virtualFamily: 6 }],
    ["persistence_group", { persistenceGroup: 1 }],
    ["address", { address: one }],
    ["virtual_address", { virtualAddress: one }],
    ["port", { port: 0x0100 }],
    ["virtual_port", { virtualPort: 0x0100 }],
    ["hops", { hops: [{ ...noHop, ifindex: 1 }, noHop] }],
    ["gateways", { hops: [{ ...noHop, gateway: one }, noHop] }],
  ];
  const unset = encodeDestinationRecord(emptyDestination);
  for (const [name, change] of fields)
    assert.equal(
      firstSet(encodeDestinationRecord({ ...emptyDestination, ...change }), unset),
      offsets.get(name),
      name,
    );
  const second = (offsets.get("hops") ?? 0) + hop.size;
  const mac = new Uint8Array([1, 0, 0, 0, 0, 0]);
  const hopFields = [
    ["ifindex", 0, { ifindex: 1 }],
    ["family", 0, { gateway: "::" as IpAddress }],
    ["mtu", 0, { mtu: 1 }],
    ["status", 0, { status: 1 }],
    ["link", 0, { targetMac: mac }],
    ["link", 6, { sourceMac: mac }],
  ] as const;
  for (const [name, further, change] of hopFields) {
    const bytes = encodeDestinationRecord({ ...emptyDestination, hops: [noHop, { ...noHop, ...change }] });
    assert.equal(firstSet(bytes, unset), second + (hop.offsets.get(name) ?? -1) + further, name);
  }
});

test("fields of a tunnel and of FULLNAT's sources stand where the program reads them", () => {
  const tunnel = structNamed(structs, "tunnel").offsets;
  const plain: TunnelRecord = {
    settings: { type: "ipip", checksum: "none" },
    source: none,
    pathMtu: 0,
    pathMtuUntil: 0,
  };
  const tunnelFields: readonly (readonly [string, Partial<TunnelRecord>])[] = [
    ["type", { settings: { type: "gre", checksum: "none" } }],
    ["checksummed", { settings: { type: "ipip", checksum: "full" } }],
    ["port", { settings: { type: "ipip", port: 0x0100, checksum: "none" } }],
    ["path_mtu", { pathMtu: 1 }],
    ["path_mtu_until", { pathMtuUntil: 1 }],
    ["source", { source: "1.0.0.0" as IpAddress }],
  ];
  for (const [name, change] of tunnelFields)
    assert.equal(firstSet(encodeTunnelRecord({ ...plain, ...change })), tunnel.get(name), name);
  const sources = structNamed(structs, "sources").offsets;
  const empty: SourcesRecord = {
    tellsClient: "nothing",
    automatic: false,
    firstPort: 0,
    ports: 0,
    addresses: [],
  };
  const one: SourcesRecord = { ...empty, addresses: [none] };
  assert.equal(firstSet(encodeSourcesRecord(one)), sources.get("count"));
  const sourceFields: readonly (readonly [string, Partial<SourcesRecord>])[] = [
    ["tells", { tellsClient: "proxy-protocol" }],
    ["automatic", { automatic: true }],
    ["first_port", { firstPort: 1 }],
    ["ports", { ports: 1 }],
    ["addresses", { addresses: ["1.0.0.0" as IpAddress] }],
  ];
  for (const [name, change] of sourceFields)
    assert.equal(
      firstSet(encodeSourcesRecord({ ...one, ...change }), encodeSourcesRecord(one)),
      sources.get(name),
      name,
    );
});

test("fields of a connection are read where the program writes them", () => {
  const { offsets, size } = structNamed(structs, "connection");
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  const at = (name: string): number => offsets.get(name) ?? -1;
  bytes.set([10, 1, 0, 2, 10, 1, 0, 100, 0x10, 0x01, 0, 80, 6, 4], at("key"));
  view.setUint32(at("word"), 0x8101, true);
  view.setUint32(at("expires"), 77, true);
  view.setUint32(at("destination"), 5, true);
  bytes[at("generation")] = 3;
  bytes[at("prefix")] = 25;
  bytes.set([10, 2, 0, 11, 0x1f, 0x90], at("real_address"));
  bytes[at("method")] = 3;
  view.setUint32(at("ifindex"), 9, true);
  assert.deepEqual(decodeConnectionRecord(bytes, new Uint8Array(32)), {
    key: {
      client: "10.1.0.2",
      virtualAddress: "10.1.0.100",
      clientPort: 4097,
      virtualPort: 80,
      protocol: 6,
    },
    state: 1,
    active: true,
    expires: 77,
    destination: 5,
    generation: 3,
    templatePrefix: 24,
    realAddress: "10.2.0.11",
    realPort: 8080,
    method: 3,
    ifindex: 9,
    synced: false,
  });
  assert.equal(decodeConnectionRecord(new Uint8Array(size), new Uint8Array(32)), undefined);
});

test("the tuning stands where the program reads it", () => {
  const { offsets, size } = structNamed(structs, "tuning");
  const empty: TuningRecord = {
    clockShift: 0,
    jiffiesPerSecond: 0,
    halfOpenMax: 0,
    connectionsMax: 0,
    templateRearm: 0,
    statelessGrace: 0,
    slotMask: 0,
    sctpTimeouts: [],
    seed: [0n, 0n],
  };
  const fields: readonly (readonly [string, Partial<TuningRecord>])[] = [
    ["clock_shift", { clockShift: 1 }],
    ["jiffies_per_second", { jiffiesPerSecond: 1 }],
    ["half_open_max", { halfOpenMax: 1 }],
    ["connections_max", { connectionsMax: 1 }],
    ["template_rearm", { templateRearm: 1 }],
    ["stateless_grace", { statelessGrace: 1 }],
    ["slot_mask", { slotMask: 1 }],
    ["sctp_timeouts", { sctpTimeouts: [1] }],
    ["seed", { seed: [1n, 0n] }],
  ];
  for (const [name, change] of fields)
    assert.equal(firstSet(encodeTuning({ ...empty, ...change })), offsets.get(name), name);
  assert.equal(encodeTuning(empty).length, size);
});

test("small keys and values are in network order where packets are", () => {
  assert.deepEqual(
    [...encodeEndpointKey({ address: "10.1.0.100" as IpAddress, port: 8080, protocol: 17 })],
    [10, 1, 0, 100, ...new Array(12).fill(0), 0x1f, 0x90, 17, 4],
  );
  assert.deepEqual(
    [...encodeEndpointKey({ address: "fd00::64" as IpAddress, port: 80, protocol: 6 })],
    [0xfd, ...new Array(14).fill(0), 0x64, 0, 80, 6, 6],
  );
  assert.deepEqual(
    [...encodeEndpointKey(markEndpoint(0x01020304, 6))],
    [1, 2, 3, 4, ...new Array(12).fill(0), 0, 0, 0, 6],
  );
  const real = { virtualAddress: "10.1.0.100" as IpAddress, virtualPort: 80, shared: true };
  assert.deepEqual([...encodeReal(real)], [10, 1, 0, 100, ...new Array(12).fill(0), 0, 80, 1, 0]);
});

test("the filter's slot is the program's hash of the address", () => {
  // 10.1.0.100 is 0x6400010a to the program: times 0x9e3779b1, upper half.
  assert.equal(filterSlot("10.1.0.100" as IpAddress), 0x89a4);
});

const compiler = ((): string | undefined => {
  try {
    execFileSync("clang-14", ["--version"], { stdio: "ignore" });
    execFileSync("make", ["--version"], { stdio: "ignore" });
    return "clang-14";
  } catch {
    return undefined;
  }
})();

test(
  "the committed objects are what their source compiles to",
  { skip: compiler === undefined ? "needs clang-14" : false },
  () => {
    const copy = mkdtempSync(join(tmpdir(), "keelson-bpf-"));
    try {
      for (const folder of ["bpf", "bench/bpf"])
        cpSync(join(root, folder), join(copy, folder), { recursive: true });
      execFileSync("make", ["-B", "-C", copy, "-f", "bpf/bpf.mk", "bpf"], { stdio: "pipe" });
      for (const name of ["bpf/balancer", "bench/bpf/generator", "bench/bpf/sink", "bench/bpf/bare"]) {
        const built = elfSections(readFileSync(join(copy, `${name}.bpf.o`)));
        const committed = elfSections(readFileSync(join(root, `${name}.bpf.o`)));
        assert.deepEqual([...built.keys()], [...committed.keys()], name);
        for (const [section, bytes] of built)
          assert.ok(Buffer.from(bytes).equals(committed.get(section) ?? new Uint8Array(0)), `${name} ${section}`);
      }
    } finally {
      rmSync(copy, { recursive: true });
    }
  },
);

test("fields of the settings stand where the program reads them", () => {
  const { offsets } = structNamed(structs, "settings");
  const empty: SettingsRecord = {
    flags: 0,
    reuse: 0,
    tcpTimeouts: [],
    udpTimeout: 0,
    lblcExpiration: 0,
    lblcrExpiration: 0,
    syncThreshold: 0,
    syncPeriod: 0,
    syncRefresh: 0,
    syncRetries: 0,
  };
  const fields: readonly (readonly [string, Partial<SettingsRecord>])[] = [
    ["flags", { flags: 1 }],
    ["reuse", { reuse: 1 }],
    ["tcp_timeouts", { tcpTimeouts: [1] }],
    ["udp_timeout", { udpTimeout: 1 }],
    ["lblc_expiration", { lblcExpiration: 1 }],
    ["lblcr_expiration", { lblcrExpiration: 1 }],
    ["sync_threshold", { syncThreshold: 1 }],
    ["sync_period", { syncPeriod: 1 }],
    ["sync_refresh", { syncRefresh: 1 }],
    ["sync_retries", { syncRetries: 1 }],
  ];
  for (const [name, change] of fields)
    assert.equal(firstSet(encodeSettings({ ...empty, ...change })), offsets.get(name), name);
});

test("an arrival and a note stand where the program reads and writes them", () => {
  const { offsets, size } = structNamed(structs, "arrival");
  const empty: Arrival = {
    client: none,
    clientPort: 0,
    virtual: none,
    virtualPort: 0,
    protocol: 0,
    method: 0,
    destination: 0,
    generation: 0,
    realAddress: none,
    realPort: 0,
    template: false,
    assured: false,
    state: 0,
    active: false,
    noOutput: false,
    timeout: 0,
  };
  const one = "1.0.0.0" as IpAddress;
  const ends = structNamed(structs, "ends").offsets.get("virtual_address") ?? -1;
  const family = offsets.get("family") ?? -1;
  const fields: readonly (readonly [string, number, Partial<Arrival>])[] = [
    ["ends", 0, { client: one }],
    ["ends", ends, { virtual: one }],
    ["client_port", 0, { clientPort: 0x0100 }],
    ["virtual_port", 0, { virtualPort: 0x0100 }],
    ["protocol", 0, { protocol: 1 }],
    ["method", 0, { method: 1 }],
    ["generation", 0, { generation: 1 }],
    ["destination", 0, { destination: 1 }],
    ["real_address", 0, { realAddress: one }],
    ["real_port", 0, { realPort: 0x0100 }],
    ["is_template", 0, { template: true }],
    ["assured", 0, { assured: true }],
    ["word", 0, { state: 1 }],
    ["word", 1, { active: true }],
    ["timeout", 0, { timeout: 1 }],
  ];
  for (const [name, further, change] of fields) {
    const bytes = encodeArrival({ ...empty, ...change });
    assert.equal(bytes.length, size);
    assert.equal(bytes[family], 4);
    bytes[family] = 0;
    assert.equal(firstSet(bytes), (offsets.get(name) ?? -1) + further, name);
  }
  const outcome = new Uint8Array(size);
  outcome[offsets.get("outcome") ?? 0] = 2;
  assert.equal(outcomeOfArrival(outcome), "renewed");
  const note = new Uint8Array(mapShapes.copyNotes.valueLength);
  const noteOffsets = structNamed(structs, "copy_note").offsets;
  note[noteOffsets.get("number") ?? -1] = 8;
  note[noteOffsets.get("what") ?? -1] = 3;
  note[noteOffsets.get("of") ?? -1] = 10;
  const decoded = decodeCopyNote(note);
  assert.equal(decoded.place, 7);
  assert.deepEqual([decoded.template?.[0], decoded.template?.length], [10, mapShapes.templates.keyLength]);
});
