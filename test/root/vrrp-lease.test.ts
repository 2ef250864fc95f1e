// Addresses of a VRRP process that is dead, stopped or starved fall silent by themselves, before a
// peer could have taken over.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { IpAddress } from "../../src/base/address.ts";
import type { Host } from "../../src/lab/host.ts";
import type { Lab } from "../../src/lab/lab.ts";
import type { LabProcess } from "../../src/lab/lab-process.ts";
import { monotonicMs, waitFor } from "../../src/lab/waiting.ts";
import type { VrrpInstance } from "../../src/model/vrrp-instance.ts";
import { buildVrrpLab, holds, instance, KeelsonRouter, VIP, whyNot } from "./vrrp-lab.ts";

const skip = whyNot() ?? false;
const prober = fileURLToPath(new URL("./vip-prober.js", import.meta.url));
const waitMs = 30_000;
const vip6 = "fd09::100" as IpAddress;

async function inLab(play: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await buildVrrpLab();
  try {
    await play(lab);
  } finally {
    await lab.close();
  }
}

/** Asks a host for an address from host `c`. */
async function probe(lab: Lab, host: Host, address: string = VIP): Promise<LabProcess> {
  const mac = (await host.shell("cat /sys/class/net/eth0/address")).trim();
  const own = address.includes(":") ? "fd09::3" : "10.9.0.3";
  return lab.host("c").start([process.execPath, prober, "eth0", own, address, mac, "5"]);
}

/** When answers of a kind came, monotonic milliseconds. */
function answers(running: LabProcess, kind: string): readonly number[] {
  const lines = running.output.split("\n").filter((line) => line.startsWith(`${kind} `));
  return lines.map((line) => Number(line.split(" ")[1]));
}

async function untilAnswered(running: LabProcess, kind: string): Promise<void> {
  const look = (): true | undefined => (answers(running, kind).length > 20 ? true : undefined);
  assert.ok(await waitFor(look, { timeoutMs: waitMs, everyMs: 20 }), `no answer of ${kind}`);
}

/** Waits until nothing has been answered for a while, and returns the time of the last answer. */
async function lastAnswer(running: LabProcess, kind: string): Promise<number> {
  const quietMs = 1000;
  const look = (): number | undefined => {
    const last = answers(running, kind).at(-1) ?? 0;
    return monotonicMs() - last > quietMs ? last : undefined;
  };
  const last = await waitFor(look, { timeoutMs: waitMs, everyMs: 20 });
  return last ?? assert.fail("it goes on answering");
}

function everySecond(changes: Partial<VrrpInstance> = {}): VrrpInstance {
  return instance({ advertIntervalCs: 100, ...changes });
}

for (const [signal, what] of [
  ["SIGKILL", "killed"],
  ["SIGSTOP", "stopped"],
] as const)
  test(`a process that is ${what} is silent before a peer has lost patience`, { skip }, () =>
    inLab(async (lab) => {
      const a = lab.host("a");
      const router = await KeelsonRouter.start(a, [everySecond()]);
      await router.untilState("MASTER");
      const probing = await probe(lab, a);
      await untilAnswered(probing, "arp");
      await untilAnswered(probing, "ping");
      const atMs = monotonicMs();
      router.process.signal(signal);
      // The lease counts from the last advert, and a peer waits for three intervals and more.
      const patienceMs = 2900;
      assert.ok((await lastAnswer(probing, "arp")) - atMs < patienceMs, "ARP is silent");
      assert.ok((await lastAnswer(probing, "ping")) - atMs < patienceMs, "packets are dropped");
      const gone = await waitFor(async () => ((await holds(a)) ? undefined : true), {
        timeoutMs: waitMs,
      });
      assert.ok(gone, "the address itself expires");
    }),
  );

test("IPv6 addresses fall silent as well", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    for (const [i, name] of ["a", "b", "c"].entries()) {
      const settings = "net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.eth0.disable_ipv6=0";
      const add = `ip address add fd09::${i + 1}/64 dev eth0 nodad`;
      await lab.host(name).shell(`sysctl -qw ${settings}; ${add}`);
    }
    const excludedAddresses = [{ address: vip6, prefixLength: 64 }];
    const router = await KeelsonRouter.start(a, [everySecond({ excludedAddresses })]);
    await router.untilState("MASTER");
    const probing = await probe(lab, a, vip6);
    await untilAnswered(probing, "na");
    const atMs = monotonicMs();
    router.process.signal("SIGKILL");
    assert.ok((await lastAnswer(probing, "na")) - atMs < 2900);
    const shown = (): Promise<string> => a.shell("ip -6 -o address show dev eth0");
    const gone = await waitFor(async () => ((await shown()).includes(vip6) ? undefined : true), {
      timeoutMs: waitMs,
    });
    assert.ok(gone);
  }),
);

test("no two routers answer when one is killed", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const b = lab.host("b");
    const first = await KeelsonRouter.start(a, [instance({ priority: 200 })]);
    await first.untilState("MASTER");
    const second = await KeelsonRouter.start(b, [instance()]);
    await second.untilState("BACKUP");
    const ofA = await probe(lab, a);
    const ofB = await probe(lab, b);
    await untilAnswered(ofA, "ping");
    await first.process.killFamily();
    await untilAnswered(ofB, "ping");
    const takenAtMs = answers(ofB, "ping")[0] ?? 0;
    assert.ok((await lastAnswer(ofA, "ping")) < takenAtMs, "the dead one was silent before");
  }),
);

test("as long as the process lives there is no gap", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const router = await KeelsonRouter.start(a, [everySecond()]);
    await router.untilState("MASTER");
    const probing = await probe(lab, a);
    await untilAnswered(probing, "ping");
    const fromMs = monotonicMs();
    const look = (): true | undefined => (monotonicMs() - fromMs > 8000 ? true : undefined);
    await waitFor(look, { timeoutMs: waitMs, everyMs: 200 });
    const times = answers(probing, "ping").filter((atMs) => atMs > fromMs);
    const gaps = times.slice(1).map((atMs, i) => atMs - (times[i] ?? atMs));
    // A lease that ran out would cost what is left of half an interval.
    assert.ok(Math.max(...gaps) < 250, `the longest gap was ${Math.max(...gaps)} ms`);
    const bad = router.messages.filter(
      (message) => message.kind === "repair" || message.kind === "log",
    );
    assert.deepEqual(bad, []);
  }),
);

test("a packet filter that somebody flushes is installed again, and told", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const router = await KeelsonRouter.start(a, [everySecond()]);
    await router.untilState("MASTER");
    await a.shell("nft flush ruleset");
    const repair = await router.until(
      () => router.messages.find((message) => message.kind === "repair"),
      "a repair",
    );
    assert.ok(repair.kind === "repair" && repair.ok);
    assert.match(await a.shell("nft list table inet keelson_vrrp"), /10\.9\.0\.100 : jump lease_/);
  }),
);

test("without a lease the address stays until somebody removes it", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const router = await KeelsonRouter.start(a, [everySecond({ options: { lease: "no" } })]);
    await router.untilState("MASTER");
    const shown = await a.shell("ip -4 address show dev eth0");
    assert.match(shown, /10\.9\.0\.100\/32.*\n\s+valid_lft forever/);
    assert.equal(await a.shell("nft list ruleset"), "");
    // A new configuration gives it one, and takes it away again.
    await router.configure([everySecond({ priority: 101 })]);
    const look = async (): Promise<true | undefined> =>
      /10\.9\.0\.100\/32.*dynamic/.test(await a.shell("ip -4 address show dev eth0"))
        ? true
        : undefined;
    assert.ok(await waitFor(look, { timeoutMs: waitMs }), "the address got a lifetime");
  }),
);
