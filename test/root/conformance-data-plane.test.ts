// Duties of RFC 9568 that only a real kernel and real frames can show.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Host } from "../../src/lab/host.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { waitFor } from "../../src/lab/waiting.ts";
import { buildVrrpLab, VIP, whyNot } from "./vrrp-lab.ts";
import { startKeelson } from "./wish-of-text.ts";

const skip = whyNot() ?? false;
const VIRTUAL_MAC4 = "00:00:5e:00:01:33";
const VIRTUAL_MAC6 = "00:00:5e:00:02:33";

async function inLab(play: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await buildVrrpLab();
  try {
    await play(lab);
  } finally {
    await lab.close();
  }
}

function conf(priority: number, { words = "", address = `${VIP}/32` } = {}): string {
  const lines = ["version 3", "interface eth0", "virtual_router_id 51", "advert_int 0.1", words];
  const inside = [...lines, `priority ${priority}`, "virtual_ipaddress {", address, "}"];
  return ["vrrp_instance VI_1 {", ...inside, "}", ""].join("\n");
}

/** Records what `c` sees while something happens, until `enough`; one line a frame. */
async function watch(
  lab: Lab,
  filter: string,
  play: () => Promise<void>,
  enough: (lines: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const argv = ["tcpdump", "--immediate-mode", "-lnne", "-i", "eth0", filter];
  const dump = await lab.host("c").start(argv);
  const seen = async (truth: () => boolean, what: string): Promise<void> => {
    const look = (): true | undefined => (truth() ? true : undefined);
    assert.ok(await waitFor(look, { timeoutMs: 30_000, everyMs: 20 }), `${what}: ${dump.output}`);
  };
  const lines = (): readonly string[] =>
    dump.output.split("\n").filter((line) => line.includes("ethertype"));
  await seen(() => dump.output.includes("listening on"), "tcpdump listens");
  await play();
  await seen(() => enough(lines()), "enough frames");
  return lines();
}

const isAnswer = (line: string): boolean => line.includes(`Reply ${VIP} is-at`);
const isAdvert = (line: string): boolean => line.includes("> 224.0.0.18: ");
const isAnnouncement = (line: string): boolean =>
  line.includes(`who-has ${VIP}`) && line.includes(`tell ${VIP}`);

async function macOf(host: Host): Promise<string> {
  return (await host.shell("cat /sys/class/net/eth0/address")).trim();
}

/** `c` asks for the address anew until somebody answers. */
async function ask(lab: Lab): Promise<void> {
  const asking = `exec 3<>/dev/tcp/${VIP}/9`;
  await lab
    .host("c")
    .shell(`ip neigh flush to ${VIP}; timeout 2 bash -c '${asking}' 2>/dev/null || true`);
}

test(
  "D1, D4, P5 (RFC 9568 7.2, 7.3, 8.1.2): with use_vmac everything carries the virtual MAC address",
  { skip },
  () =>
    inLab(async (lab) => {
      const physical = await macOf(lab.host("a"));
      const frames = await watch(
        lab,
        "arp or ip proto 112",
        async () => {
          const router = await startKeelson(lab.host("a"), conf(100, { words: "use_vmac" }));
          await router.untilState("MASTER");
          await ask(lab);
        },
        (lines) => lines.some(isAnswer) && lines.some(isAdvert),
      );
      const adverts = frames.filter(isAdvert);
      assert.ok(adverts.length > 0);
      for (const line of adverts) assert.ok(line.includes(`${VIRTUAL_MAC4} >`), line);
      const answers = frames.filter(isAnswer);
      assert.ok(answers.length > 0);
      for (const line of answers) {
        assert.ok(line.includes(`is-at ${VIRTUAL_MAC4}`), line);
        assert.ok(!line.includes(physical), line);
      }
    }),
);

test("D1 (RFC 9568 7.3): over IPv6 it is the other virtual MAC address", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    await a.shell("sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.eth0.disable_ipv6=0");
    const address = "fe80::100/64\nfd09::100/64";
    const router = await startKeelson(a, conf(100, { words: "use_vmac", address }));
    await router.untilState("MASTER");
    assert.match(await a.shell("ip -br link"), new RegExp(VIRTUAL_MAC6));
  }),
);

test("D7 (RFC 9568 7.4): the virtual MAC address makes no interface identifier", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const router = await startKeelson(a, conf(100, { words: "use_vmac" }));
    await router.untilState("MASTER");
    assert.match(await a.shell("ip -d link show vrrp.51"), /addrgenmode none/);
    assert.ok(!(await a.shell("ip -6 address show")).includes("5eff:fe00:133"));
  }),
);

test(
  "D2, D3 (RFC 9568 6.4.2, 6.4.3): the Active alone answers, and packets reach it",
  { skip },
  () =>
    inLab(async (lab) => {
      const first = await startKeelson(lab.host("a"), conf(200));
      const second = await startKeelson(lab.host("b"), conf(100));
      await first.untilState("MASTER");
      await second.untilState("BACKUP");
      const frames = await watch(
        lab,
        "arp",
        () => ask(lab),
        (lines) => lines.some(isAnswer),
      );
      const answers = frames.filter(isAnswer);
      assert.ok(answers.length > 0);
      const mac = await macOf(lab.host("a"));
      for (const line of answers) assert.ok(line.includes(`is-at ${mac}`), line);
      const reach = `timeout 2 bash -c 'exec 3<>/dev/tcp/${VIP}/9' 2>&1 || true`;
      assert.match(await lab.host("c").shell(reach), /refused/);
    }),
);

test("D5 (RFC 9568 6.4.2): who becomes Active announces the address on the wire", { skip }, () =>
  inLab(async (lab) => {
    const frames = await watch(
      lab,
      "arp",
      async () => {
        const router = await startKeelson(lab.host("a"), conf(100));
        await router.untilState("MASTER");
      },
      (lines) => lines.filter(isAnnouncement).length >= 5,
    );
    const mac = await macOf(lab.host("a"));
    const own = frames.filter((line) => line.includes(`${mac} > ff:ff:ff:ff:ff:ff`));
    const announced = own.filter(isAnnouncement);
    assert.ok(announced.length >= 5, `${announced.length} announcements`);
  }),
);
