// Virtual routers with an interface and a MAC address of their own, beside the real keepalived.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Host } from "../../src/lab/host.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { waitFor } from "../../src/lab/waiting.ts";
import { buildVrrpLab, VIP, whyNot } from "./vrrp-lab.ts";
import { startKeelson } from "./wish-of-text.ts";

const skip = whyNot() ?? false;
const timeoutMs = 30_000;
const virtualMac = "00:00:5e:00:01:33";

async function inLab(play: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await buildVrrpLab();
  try {
    await play(lab);
  } finally {
    await lab.close();
  }
}

async function until(look: () => Promise<boolean>, what: string): Promise<void> {
  const truth = async (): Promise<true | undefined> => ((await look()) ? true : undefined);
  assert.ok(await waitFor(truth, { timeoutMs, everyMs: 50 }), `waited in vain for ${what}`);
}

function conf(priority: number, words = "use_vmac"): string {
  return [
    "vrrp_instance VI_1 {",
    "version 3",
    "interface eth0",
    "virtual_router_id 51",
    "advert_int 0.1",
    `priority ${priority}`,
    words,
    "virtual_ipaddress {",
    `${VIP}/32`,
    "}",
    "}",
    "",
  ].join("\n");
}

/** What host `c` has learned about the address, after it has asked. */
async function learned(lab: Lab): Promise<string> {
  const asking = "exec 3<>/dev/tcp/10.9.0.100/9 || true";
  await lab.host("c").shell(`timeout 1 bash -c '${asking}' 2>/dev/null || true`);
  return lab.host("c").shell(`ip neigh show ${VIP}`);
}

async function setting(host: Host, path: string): Promise<string> {
  return (await host.shell(`cat /proc/sys/net/${path}`)).trim();
}

test(
  "addresses are answered for with the virtual MAC address, and everything goes at a stop",
  {
    skip,
  },
  () =>
    inLab(async (lab) => {
      const a = lab.host("a");
      await a.shell("sysctl -qw net.ipv4.conf.all.rp_filter=1");
      const router = await startKeelson(a, conf(100));
      await router.untilState("MASTER");
      const link = await a.shell("ip -d link show vrrp.51");
      assert.match(link, /macvlan mode private/);
      assert.match(link, new RegExp(virtualMac));
      assert.match(await a.shell("ip address show vrrp.51"), /inet 10\.9\.0\.100\/32/);
      assert.match(await learned(lab), new RegExp(virtualMac));
      const [reach] = [
        await lab.host("c").shell("timeout 2 bash -c 'exec 3<>/dev/tcp/10.9.0.100/9' 2>&1 || true"),
      ];
      assert.match(reach ?? "", /refused/, "packets to the address arrive");
      assert.equal(await setting(a, "ipv4/conf/eth0/arp_ignore"), "1");
      assert.equal(await setting(a, "ipv4/conf/all/rp_filter"), "1", "others keep their filter");
      router.send({ kind: "stop" });
      await until(
        async () => !(await a.shell("ip -br link")).includes("vrrp.51"),
        "the link to go",
      );
      assert.equal(await setting(a, "ipv4/conf/eth0/arp_ignore"), "0");
    }),
);

test("what a crashed process left is taken over, and restored at the end", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const first = await startKeelson(a, conf(100));
    await first.untilState("MASTER");
    await first.process.killFamily();
    const index = await a.shell("cat /sys/class/net/vrrp.51/ifindex");
    const second = await startKeelson(a, conf(100));
    await second.untilState("MASTER");
    assert.equal(await a.shell("cat /sys/class/net/vrrp.51/ifindex"), index, "the same link");
    second.send({ kind: "stop" });
    await until(async () => !(await a.shell("ip -br link")).includes("vrrp.51"), "the link to go");
    assert.equal(await setting(a, "ipv4/conf/eth0/arp_ignore"), "0");
    assert.equal(await setting(a, "ipv4/conf/eth0/arp_announce"), "0");
  }),
);

test("a link that somebody removes is made again", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const router = await startKeelson(a, conf(100, "use_vmac vip51"));
    await router.untilState("MASTER");
    await a.shell("ip link del vip51");
    await until(
      async () => /10\.9\.0\.100/.test(await a.shell("ip address show vip51 2>&1 || true")),
      "the address to be back on its link",
    );
    await until(async () => (await learned(lab)).includes(virtualMac), "an answer");
  }),
);

test("it elects with a keepalived that uses a virtual MAC address, both ways", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const b = lab.host("b");
    b.writeFile("/run/keepalived.conf", conf(150));
    const files = ["-f", "/run/keepalived.conf", "-p", "/run/k.pid", "-r", "/run/v.pid"];
    const theirs = await b.start(["keepalived", "--vrrp", "--dont-fork", ...files]);
    const theyHold = async (): Promise<boolean> =>
      /10\.9\.0\.100/.test(await b.shell("ip address show vrrp.51 2>&1 || true"));
    await until(theyHold, "keepalived as MASTER");
    const router = await startKeelson(a, conf(100));
    const heard = async (): Promise<boolean> =>
      (await router.status()).state === "BACKUP" &&
      (await router.status()).counters.advertsReceived > 3;
    await until(heard, "adverts of keepalived");
    await theirs.killFamily();
    await router.untilState("MASTER");
    await b.shell("ip link del vrrp.51 2>/dev/null || true");
    const again = await b.start(["keepalived", "--vrrp", "--dont-fork", ...files]);
    await router.untilState("BACKUP");
    await until(theyHold, "keepalived as MASTER again");
    assert.doesNotMatch(await a.shell("ip address show vrrp.51"), /10\.9\.0\.100/);
    await again.killFamily();
  }),
);

test("without a base the instance is in FAULT, and comes back with it", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const router = await startKeelson(a, conf(100));
    await router.untilState("MASTER");
    await a.shell("ip link set eth0 down");
    await router.untilState("FAULT");
    await a.shell("ip link set eth0 up");
    await router.untilState("MASTER");
    await until(
      async () => /10\.9\.0\.100/.test(await a.shell("ip address show vrrp.51")),
      "the address",
    );
  }),
);

test(
  "an IPv6 router has its own link-local address there, and elects with keepalived",
  { skip },
  () =>
    inLab(async (lab) => {
      const settings = "net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.eth0.disable_ipv6=0";
      for (const name of ["a", "b", "c"])
        await lab
          .host(name)
          .shell(`sysctl -qw ${settings}; ip link set eth0 down; ip link set eth0 up; sleep 0.1`);
      const [a, b, c] = [lab.host("a"), lab.host("b"), lab.host("c")];
      const ready = async (host: Host): Promise<boolean> =>
        /fe80::.*scope link (?!tentative)/.test(await host.shell("ip -6 address show dev eth0"));
      for (const host of [a, b, c]) await until(() => ready(host), "a link-local address");
      const text = (priority: number): string =>
        conf(priority).replace(`${VIP}/32`, "fe80::100/64\nfd09::100/64");
      const router = await startKeelson(a, text(100));
      await router.untilState("MASTER");
      const own = await a.shell("ip -6 address show vrrp6.51");
      assert.match(own, /fd09::100\/64/);
      assert.match(await a.shell("ip link show vrrp6.51"), /00:00:5e:00:02:33/);
      await c.shell("ip address add fd09::3/64 dev eth0 nodad");
      const asked = async (): Promise<boolean> => {
        await c.shell("timeout 1 bash -c 'exec 3<>/dev/tcp/fd09::100/9' 2>/dev/null || true");
        return /00:00:5e:00:02:33/.test(await c.shell("ip -6 neigh show fd09::100"));
      };
      await until(asked, "an answer with the virtual MAC address");
      b.writeFile("/run/keepalived.conf", text(150));
      const files = ["-f", "/run/keepalived.conf", "-p", "/run/k.pid", "-r", "/run/v.pid"];
      const theirs = await b.start(["keepalived", "--vrrp", "--dont-fork", ...files]);
      await router.untilState("BACKUP");
      assert.doesNotMatch(await a.shell("ip -6 address show vrrp6.51"), /fd09::100/);
      await theirs.killFamily();
      await b.shell("ip link del vrrp6.51 2>/dev/null || true");
      await router.untilState("MASTER");
    }),
);

test("adverts leave with the virtual MAC address, or with the base's", { skip }, () =>
  inLab(async (lab) => {
    const [a, c] = [lab.host("a"), lab.host("c")];
    const base = (await a.shell("cat /sys/class/net/eth0/address")).trim();
    for (const [words, source] of [
      ["use_vmac", virtualMac],
      ["use_vmac\nvmac_xmit_base", base],
    ] as const) {
      const watching = await c.start(["tcpdump", "-lnei", "eth0", "proto", "112"]);
      const router = await startKeelson(a, conf(100, words));
      await router.untilState("MASTER");
      const heard = (): Promise<boolean> => Promise.resolve(/VRRPv3/.test(watching.output));
      await until(heard, "an advert");
      const adverts = watching.output.split("\n").filter((line) => line.includes("VRRPv3"));
      assert.ok(
        adverts.every((line) => line.includes(` ${source} > 01:00:5e:00:00:12`)),
        words,
      );
      assert.match(await a.shell("ip address show vrrp.51"), /10\.9\.0\.100/);
      router.send({ kind: "stop" });
      await router.until(() => router.messages.find(({ kind }) => kind === "stopped"), "the end");
      await watching.killFamily();
    }
  }),
);
