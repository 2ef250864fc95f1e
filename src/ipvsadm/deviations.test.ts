import assert from "node:assert/strict";
import { test } from "node:test";
import { type IpAddress, parseIpAddress } from "../base/address.ts";
import type { ServiceStatistics } from "../model/balancer-table.ts";
import { judgeChange } from "./judge-change.ts";
import { parseIpvsadmCommand } from "./parse-command.ts";
import { runIpvsadm } from "./run-command.ts";
import { ratesBetween } from "./sampled-rates.ts";

const names = { hostAddress: () => undefined, servicePort: () => undefined };

function parse(line: string): ReturnType<typeof parseIpvsadmCommand> {
  return parseIpvsadmCommand(line.split(" "), names);
}

test("a mask with holes is refused, and says what a mask is", () => {
  const parsed = parse("-A -t 192.0.2.1:80 -p -M 255.0.255.0");
  assert.ok(!parsed.ok);
  assert.equal(parsed.fault.status, 2);
  assert.match(parsed.fault.text, /ones first, then zeros/);
});

test("no scheduler is no scheduler", () => {
  const parsed = parse("-A -t 192.0.2.1:80 -s none");
  assert.ok(parsed.ok);
  assert.equal(
    judgeChange(parsed.value, { services: [] }),
    "Scheduler or persistence engine not found",
  );
});

test("pages and usage faults need no data plane; everything else says that there is none", async () => {
  const run = async (line: string): Promise<readonly [number, string, boolean]> => {
    let said = "";
    let opened = false;
    const status = await runIpvsadm(line.split(" "), {
      openPlane: async () => {
        opened = true;
        return { ok: false, fault: "nobody balances here" };
      },
      names,
      reverseNames: async () => ({ hostName: () => undefined, portName: () => undefined }),
      stdout: () => undefined,
      stderr: (text) => {
        said += text;
      },
      stdin: async () => "",
    });
    return [status, said, opened];
  };
  assert.deepEqual(await run("-h"), [0, "", false]);
  assert.deepEqual(await run("-L extra"), [2, "unexpected argument extra\n", false]);
  const [status, said, opened] = await run("-Ln");
  assert.deepEqual([status, opened], [2, true]);
  assert.match(said, /^Can't initialize ipvs: nobody balances here\nAre you sure/);
});

test("a rate without an estimator is what the counters moved in the time between two looks", () => {
  const address = parseIpAddress("192.0.2.7");
  assert.ok(address.ok);
  const at = (packets: number): readonly ServiceStatistics[] => {
    const counters = {
      connections: 1,
      inPackets: packets,
      outPackets: 0,
      inBytes: packets * 100,
      outBytes: 0,
    };
    const server = { address: address.value as IpAddress, port: 80, counters };
    return [
      {
        key: { kind: "fwmark", fwmark: 1, family: 4 },
        counters,
        destinations: [{ ...server, activeConnections: 0, inactiveConnections: 0 }],
      },
    ];
  };
  const [row] = ratesBetween(at(10), at(30), 2);
  assert.equal(row?.rates?.inPackets, 10);
  assert.equal(row?.destinations[0]?.rates?.inBytes, 1000);
  assert.equal(row?.rates?.connections, 0);
});
