// examples/dr: two directors share an address and forward to two real servers, which answer the
// client directly.

import type { Director } from "../director.ts";
import { type Scenario, type Stage, settle, wallSinceMs } from "../stage.ts";
import { printDuration } from "../story.ts";
import { Traffic, type TrafficSummary } from "../traffic.ts";
import { monotonicMs } from "../waiting.ts";
import { killWebServer, pageSite, startWebServer } from "../web-server.ts";

const vip = "193.168.140.80";

function lan(address: string): { name: string; network: string; addresses: string[] }[] {
  return [{ name: "ens4", network: "lan", addresses: [`193.168.140.${address}/24`] }];
}

const picture = `
     client          lb1           lb2           web1          web2
      .10            .11           .12           .152          .224
       │           keelson       keelson     nginx, VIP on  nginx, VIP on
       │             VIP?          VIP?       lo, no ARP     lo, no ARP
       │              │             │              │             │
   ════╧══════════════╧═════════════╧══════════════╧═════════════╧════
                       switch  193.168.140.0/24
`;

/** Whether two servers shared the answers about evenly, and nobody else answered. */
export function isShared(summary: TrafficSummary, pages: readonly string[]): boolean {
  const counts = pages.map((page) => summary.byAnswer.get(page) ?? 0);
  const fair = summary.answered / pages.length;
  return (
    counts.reduce((total, n) => total + n, 0) === summary.answered &&
    counts.every((n) => n > fair * 0.8 && n < fair * 1.2)
  );
}

async function flow(stage: Stage, traffic: Traffic, pages: readonly string[]): Promise<void> {
  const fromMs = monotonicMs();
  await settle(2500);
  const summary = await traffic.summarize(fromMs);
  stage.story.traffic(summary);
  stage.story.check(summary.lost === 0, "no request was lost");
  stage.story.check(
    isShared(summary, pages),
    `the answers alternate between ${pages.join(" and ")}`,
  );
}

async function start(stage: Stage, directors: readonly [Director, Director]): Promise<Traffic> {
  const { story } = stage;
  const [lb1, lb2] = directors;
  story.step("The pair starts, requests flow");
  story.act(`${stage.program.name} run -f lb1.conf on lb1, -f lb2.conf on lb2`);
  await stage.start(lb1);
  await stage.start(lb2);
  story.require(await stage.waitForMaster(lb1, vip), `lb1 holds the VIP ${vip}`);
  for (const host of ["web1", "web2"])
    story.require(
      (await stage.waitForHealth(lb1, host, "up")) !== undefined,
      `${host} is healthy and in the pool`,
    );
  for (const director of directors) await stage.showInstances(director);
  await stage.showPools(lb1);
  const engine = (await lb1.status())?.engine;
  if (engine !== undefined) {
    story.fact("engine", `${engine.kind} on ${engine.interfaces.join(", ")}`);
    story.why(engine.reason);
  }
  const traffic = await Traffic.start(stage.lab.host("client"), { target: vip });
  await settle(500);
  await flow(stage, traffic, ["web1", "web2"]);
  return traffic;
}

async function loseRealServer(stage: Stage, lb1: Director, traffic: Traffic): Promise<void> {
  const { story, lab } = stage;
  story.step("A real server dies and leaves the pool");
  story.act("all processes of nginx on web1 are killed");
  const fromMs = monotonicMs();
  await killWebServer(lab.host("web1"));
  const down = await stage.waitForHealth(lb1, "web1", "down");
  story.require(down !== undefined, "web1 has left the pool");
  if (down === undefined) return;
  story.fact("web1", `down after ${printDuration(wallSinceMs(fromMs, down.sinceMs))}`);
  story.why(down.cause.text);
  await settle(200);
  const withoutMs = monotonicMs();
  await settle(2000);
  const without = await traffic.summarize(withoutMs);
  story.traffic(await traffic.summarize(fromMs));
  const clean = without.lost === 0 && without.byAnswer.get("web2") === without.answered;
  story.check(clean, `since then: ${without.sent} requests, none lost, all answered by web2`);
}

async function regainRealServer(stage: Stage, lb1: Director, traffic: Traffic): Promise<void> {
  const { story, lab } = stage;
  story.step("It comes back and is used again");
  story.act("nginx is started on web1");
  const fromMs = monotonicMs();
  await startWebServer(lab.host("web1"), pageSite("web1"));
  const up = await stage.waitForHealth(lb1, "web1", "up");
  story.require(up !== undefined, "web1 is in the pool again");
  if (up === undefined) return;
  story.fact("web1", `up after ${printDuration(wallSinceMs(fromMs, up.sinceMs))}`);
  story.why(up.cause.text);
  await settle(200);
  await flow(stage, traffic, ["web1", "web2"]);
}

async function loseMaster(
  stage: Stage,
  directors: readonly [Director, Director],
  traffic: Traffic,
): Promise<void> {
  const { story } = stage;
  const [lb1, lb2] = directors;
  story.step("The MASTER is killed, the VIP moves");
  const pinned = (await lb1.status())?.engine.kind === "xdp";
  const family = lb1.process?.family().length ?? 0;
  story.act(`kill -9 of all ${family} processes of ${stage.program.name} on lb1`);
  const fromMs = monotonicMs();
  await lb1.kill();
  const taken = await lb2.waitUntilHolding(vip, 20_000);
  const tookMs = monotonicMs() - fromMs;
  story.require(
    taken && (await stage.waitForMaster(lb2, vip)),
    `lb2 took the VIP after ${printDuration(tookMs)}`,
  );
  await stage.showInstances(lb2);
  const kept = pinned ? "keeps the VIP and forwards on" : "keeps the VIP, but forwards nothing";
  story.fact("lb1", `dead; its kernel ${kept}`);
  await settle(1500);
  const summary = await traffic.summarize(fromMs);
  story.traffic(summary);
  // RFC 9568: three adverts and the skew time are 3.65 s at priority 90; the rest is the machine's.
  if (pinned)
    story.check(
      summary.outageMs < 500,
      "clients hardly noticed: lb1's kernel forwarded until lb2 took over",
    );
  else
    story.check(
      summary.outageMs < 6000,
      "requests were answered again after the master-down interval",
    );
  story.check(isShared(summary, ["web1", "web2"]), "both real servers answer through lb2");
}

async function regainMaster(
  stage: Stage,
  directors: readonly [Director, Director],
  traffic: Traffic,
): Promise<void> {
  const { story } = stage;
  const [lb1, lb2] = directors;
  story.step("The MASTER comes back and takes over again");
  story.act(`${stage.program.name} run -f lb1.conf on lb1`);
  const fromMs = monotonicMs();
  await stage.start(lb1);
  story.require(await stage.waitForRelease(lb2, vip), "lb2 gave the VIP back");
  story.require(await stage.waitForMaster(lb1, vip), "lb1 holds the VIP");
  await stage.showInstances(lb1);
  await stage.showInstances(lb2);
  const settledMs = monotonicMs();
  await settle(2500);
  const after = await traffic.summarize(settledMs);
  const summary = await traffic.summarize(fromMs);
  story.traffic(summary);
  story.check(summary.outageMs < 6000, "clients hardly noticed");
  story.check(
    after.lost === 0 && isShared(after, ["web1", "web2"]),
    "both real servers answer through lb1",
  );
}

export const directRouting: Scenario = {
  name: "dr",
  title: "direct routing: two directors, one address, two real servers",
  picture,
  balances: true,
  programs: [],
  topology: {
    networks: ["lan"],
    hosts: [
      { name: "client", interfaces: lan("10") },
      { name: "lb1", interfaces: lan("11") },
      { name: "lb2", interfaces: lan("12") },
      { name: "web1", interfaces: lan("152"), silentAddresses: [vip] },
      { name: "web2", interfaces: lan("224"), silentAddresses: [vip] },
    ],
  },
  async play(stage) {
    for (const name of ["web1", "web2"]) await startWebServer(stage.lab.host(name), pageSite(name));
    const directors = [
      stage.director("lb1", "dr/lb1.conf"),
      stage.director("lb2", "dr/lb2.conf"),
    ] as const;
    const traffic = await start(stage, directors);
    await loseRealServer(stage, directors[0], traffic);
    await regainRealServer(stage, directors[0], traffic);
    await loseMaster(stage, directors, traffic);
    await regainMaster(stage, directors, traffic);
  },
};
