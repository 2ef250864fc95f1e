// The byte strings were recorded: ipvsadm 1.31 and Linux 6.1 talking to each other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type IpAddress, parseIpAddress } from "../../base/address.ts";
import { present } from "../../base/assert.ts";
import { fromHex, toHex } from "../../base/bytes.ts";
import type { Result } from "../../base/result.ts";
import { decodeFamily, decodeGenericMessage, encodeFamilyRequest } from "./generic-message.ts";
import { decodeIpvsInformation, decodeIpvsTimeouts, ipvsTimeoutAttributes } from "./ipvs-config.ts";
import { decodeIpvsDaemon, ipvsDaemonAttribute, ipvsDaemonState } from "./ipvs-daemon.ts";
import {
  decodeIpvsDestination,
  type IpvsDestination,
  ipvsDestinationAttribute,
  ipvsForwarding,
  ipvsTunnelFlag,
  ipvsTunnelType,
} from "./ipvs-destination.ts";
import { encodeIpvsRequest, ipvsCommand, ipvsContainer } from "./ipvs-message.ts";
import {
  decodeIpvsService,
  type IpvsService,
  ipvsServiceAttribute,
  ipvsServiceFlag,
} from "./ipvs-service.ts";

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

function value<Value>(result: Result<Value, { readonly text: string }>): Value {
  assert.ok(result.ok, result.ok ? "" : result.fault.text);
  return result.value;
}

const web = { family: 4, protocol: 6, address: address("10.1.0.100"), port: 80 } as const;
const web6 = { family: 6, protocol: 6, address: address("fd00::100"), port: 80 } as const;
const webHex =
  "010100005400018006000100020000000600020006000000140003000a010064000000000000000000000000";

/** `ipvsadm -A ...`, the service it means, and what it sent. */
const services: readonly (readonly [string, IpvsService, string])[] = [
  [
    "-t 10.1.0.100:80 -s wlc -p 360 -M 255.255.255.0",
    {
      id: web,
      scheduler: "wlc",
      flags: ipvsServiceFlag.persistent,
      timeoutS: 360,
      prefixLength: 24,
    },
    `${webHex}060004000050000008000600776c63000c00070001000000ffffffff080008006801000008000900ffffff00`,
  ],
  [
    "-u 10.1.0.100:53 -s sh -o -b sh-fallback,sh-port",
    {
      id: { ...web, protocol: 17, port: 53 },
      scheduler: "sh",
      flags: ipvsServiceFlag.onePacket | ipvsServiceFlag.scheduler1 | ipvsServiceFlag.scheduler2,
      timeoutS: 0,
      prefixLength: 32,
    },
    "010100005400018006000100020000000600020011000000140003000a010064000000000000000000000000060004000035000007000600736800000c0007001c000000ffffffff080008000000000008000900ffffffff",
  ],
  [
    "-t [fd00::100]:80 -s mh -b mh-port -p 50 -M 64",
    {
      id: web6,
      scheduler: "mh",
      flags: ipvsServiceFlag.persistent | ipvsServiceFlag.scheduler2,
      timeoutS: 50,
      prefixLength: 64,
    },
    "0101000054000180060001000a000000060002000600000014000300fd0000000000000000000000000001000600040000500000070006006d6800000c00070011000000ffffffff08000800320000000800090040000000",
  ],
  [
    "-f 8 -6 -s rr",
    { id: { family: 6, fwmark: 8 }, scheduler: "rr", flags: 0, timeoutS: 0, prefixLength: 128 },
    "0101000038000180060001000a000000080005000800000007000600727200000c00070000000000ffffffff08000800000000000800090080000000",
  ],
];

for (const [arguments_, service, hex] of services) {
  test(`ipvsadm -A ${arguments_}: the same bytes from us, and read back`, () => {
    const bytes = encodeIpvsRequest(ipvsCommand.newService, [ipvsServiceAttribute(service)]);
    assert.equal(toHex(bytes), hex);
    const { statistics, ...read } = present(value(decodeIpvsService(fromHex(hex))), "a service");
    assert.deepEqual(read, service);
    assert.equal(statistics.counters.connections, 0);
  });
}

const noTunnel = { type: ipvsTunnelType.ipip, port: 0, flags: ipvsTunnelFlag.none };
const masquerade: IpvsDestination = {
  address: address("10.1.0.11"),
  port: 8080,
  forwarding: ipvsForwarding.masquerade,
  weight: 3,
  upperThreshold: 100,
  lowerThreshold: 50,
  tunnel: noTunnel,
};
const gue: IpvsDestination = {
  address: address("10.1.0.12"),
  port: 80,
  forwarding: ipvsForwarding.tunnel,
  weight: 2,
  upperThreshold: 0,
  lowerThreshold: 0,
  tunnel: { type: ipvsTunnelType.gue, port: 6080, flags: ipvsTunnelFlag.checksum },
};

/** `ipvsadm -a ...`, the destination it means, and the container it sent. */
const destinations: readonly (readonly [string, IpvsDestination, string])[] = [
  [
    "-r 10.1.0.11:8080 -m -w 3 -x 100 -y 50",
    masquerade,
    "6000028006000b0002000000140001000a01000b000000000000000000000000060002001f9000000800030000000000080004000300000005000d000000000006000e000000000006000f000000000008000500640000000800060032000000",
  ],
  [
    "-r 10.1.0.12 -i -w 2 --tun-type gue --tun-port 6080 --tun-csum",
    gue,
    "6000028006000b0002000000140001000a01000c00000000000000000000000006000200005000000800030002000000080004000200000005000d000100000006000e0017c0000006000f000100000008000500000000000800060000000000",
  ],
  [
    "-r [fd00::14]:80 -g",
    {
      ...masquerade,
      address: address("fd00::14"),
      port: 80,
      forwarding: ipvsForwarding.direct,
      weight: 1,
      upperThreshold: 0,
      lowerThreshold: 0,
    },
    "6000028006000b000a00000014000100fd00000000000000000000000000001406000200005000000800030003000000080004000100000005000d000000000006000e000000000006000f000000000008000500000000000800060000000000",
  ],
];

for (const [arguments_, destination, hex] of destinations) {
  test(`ipvsadm -a ${arguments_}: the same bytes from us`, () => {
    const bytes = encodeIpvsRequest(ipvsCommand.newDestination, [
      ipvsDestinationAttribute(destination),
    ]);
    assert.equal(toHex(bytes), `05010000${hex}`);
    const read = present(value(decodeIpvsDestination(fromHex(`05010000${hex}`), 4)), "one");
    const { activeConnections, inactiveConnections, persistentConnections, statistics, ...rest } =
      read;
    assert.deepEqual(rest, destination);
    assert.deepEqual([activeConnections, inactiveConnections, persistentConnections], [0, 0, 0]);
    assert.equal(statistics.rates.inPackets, 0);
  });
}

/** A service of a dump, with both kinds of statistics; the figures of 64 bits are filled in here. */
const dumpedService =
  "010100002c01010006000100020000000600020006000000140003000a010064000000000000000000000000" +
  "060004000050000008000600776c63000c00070003000000ffffffff080008006901000008000900ffffffff" +
  "5c000a000800010005000000080002004100000008000300320000000c000400ba0e0000000000000c000500" +
  "4394000000000000080006000000000008000700060000000800080004000000080009004401000008000a00d80d0000" +
  "7c000c000c00010005000000010000000c00020041000000000000000c00030032000000000000000c000400" +
  "ba0e0000000000000c00050043940000000000000c00060000000000000000000c000700060000000000000" +
  "00c00080004000000000000000c00090044010000000000000c000a00d80d000000000000";

test("a dumped service: flags of the kernel, and statistics in 64 bits", () => {
  const read = present(value(decodeIpvsService(fromHex(dumpedService))), "a service");
  assert.deepEqual(read.id, web);
  assert.equal(read.flags & ipvsServiceFlag.persistent, ipvsServiceFlag.persistent);
  assert.equal(read.timeoutS, 361);
  assert.deepEqual(read.statistics, {
    counters: {
      connections: 2 ** 32 + 5,
      inPackets: 65,
      outPackets: 50,
      inBytes: 3770,
      outBytes: 37955,
    },
    rates: { connections: 0, inPackets: 6, outPackets: 4, inBytes: 324, outBytes: 3544 },
  });
});

test("of an IPv4 destination only four bytes of the address count", () => {
  // ipvsadm leaves bytes of the service's IPv6 address behind them.
  const hex =
    "050100006000028006000b0002000000140001000a01000e00000000000000000000010006000200005000000800030002000000080004000200000005000d000000000006000e000000000006000f000000000008000500000000000800060000000000";
  assert.equal(present(value(decodeIpvsDestination(fromHex(hex), 6)), "one").address, "10.1.0.14");
});

test("the family is asked for by its name, and its number is the type of its messages", () => {
  assert.equal(
    toHex(encodeFamilyRequest("IPVS")),
    "030100000900020049505653000000 00".replace(" ", ""),
  );
  const answer = fromHex(
    "01020000090002004950565300000000060001002000000008000300010000000800040000000000",
  );
  assert.equal(value(decodeFamily(answer)), 0x20);
  assert.equal(value(decodeFamily(fromHex("01020000"))), undefined);
});

test("information: the version and the size of the connection table", () => {
  const answer = fromHex("0e010000080001000102010008000200 00100000".replace(" ", ""));
  assert.deepEqual(value(decodeIpvsInformation(answer)), {
    version: "1.2.1",
    connectionTableSize: 4096,
  });
  assert.equal(decodeIpvsInformation(fromHex("0e010000")).ok, false);
});

test("timeouts: only those that are given are sent", () => {
  const sent = encodeIpvsRequest(
    ipvsCommand.setConfig,
    ipvsTimeoutAttributes({ tcpS: 900, udpS: 301 }),
  );
  assert.equal(toHex(sent), "0c0100000800040084030000080006002d010000");
  assert.deepEqual(value(decodeIpvsTimeouts(sent)), { tcpS: 900, tcpFinS: 0, udpS: 301 });
});

test("a daemon: group by its family, port in host order", () => {
  const daemon = {
    state: ipvsDaemonState.backup,
    interface: "ens4",
    syncId: 43,
    maxLength: 2000,
    group: address("224.0.0.90"),
    port: 9000,
    ttl: 3,
  };
  const bytes = encodeIpvsRequest(ipvsCommand.newDaemon, [ipvsDaemonAttribute(daemon)]);
  assert.equal(
    toHex(bytes),
    "0901000040000380080001000200000009000200656e73340000000008000300" +
      "2b00000006000400d007000008000500e000005a0600070028230000050008000300" +
      "0000",
  );
  assert.deepEqual(value(decodeIpvsDaemon(bytes)), daemon);
  const bare = { state: ipvsDaemonState.master, interface: "ens4", syncId: 0 };
  const six = { ...bare, group: address("ff02::81") };
  for (const one of [bare, six])
    assert.deepEqual(
      value(decodeIpvsDaemon(encodeIpvsRequest(ipvsCommand.newDaemon, [ipvsDaemonAttribute(one)]))),
      one,
    );
});

test("what is cut short, or lacks an attribute, is a fault and no object", () => {
  const [, , hex] = present(services[0], "one");
  const whole = fromHex(hex);
  for (let length = 1; length < whole.length; length++)
    assert.equal(decodeIpvsService(whole.subarray(0, length)).ok, length === 4, `${length}`);
  assert.equal(value(decodeIpvsService(whole.subarray(0, 4))), undefined);
  assert.equal(decodeGenericMessage(new Uint8Array(0)).ok, false);
  const empty = encodeIpvsRequest(1, [
    { type: ipvsContainer.destination, value: new Uint8Array() },
  ]);
  assert.equal(decodeIpvsDestination(empty, 4).ok, false);
});
