// examples/nat: the directors stand between two networks. One address is the outside's, the other
// is the real servers' gateway; the requests of one client stay with one real server.

import type { Director } from "../director.ts";
import { type Scenario, type Stage, settle, wallSinceMs } from "../stage.ts";
import { printDuration } from "../story.ts";
import { type RequestRecord, Traffic } from "../traffic.ts";
import { monotonicMs } from "../waiting.ts";
import { killWebServer, pageSite, startWebServer } from "../web-server.ts";

const outside = "193.168.140.80";
const gateway = "192.168.102.165";
const clients = ["193.168.140.10", "193.168.140.101", "193.168.140.102", "193.168.140.103"];

const picture = `
     client  193.168.140.10, .101, .102, .103
        │
   ═════╧══════════╤══════════════════════╤═══════════   193.168.140.0/24, VIP .80  (VI_1)
             ens4 .11                ens4 .12
                 lb1                     lb2             keelson, NAT, persistence 50 s
             ens3 .11                ens3 .12
   ═════╤══════════╧═══╤═══════════╤══════╧════╤══════   192.168.102.0/24, VIP .165 (LAN_GATEWAY)
      web1           web2        web3        web4
      .161           .162        .163        .164        gateway .165
`;

function routerInterfaces(host: string): { name: string; network: string; addresses: string[] }[] {
  return [
    { name: "ens4", network: "outside", addresses: [`193.168.140.${host}/24`] },
    { name: "ens3", network: "inside", addresses: [`192.168.102.${host}/24`] },
  ];
}

/** Real servers that answered each client, in order of time. */
function pagesByClient(
  records: readonly RequestRecord[],
  fromMs: number,
  toMs: number,
): Map<string, string[]> {
  const pages = new Map<string, string[]>();
  for (const record of records) {
    if (record.outcome !== "ok" || record.sentMs < fromMs || record.sentMs > toMs) continue;
    const seen = pages.get(record.source) ?? [];
    if (!seen.includes(record.answer)) seen.push(record.answer);
    pages.set(record.source, seen);
  }
  return pages;
}

/** Checks that each client stays with one real server and that both are used. */
async function flow(stage: Stage, traffic: Traffic, label: string): Promise<void> {
  const { story } = stage;
  const fromMs = monotonicMs();
  await settle(2500);
  const summary = await traffic.summarize(fromMs);
  story.traffic(summary, label);
  const pages = pagesByClient(traffic.records, fromMs, monotonicMs());
  for (const [client, seen] of pages) story.fact("", `client ${client} → ${seen.join(", ")}`);
  const sticks =
    pages.size === clients.length && [...pages.values()].every((seen) => seen.length === 1);
  story.check(sticks, "the requests of one client stay with one real server (persistence 50 s)");
  story.check(summary.byAnswer.size === 2, "different clients are spread over both real servers");
  story.check(summary.lost === 0, "no request was lost");
}

type Traffics = readonly [Traffic, Traffic];

async function start(stage: Stage, lb1: Director, lb2: Director): Promise<Traffics> {
  const { story } = stage;
  story.step("The pair starts, requests flow through NAT");
  story.act(`${stage.program.name} run -f lb1.conf on lb1, -f lb2.conf on lb2`);
  await stage.start(lb1);
  await stage.start(lb2);
  story.require(await stage.waitForMaster(lb1, outside), `lb1 holds ${outside}`);
  story.require(await stage.waitForMaster(lb1, gateway), `lb1 holds ${gateway}, the gateway`);
  for (const host of ["web1", "web2", "web3", "web4"])
    story.require(
      (await stage.waitForHealth(lb1, host, "up")) !== undefined,
      `${host} is healthy and in its pool`,
    );
  await stage.showInstances(lb1);
  await stage.showInstances(lb2);
  await stage.showPools(lb1);
  const client = stage.lab.host("client");
  const options = { sources: clients, intervalMs: 20 };
  const first = await Traffic.start(client, { ...options, target: outside });
  const second = await Traffic.start(client, { ...options, target: gateway });
  await settle(500);
  await flow(stage, first, outside);
  await flow(stage, second, gateway);
  return [first, second];
}

async function loseRealServer(stage: Stage, lb1: Director, traffic: Traffic): Promise<void> {
  const { story, lab } = stage;
  story.step("A real server dies and leaves the pool");
  story.act("all processes of nginx on web3 are killed");
  const fromMs = monotonicMs();
  await killWebServer(lab.host("web3"));
  const down = await stage.waitForHealth(lb1, "web3", "down");
  story.require(down !== undefined, "web3 has left the pool");
  if (down === undefined) return;
  story.fact("web3", `down after ${printDuration(wallSinceMs(fromMs, down.sinceMs))}`);
  story.why(down.cause.text);
  await settle(200);
  const withoutMs = monotonicMs();
  await settle(2000);
  const without = await traffic.summarize(withoutMs);
  story.traffic(await traffic.summarize(fromMs), outside);
  const clean = without.lost === 0 && without.byAnswer.get("web4") === without.answered;
  story.check(clean, `since then: ${without.sent} requests, none lost; its clients moved to web4`);
}

async function regainRealServer(stage: Stage, lb1: Director, traffic: Traffic): Promise<void> {
  const { story, lab } = stage;
  story.step("It comes back; clients stay where they are");
  const fromMs = monotonicMs();
  await startWebServer(lab.host("web3"), pageSite("web3"));
  const up = await stage.waitForHealth(lb1, "web3", "up");
  story.require(up !== undefined, "web3 is in the pool again");
  if (up === undefined) return;
  story.fact("web3", `up after ${printDuration(wallSinceMs(fromMs, up.sinceMs))}`);
  story.why(up.cause.text);
  await settle(1000);
  const summary = await traffic.summarize(fromMs);
  story.traffic(summary, outside);
  story.check(summary.lost === 0, "no request was lost");
}

async function changeMaster(
  stage: Stage,
  from: Director,
  to: Director,
  traffics: Traffics,
): Promise<void> {
  const { story } = stage;
  const fromMs = monotonicMs();
  const label = (): string => printDuration(monotonicMs() - fromMs);
  story.require(
    await stage.waitForMaster(to, outside),
    `${to.name} took ${outside} after ${label()}`,
  );
  story.require(
    await stage.waitForMaster(to, gateway),
    `${to.name} took ${gateway} after ${label()}`,
  );
  if (from.process?.end === undefined) {
    const released =
      (await stage.waitForRelease(from, outside)) && (await stage.waitForRelease(from, gateway));
    story.require(released, `${from.name} gave both addresses back`);
    await stage.showInstances(from);
  }
  await stage.showInstances(to);
  await settle(1500);
  for (const [index, traffic] of traffics.entries()) {
    const summary = await traffic.summarize(fromMs);
    story.traffic(summary, index === 0 ? outside : gateway);
    story.check(summary.outageMs < 6000, "answered again within the master-down interval");
  }
}

export const nat: Scenario = {
  name: "nat",
  title: "NAT: two directors between the outside and the real servers",
  picture,
  balances: true,
  programs: [],
  topology: {
    networks: ["outside", "inside"],
    hosts: [
      {
        name: "client",
        interfaces: [
          {
            name: "ens4",
            network: "outside",
            addresses: clients.map((address) => `${address}/24`),
          },
        ],
        routes: [`192.168.102.0/24 via ${outside}`],
      },
      ...["lb1", "lb2"].map((name, index) => ({
        name,
        interfaces: routerInterfaces(String(11 + index)),
        settings: { "net/ipv4/ip_forward": "1" },
      })),
      ...[161, 162, 163, 164].map((address, index) => ({
        name: `web${index + 1}`,
        interfaces: [{ name: "ens3", network: "inside", addresses: [`192.168.102.${address}/24`] }],
        routes: [`default via ${gateway}`],
      })),
    ],
  },
  async play(stage) {
    const { story } = stage;
    for (const name of ["web1", "web2", "web3", "web4"])
      await startWebServer(stage.lab.host(name), pageSite(name));
    const lb1 = stage.director("lb1", "nat/lb1.conf");
    const lb2 = stage.director("lb2", "nat/lb2.conf");
    const traffics = await start(stage, lb1, lb2);
    await loseRealServer(stage, lb1, traffics[0]);
    await regainRealServer(stage, lb1, traffics[0]);
    story.step("The MASTER is killed, both addresses move");
    story.act(`kill -9 of all processes of ${stage.program.name} on lb1`);
    await lb1.kill();
    await changeMaster(stage, lb1, lb2, traffics);
    story.step("The MASTER comes back and takes over again");
    await stage.start(lb1);
    await changeMaster(stage, lb2, lb1, traffics);
  },
};
