// examples/ldirectord-dr: an ldirectord.cf as it is, by direct routing. The address is the host's own, as it is beside
// ldirectord, which takes none.

import type { Director } from "../director.ts";
import { type Scenario, type Stage, settle, wallSinceMs } from "../stage.ts";
import { printDuration } from "../story.ts";
import { Traffic } from "../traffic.ts";
import { monotonicMs } from "../waiting.ts";
import { killWebServer, pageSite, startWebServer } from "../web-server.ts";

const vip = "192.168.2.188";

/** What the example's check wants to read, and who says it. */
const pages = ["Test Page of web1", "Test Page of web2"] as const;

function lan(...addresses: readonly string[]): {
  name: string;
  network: string;
  addresses: string[];
}[] {
  return [{ name: "ens4", network: "lan", addresses: [...addresses] }];
}

const picture = `
     client           lb            web1          web2
      .10       .11 and the VIP     .191          .192
       │           keelson      nginx, VIP on  nginx, VIP on
       │        ldirectord.cf    lo, no ARP     lo, no ARP
       │              │              │              │
   ════╧══════════════╧══════════════╧══════════════╧═════
                  switch  192.168.2.0/24
`;

async function flow(stage: Stage, traffic: Traffic): Promise<void> {
  const fromMs = monotonicMs();
  await settle(2500);
  const summary = await traffic.summarize(fromMs);
  stage.story.traffic(summary);
  stage.story.check(summary.lost === 0, "no request was lost");
  const [first, second] = pages.map((page) => summary.byAnswer.get(page) ?? 0);
  const share = (first ?? 0) / Math.max(1, (first ?? 0) + (second ?? 0));
  stage.story.check(share > 0.33 && share < 0.47, "web1 and web2 answer as 2 to 3, their weights");
}

async function start(stage: Stage, lb: Director): Promise<Traffic> {
  const { story } = stage;
  story.step("The director starts from an ldirectord.cf, requests flow");
  story.act(`${stage.program.name} run -f ldirectord.cf on lb`);
  await stage.start(lb);
  for (const host of ["web1", "web2"])
    story.require(
      (await stage.waitForHealth(lb, host, "up")) !== undefined,
      `${host} is healthy and in the pool`,
    );
  await stage.showPools(lb);
  const traffic = await Traffic.start(stage.lab.host("client"), { target: vip });
  await settle(500);
  await flow(stage, traffic);
  return traffic;
}

async function loseRealServer(stage: Stage, lb: Director, traffic: Traffic): Promise<void> {
  const { story, lab } = stage;
  story.step("A real server dies and leaves the pool");
  story.act("all processes of nginx on web1 are killed");
  const fromMs = monotonicMs();
  await killWebServer(lab.host("web1"));
  const down = await stage.waitForHealth(lb, "web1", "down");
  story.require(down !== undefined, "web1 has left the pool");
  if (down === undefined) return;
  story.fact("web1", `down after ${printDuration(wallSinceMs(fromMs, down.sinceMs))}`);
  story.why(down.cause.text);
  await settle(200);
  const withoutMs = monotonicMs();
  await settle(2000);
  const without = await traffic.summarize(withoutMs);
  const clean = without.lost === 0 && without.byAnswer.get(pages[1]) === without.answered;
  story.check(clean, `since then: ${without.sent} requests, none lost, all answered by web2`);
}

async function regainRealServer(stage: Stage, lb: Director, traffic: Traffic): Promise<void> {
  const { story, lab } = stage;
  story.step("It comes back and is used again");
  story.act("nginx is started on web1");
  await startWebServer(lab.host("web1"), pageSite(pages[0]));
  const up = await stage.waitForHealth(lb, "web1", "up");
  story.require(up !== undefined, "web1 is in the pool again");
  await settle(200);
  await flow(stage, traffic);
}

export const ldirectordDr: Scenario = {
  name: "ldirectord-dr",
  title: "an ldirectord.cf as it is: one director, two real servers by direct routing",
  picture,
  balances: true,
  programs: [],
  topology: {
    networks: ["lan"],
    hosts: [
      { name: "client", interfaces: lan("192.168.2.10/24") },
      { name: "lb", interfaces: lan("192.168.2.11/24", `${vip}/32`) },
      { name: "web1", interfaces: lan("192.168.2.191/24"), silentAddresses: [vip] },
      { name: "web2", interfaces: lan("192.168.2.192/24"), silentAddresses: [vip] },
    ],
  },
  async play(stage) {
    await startWebServer(stage.lab.host("web1"), pageSite(pages[0]));
    await startWebServer(stage.lab.host("web2"), pageSite(pages[1]));
    const lb = stage.director("lb", "ldirectord-dr/ldirectord.cf");
    const traffic = await start(stage, lb);
    await loseRealServer(stage, lb, traffic);
    await regainRealServer(stage, lb, traffic);
  },
};
