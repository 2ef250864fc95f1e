// examples/dual-master: two addresses, each director MASTER of one and BACKUP of the other; both
// serve the web themselves.

import type { Director } from "../director.ts";
import { type Scenario, type Stage, settle } from "../stage.ts";
import { printDuration } from "../story.ts";
import { Traffic, type TrafficSummary } from "../traffic.ts";
import { monotonicMs } from "../waiting.ts";
import { pageSite, startWebServer } from "../web-server.ts";

const vips = ["10.0.0.3", "10.0.0.4"] as const;

const picture = `
        client               lb01                  lb02
      10.0.0.100           10.0.0.5              10.0.0.6
          │             keelson, nginx        keelson, nginx
          │            10.0.0.3  MASTER      10.0.0.3  BACKUP
          │            10.0.0.4  BACKUP      10.0.0.4  MASTER
          │                  │                     │
   ═══════╧══════════════════╧═════════════════════╧═══════
                     switch  10.0.0.0/24
`;

function lan(address: string): { name: string; network: string; addresses: string[] }[] {
  return [{ name: "eth0", network: "lan", addresses: [`10.0.0.${address}/24`] }];
}

/** Requests to both addresses. */
class TrafficPair {
  readonly #traffics: readonly [Traffic, Traffic];

  constructor(traffics: readonly [Traffic, Traffic]) {
    this.#traffics = traffics;
  }

  async show(
    stage: Stage,
    fromMs: number,
    toMs = monotonicMs(),
  ): Promise<readonly TrafficSummary[]> {
    const summaries = await Promise.all(this.#traffics.map((t) => t.summarize(fromMs, toMs)));
    for (const [index, summary] of summaries.entries()) {
      stage.story.traffic(summary, vips[index]);
    }
    return summaries;
  }
}

function isAnsweredBy(summary: TrafficSummary | undefined, page: string): boolean {
  return summary !== undefined && summary.sent > 0 && summary.byAnswer.get(page) === summary.sent;
}

async function start(stage: Stage, lb01: Director, lb02: Director): Promise<TrafficPair> {
  const { story, lab } = stage;
  story.step("Both directors start, each takes one address");
  story.act(`${stage.program.name} run -f lb01.conf on lb01, -f lb02.conf on lb02`);
  await stage.start(lb01);
  await stage.start(lb02);
  story.require(await stage.waitForMaster(lb01, vips[0]), `lb01 holds ${vips[0]}`);
  story.require(await stage.waitForMaster(lb02, vips[1]), `lb02 holds ${vips[1]}`);
  story.require(
    (await stage.waitForRelease(lb01, vips[1])) && (await stage.waitForRelease(lb02, vips[0])),
    "no address is held twice",
  );
  await stage.showInstances(lb01);
  await stage.showInstances(lb02);
  const client = lab.host("client");
  const traffic = new TrafficPair([
    await Traffic.start(client, { target: vips[0] }),
    await Traffic.start(client, { target: vips[1] }),
  ]);
  await settle(500);
  const fromMs = monotonicMs();
  await settle(2000);
  const [first, second] = await traffic.show(stage, fromMs);
  story.check(isAnsweredBy(first, "lb01"), `${vips[0]} is answered by lb01`);
  story.check(isAnsweredBy(second, "lb02"), `${vips[1]} is answered by lb02`);
  return traffic;
}

async function loseOne(
  stage: Stage,
  lb01: Director,
  lb02: Director,
  traffic: TrafficPair,
): Promise<void> {
  const { story } = stage;
  story.step("lb01 is stopped cleanly, lb02 serves both");
  story.act(`SIGTERM to ${stage.program.name} on lb01`);
  const fromMs = monotonicMs();
  const stopped = lb01.stop();
  const taken = await lb02.waitUntilHolding(vips[0], 20_000);
  story.require(taken, `lb02 took ${vips[0]} after ${printDuration(monotonicMs() - fromMs)}`);
  await stopped;
  await stage.waitForMaster(lb02, vips[0]);
  await stage.showInstances(lb02);
  await settle(1500);
  const [first, second] = await traffic.show(stage, fromMs);
  story.check(
    (first?.outageMs ?? Infinity) < 3000,
    `${vips[0]} was answered again within the skew time`,
  );
  story.check(isAnsweredBy(second, "lb02"), `${vips[1]} noticed nothing`);
}

async function regainOne(
  stage: Stage,
  lb01: Director,
  lb02: Director,
  traffic: TrafficPair,
): Promise<void> {
  const { story } = stage;
  story.step("lb01 comes back and takes its own address again");
  const fromMs = monotonicMs();
  await stage.start(lb01);
  story.require(await stage.waitForMaster(lb01, vips[0]), `lb01 holds ${vips[0]}`);
  story.require(await stage.waitForRelease(lb02, vips[0]), `lb02 gave ${vips[0]} back`);
  await stage.showInstances(lb01);
  await stage.showInstances(lb02);
  await settle(1500);
  const [first, second] = await traffic.show(stage, fromMs);
  story.check((first?.outageMs ?? Infinity) < 3000, "the address changed hands in little time");
  story.check(isAnsweredBy(second, "lb02"), `${vips[1]} noticed nothing`);
}

async function killOther(
  stage: Stage,
  lb01: Director,
  lb02: Director,
  traffic: TrafficPair,
): Promise<void> {
  const { story } = stage;
  story.step("lb02 is killed, lb01 serves both");
  story.act(`kill -9 of all processes of ${stage.program.name} on lb02`);
  const fromMs = monotonicMs();
  await lb02.kill();
  const taken = await lb01.waitUntilHolding(vips[1], 20_000);
  story.require(taken, `lb01 took ${vips[1]} after ${printDuration(monotonicMs() - fromMs)}`);
  await stage.waitForMaster(lb01, vips[1]);
  await stage.showInstances(lb01);
  await settle(1500);
  const [first, second] = await traffic.show(stage, fromMs);
  story.check(isAnsweredBy(first, "lb01"), `${vips[0]} noticed nothing`);
  story.check(
    (second?.outageMs ?? Infinity) < 6000,
    `${vips[1]} was answered again within the master-down interval`,
  );
}

export const dualMaster: Scenario = {
  name: "dual-master",
  title: "dual master: two addresses, each director serves one and covers the other",
  picture,
  balances: false,
  programs: [],
  topology: {
    networks: ["lan"],
    hosts: [
      { name: "client", interfaces: lan("100") },
      { name: "lb01", interfaces: lan("5") },
      { name: "lb02", interfaces: lan("6") },
    ],
  },
  async play(stage) {
    for (const name of ["lb01", "lb02"]) await startWebServer(stage.lab.host(name), pageSite(name));
    const lb01 = stage.director("lb01", "dual-master/lb01.conf");
    const lb02 = stage.director("lb02", "dual-master/lb02.conf");
    const traffic = await start(stage, lb01, lb02);
    await loseOne(stage, lb01, lb02, traffic);
    await regainOne(stage, lb01, lb02, traffic);
    await killOther(stage, lb01, lb02, traffic);
  },
};
