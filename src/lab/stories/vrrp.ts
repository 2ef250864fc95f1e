// examples/vrrp: one address, two directors that serve the web themselves, and what VRRP is for: a hand-over by
// request, a VRRP process that dies, adverts that somebody filters, a network that falls apart and heals.

import type { DirectorStatus, VrrpInstanceStatus } from "../../model/status.ts";
import type { Director } from "../director.ts";
import { type Scenario, type Stage, settle, takeOverLimitMs } from "../stage.ts";
import { printDuration } from "../story.ts";
import { Traffic, type TrafficSummary } from "../traffic.ts";
import { monotonicMs } from "../waiting.ts";
import { pageSite, startWebServer } from "../web-server.ts";

const vip = "10.0.0.33";
const instance = "VI_1";

const picture = `
        client                lb1                   lb2
      10.0.0.100           10.0.0.5              10.0.0.6
          │             keelson, nginx        keelson, nginx
          │            10.0.0.33 MASTER      10.0.0.33 BACKUP
          │                  │                     │
   ═══════╧══════════════════╧═════════════════════╧═══════
                     switch  10.0.0.0/24
`;

/** Everybody who takes part. */
interface Cast {
  readonly stage: Stage;
  readonly lb1: Director;
  readonly lb2: Director;
  readonly traffic: Traffic;
}

async function instanceOn(director: Director): Promise<VrrpInstanceStatus | undefined> {
  return (await director.status())?.vrrpInstances[0];
}

async function showTraffic(
  { stage, traffic }: Cast,
  fromMs: number,
  toMs?: number,
): Promise<TrafficSummary> {
  const summary = await traffic.summarize(fromMs, toMs);
  stage.story.traffic(summary);
  return summary;
}

/** Whether next to everything was answered; on a busy machine a request may be late on its own account. */
function wentOn({ sent, lost }: TrafficSummary): boolean {
  return lost * 5 < sent;
}

/** Waits until only `director` holds the address and says that it is MASTER. */
async function requireMaster(stage: Stage, director: Director, other: Director): Promise<void> {
  const held = await stage.waitForMaster(director, vip);
  stage.story.require(held, `${director.name} is MASTER and holds ${vip}`);
  const released = await stage.waitForRelease(other, vip);
  stage.story.require(released, `${other.name} does not hold it`);
}

async function start(stage: Stage, lb1: Director, lb2: Director): Promise<Cast> {
  const { story, lab } = stage;
  story.step("Both directors start");
  story.act("keelson run -f lb1.conf on lb1, -f lb2.conf on lb2");
  await stage.start(lb1);
  await stage.start(lb2);
  await requireMaster(stage, lb1, lb2);
  await stage.showInstances(lb1);
  await stage.showInstances(lb2);
  const traffic = await Traffic.start(lab.host("client"), { target: vip });
  const cast = { stage, lb1, lb2, traffic };
  await settle(500);
  const fromMs = monotonicMs();
  await settle(1500);
  const { byAnswer } = await showTraffic(cast, fromMs);
  story.check((byAnswer.get("lb1") ?? 0) > 0 && !byAnswer.has("lb2"), "lb1 answers");
  return cast;
}

/** `keelson failover` on a director; its words are part of the story. */
async function handOver(cast: Cast, from: Director, to: Director): Promise<void> {
  const { stage } = cast;
  const { story } = stage;
  story.act(`keelson failover ${instance} on ${from.name}`);
  const fromMs = monotonicMs();
  const words = await from.failover(instance);
  for (const line of words.split("\n")) story.fact(from.name, line);
  await requireMaster(stage, to, from);
  await settle(1000);
  const summary = await showTraffic(cast, fromMs);
  story.check((summary.byAnswer.get(to.name) ?? 0) > 0, `${to.name} answers`);
  // A connection that is open at the moment of the change ends with it.
  story.check(wentOn(summary), "clients went on");
}

async function failOver(cast: Cast): Promise<void> {
  const { story } = cast.stage;
  story.step("lb1 hands over by request, and gets it back");
  await handOver(cast, cast.lb1, cast.lb2);
  await handOver(cast, cast.lb2, cast.lb1);
}

async function killProcess(cast: Cast): Promise<void> {
  const { stage, lb1, lb2 } = cast;
  const { story } = stage;
  story.step("The VRRP process of the MASTER is killed");
  const before = await lb1.status();
  const mastersBefore = (await instanceOn(lb2))?.counters.becameMaster;
  story.act(`kill -9 ${before?.vrrpPid} (the VRRP process) on lb1`);
  const fromMs = monotonicMs();
  await lb1.host.shell(`kill -9 ${before?.vrrpPid}`);
  const isBack = (status: DirectorStatus | undefined): boolean =>
    status?.vrrpPid !== undefined &&
    status.vrrpPid !== before?.vrrpPid &&
    status.vrrpInstances[0]?.state === "MASTER";
  const back = await story.waitFor("waiting for another one", takeOverLimitMs, async () =>
    isBack(await lb1.status()) ? true : undefined,
  );
  story.require(back === true, "the main process has started another one, which is MASTER");
  await stage.showInstances(lb1);
  await requireMaster(stage, lb1, lb2);
  await settle(1000);
  const summary = await showTraffic(cast, fromMs);
  const mastersAfter = (await instanceOn(lb2))?.counters.becameMaster;
  story.check(mastersAfter === mastersBefore, "lb2 never became MASTER");
  story.check(wentOn(summary), "clients went on");
}

async function filter(cast: Cast): Promise<void> {
  const { stage, lb1, lb2 } = cast;
  const { story, lab } = stage;
  story.step("The switch loses multicast to lb2");
  story.act("bridge link set dev lb2-eth0 mcast_flood off");
  const fromMs = monotonicMs();
  await lab.switch.shell("bridge link set dev lb2-eth0 mcast_flood off");
  const alarm = await story.waitFor("waiting for an alarm on lb2", takeOverLimitMs, async () =>
    (await instanceOn(lb2))?.alarms?.find(({ kind }) => kind === "adverts-missing"),
  );
  story.require(alarm !== undefined, "lb2 raises the alarm adverts-missing");
  story.why(alarm?.text ?? "");
  // Longer than a BACKUP is patient.
  await settle(4000);
  story.check(lb1.holds(vip) && !lb2.holds(vip), "lb1 holds the address, lb2 does not");
  await stage.showInstances(lb2);
  await lab.switch.shell("bridge link set dev lb2-eth0 mcast_flood on");
  const over = await story.waitFor("waiting for its end", takeOverLimitMs, async () => {
    const status = await instanceOn(lb2);
    return status !== undefined && (status.alarms ?? []).length === 0 ? true : undefined;
  });
  story.check(over === true, "the alarm is over when adverts arrive again");
  const { byAnswer } = await showTraffic(cast, fromMs);
  story.check(!byAnswer.has("lb2"), "lb1 alone has answered");
}

async function partition(cast: Cast): Promise<void> {
  const { stage, lb1, lb2 } = cast;
  const { story, lab } = stage;
  const isolate = (word: "on" | "off"): Promise<string> =>
    lab.switch.shell(
      ["lb1", "lb2"].map((name) => `bridge link set dev ${name}-eth0 isolated ${word}`).join("\n"),
    );
  story.step("lb1 and lb2 are cut off from each other");
  story.act("bridge link set dev lb1-eth0 isolated on, lb2-eth0 as well");
  const cutMs = monotonicMs();
  await isolate("on");
  const split = await stage.waitForMaster(lb2, vip);
  story.require(split, `both are MASTER, lb2 after ${printDuration(monotonicMs() - cutMs)}`);
  await stage.showInstances(lb2);
  story.why("without a witness nobody can tell a dead peer from a cut cable");
  await settle(1500);
  await showTraffic(cast, cutMs);
  story.step("The network heals");
  story.act("bridge link set dev lb1-eth0 isolated off, lb2-eth0 as well");
  const healedMs = monotonicMs();
  await isolate("off");
  await requireMaster(stage, lb1, lb2);
  await stage.showInstances(lb2);
  await settle(1000);
  await showTraffic(cast, healedMs);
  const fromMs = monotonicMs();
  await settle(1000);
  const { byAnswer } = await cast.traffic.summarize(fromMs);
  story.check((byAnswer.get("lb1") ?? 0) > 0 && !byAnswer.has("lb2"), "lb1 alone answers");
}

export const vrrp: Scenario = {
  name: "vrrp",
  title: "VRRP alone: one address, two directors, and what happens to them",
  picture,
  balances: false,
  onlyKeelson: true,
  programs: ["bridge"],
  topology: {
    networks: ["lan"],
    hosts: [
      { name: "client", interfaces: lan("100") },
      { name: "lb1", interfaces: lan("5") },
      { name: "lb2", interfaces: lan("6") },
    ],
  },
  async play(stage) {
    for (const name of ["lb1", "lb2"]) await startWebServer(stage.lab.host(name), pageSite(name));
    const lb1 = stage.director("lb1", "vrrp/lb1.conf");
    const lb2 = stage.director("lb2", "vrrp/lb2.conf");
    const cast = await start(stage, lb1, lb2);
    await failOver(cast);
    await killProcess(cast);
    await filter(cast);
    await partition(cast);
  },
};

function lan(address: string): { name: string; network: string; addresses: string[] }[] {
  return [{ name: "eth0", network: "lan", addresses: [`10.0.0.${address}/24`] }];
}
