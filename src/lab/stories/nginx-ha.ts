// examples/nginx-ha: nginx as a reverse proxy on both directors, watched by scripts that restart
// it, give the address up, or end a split brain.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Director } from "../director.ts";
import { examplesDirectory, instanceOf, type Scenario, type Stage, settle } from "../stage.ts";
import { printDuration } from "../story.ts";
import { Traffic } from "../traffic.ts";
import { monotonicMs } from "../waiting.ts";
import {
  killWebServer,
  nginxArguments,
  pageSite,
  prepareWebServer,
  startWebServer,
} from "../web-server.ts";

const vip = "10.0.0.3";

const picture = `
        client               lb01                     lb02
      10.0.0.100           10.0.0.5                 10.0.0.6
          │           keelson, check_web       keelson, check_web, check_vip
          │              nginx (proxy)             nginx (proxy)
          │                  │                        │
   ═══════╧══════════════════╪════════════════════════╪═══════   10.0.0.0/24, VIP 10.0.0.3
                             │                        │
   ══════════════════════════╧══════════╤═════════════╧══╤════   172.16.1.0/24
                                     web07 .7         web08 .8
`;

/** Stands in for systemd in a director: the scripts call it, and so does the story. */
const systemctl = `#!/bin/sh
# systemd is not what this is about: start and stop by process id.
case "$1 $2" in
"start nginx") exec ${nginxArguments.join(" ")} ;;
"stop nginx") kill -TERM "$(cat /run/web/nginx.pid)" ;;
"stop keepalived") kill -TERM "$(cat /run/director.pid)" ;;
*) echo "systemctl $*: not in this host" >&2; exit 1 ;;
esac
`;

function interfaces(address: string): { name: string; network: string; addresses: string[] }[] {
  return [
    { name: "eth0", network: "front", addresses: [`10.0.0.${address}/24`] },
    { name: "eth1", network: "back", addresses: [`172.16.1.${address}/24`] },
  ];
}

async function prepareDirector(stage: Stage, name: string): Promise<void> {
  const host = stage.lab.host(name);
  for (const script of ["check_web.sh", "check_vip.sh"])
    host.copyFile(join(examplesDirectory, "nginx-ha", script), `/server/scripts/${script}`, 0o755);
  await host.overlay("/usr/local/sbin", { systemctl });
  // Programs that give their scripts a search path of their own find the machine's otherwise.
  const own = "/usr/bin/systemctl";
  await host.shell(`[ ! -e ${own} ] || mount --bind /usr/local/sbin/systemctl ${own}`);
  prepareWebServer(host, readFileSync(join(examplesDirectory, "nginx-ha", "proxy.conf"), "utf8"));
  await host.shell("systemctl start nginx");
}

async function isRunning(director: Director): Promise<boolean> {
  return (await director.host.run(["ps", "-C", "nginx", "--no-header"])).code === 0;
}

async function priorityOf(director: Director): Promise<number | undefined> {
  const status = await director.status();
  return status === undefined ? undefined : instanceOf(status, vip)?.priority;
}

/** Waits for a priority as tracked scripts make it; keepalived does not tell, and is believed. */
async function waitForPriority(
  stage: Stage,
  director: Director,
  priority: number,
): Promise<boolean> {
  if (stage.program.statusCommand === undefined) return (await settle(7000)) === undefined;
  const text = `waiting for the scripts of ${director.name} to count`;
  const reached = await stage.story.waitFor(
    text,
    30_000,
    async () => (await priorityOf(director)) === priority || undefined,
  );
  return reached === true;
}

async function start(stage: Stage, lb01: Director, lb02: Director): Promise<Traffic> {
  const { story } = stage;
  story.step("The proxies and the pair start");
  story.act(`nginx with proxy.conf, then ${stage.program.name}, on lb01 and lb02`);
  await stage.start(lb01);
  story.require(await stage.waitForMaster(lb01, vip), `lb01 holds ${vip}`);
  // lb02 gains 100 of its two scripts; it must not overtake lb01 before lb01 has gained its 50.
  story.require(
    await waitForPriority(stage, lb01, 200),
    "lb01 has priority 150 + 50, its script being well",
  );
  await stage.start(lb02);
  story.require(
    await waitForPriority(stage, lb02, 200),
    "lb02 has 100 + 50 + 50: equal, so it waits",
  );
  await stage.showInstances(lb01);
  await stage.showInstances(lb02);
  const traffic = await Traffic.start(stage.lab.host("client"), { target: vip });
  await settle(500);
  const fromMs = monotonicMs();
  await settle(2000);
  const summary = await traffic.summarize(fromMs);
  story.traffic(summary);
  story.check(
    summary.lost === 0 && summary.byAnswer.size === 2,
    "both web servers answer, none lost",
  );
  return traffic;
}

async function restartByScript(
  stage: Stage,
  lb01: Director,
  lb02: Director,
  traffic: Traffic,
): Promise<void> {
  const { story } = stage;
  story.step("nginx dies on lb01, check_web.sh starts it again");
  story.act("all processes of nginx on lb01 are killed");
  const fromMs = monotonicMs();
  await killWebServer(lb01.host);
  const restarted = await story.waitFor(
    "waiting for check_web.sh (every 5 s)",
    20_000,
    async () => (await isRunning(lb01)) || undefined,
  );
  story.require(
    restarted === true,
    `nginx runs again after ${printDuration(monotonicMs() - fromMs)}`,
  );
  story.check(lb01.holds(vip) && !lb02.holds(vip), "the VIP has stayed where it was");
  await settle(1500);
  const summary = await traffic.summarize(fromMs);
  story.traffic(summary);
  story.check(
    summary.outageMs < 8000,
    "requests were answered again after one round of the script",
  );
}

async function giveUp(
  stage: Stage,
  lb01: Director,
  lb02: Director,
  traffic: Traffic,
): Promise<void> {
  const { story } = stage;
  story.step("nginx dies and cannot start: the VIP moves");
  story.act("its configuration on lb01 is broken, then it is killed");
  const fromMs = monotonicMs();
  await lb01.host.shell("mv /run/web/nginx.conf /run/web/nginx.conf.good");
  await killWebServer(lb01.host);
  const taken = await story.waitFor(
    "waiting for check_web.sh to give up and stop the director",
    30_000,
    () => lb02.holds(vip) || undefined,
  );
  story.require(taken === true, `lb02 took the VIP after ${printDuration(monotonicMs() - fromMs)}`);
  const ended = await Promise.race([lb01.process?.ended, settle(10_000)]);
  story.check(ended !== undefined, `check_web.sh has stopped ${stage.program.name} on lb01`);
  await stage.showInstances(lb02);
  await settle(1500);
  const summary = await traffic.summarize(fromMs);
  story.traffic(summary);
  story.check(summary.outageMs < 12_000, "requests are answered again, through lb02");
}

async function endSplitBrain(
  stage: Stage,
  lb01: Director,
  lb02: Director,
  traffic: Traffic,
): Promise<void> {
  const { story } = stage;
  story.step("lb01 is mended; check_vip.sh hands the VIP back");
  story.act(`nginx and ${stage.program.name} are started on lb01; the priorities are equal`);
  const fromMs = monotonicMs();
  await lb01.host.shell("mv /run/web/nginx.conf.good /run/web/nginx.conf; systemctl start nginx");
  await stage.start(lb01);
  const back = await story.waitFor(
    "waiting for check_vip.sh on lb02 to see that lb01 serves again",
    40_000,
    () => (lb01.holds(vip) && !lb02.holds(vip)) || undefined,
  );
  story.require(
    back === true,
    `lb01 holds the VIP again after ${printDuration(monotonicMs() - fromMs)}`,
  );
  const ended = await Promise.race([lb02.process?.ended, settle(10_000)]);
  story.check(
    ended !== undefined,
    `check_vip.sh has stopped nginx and ${stage.program.name} on lb02`,
  );
  await stage.showInstances(lb01);
  await settle(1500);
  const summary = await traffic.summarize(fromMs);
  story.traffic(summary);
  story.check(summary.outageMs < 8000, "requests are answered again, through lb01");
}

async function complete(
  stage: Stage,
  lb01: Director,
  lb02: Director,
  traffic: Traffic,
): Promise<void> {
  const { story } = stage;
  story.step("lb02 is started again: the pair is whole");
  const fromMs = monotonicMs();
  await waitForPriority(stage, lb01, 200);
  await lb02.host.shell("systemctl start nginx");
  await stage.start(lb02);
  story.check(await waitForPriority(stage, lb02, 200), "lb02 is BACKUP with equal priority");
  await stage.showInstances(lb01);
  await stage.showInstances(lb02);
  story.check(lb01.holds(vip) && !lb02.holds(vip), "the VIP has stayed on lb01");
  const summary = await traffic.summarize(fromMs);
  story.traffic(summary);
  story.check(summary.lost === 0, "no request was lost");
}

export const nginxHa: Scenario = {
  name: "nginx-ha",
  title: "nginx kept available: proxies watched by scripts that weigh",
  picture,
  balances: false,
  programs: ["ps", "curl"],
  topology: {
    networks: ["front", "back"],
    hosts: [
      { name: "client", interfaces: interfaces("100").slice(0, 1) },
      { name: "lb01", interfaces: interfaces("5") },
      { name: "lb02", interfaces: interfaces("6") },
      { name: "web07", interfaces: interfaces("7").slice(1) },
      { name: "web08", interfaces: interfaces("8").slice(1) },
    ],
  },
  async play(stage) {
    for (const name of ["web07", "web08"])
      await startWebServer(stage.lab.host(name), pageSite(name));
    for (const name of ["lb01", "lb02"]) await prepareDirector(stage, name);
    const lb01 = stage.director("lb01", "nginx-ha/lb01.conf");
    const lb02 = stage.director("lb02", "nginx-ha/lb02.conf");
    const traffic = await start(stage, lb01, lb02);
    await restartByScript(stage, lb01, lb02, traffic);
    await giveUp(stage, lb01, lb02, traffic);
    await endSplitBrain(stage, lb01, lb02, traffic);
    await complete(stage, lb01, lb02, traffic);
  },
};
