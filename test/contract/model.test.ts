// The conformance suite on the pure balancer.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServiceStatistics } from "../../src/model/balancer-table.ts";
import type { SchedulerName } from "../../src/model/virtual-server.ts";
import { watched } from "./invariants.ts";
import { modelUnderTest } from "./model-under-test.ts";
import { recordedStreams } from "./recorded-streams.ts";
import { play } from "./stream.ts";

const schedulers: readonly SchedulerName[] = ["rr", "wrr", "lc", "wlc", "sed", "nq", "sh", "dh"];
const everything = { protocols: ["TCP", "UDP", "SCTP"], families: [4, 6] } as const;

for (const stream of recordedStreams(schedulers, everything)) {
  test(`model: ${stream.name}: packets are right, and counted right`, async () => {
    const engine = watched(modelUnderTest(), stream.virtual);
    const transcript = await play(engine, stream);
    const [service] = await engine.statistics();
    assert.ok(service !== undefined);
    const { connections, ...counted } = service.counters;
    assert.deepEqual(counted, { ...engine.tally });
    assert.ok(connections > 20, "the stream opens connections");
    // A removed and returned server keeps its counters, as in IPVS, so that sums agree.
    assert.equal(sum(service, "connections"), connections);
    assert.equal(sum(service, "inBytes"), counted.inBytes);
    assert.equal(sum(service, "outPackets"), counted.outPackets);
    const live = (await engine.connections()).filter((line) => !/:0$/.test(line.client));
    const loads = service.destinations.map((d) => d.activeConnections + d.inactiveConnections);
    assert.equal(
      loads.reduce((a, b) => a + b, 0),
      live.length,
    );
    assert.equal(transcript.frames.filter((line) => line.endsWith("refused")).length > 0, true);
  });
}

test("a stream played twice gives the same transcript", async () => {
  const [stream] = recordedStreams(["wrr"]);
  assert.ok(stream !== undefined);
  assert.deepEqual(await play(modelUnderTest(), stream), await play(modelUnderTest(), stream));
});

function sum(service: ServiceStatistics, counter: keyof ServiceStatistics["counters"]): number {
  return service.destinations.reduce((total, entry) => total + entry.counters[counter], 0);
}
