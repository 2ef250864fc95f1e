// Addresses, routes and rules of a MASTER as the real keepalived sets them from the same lines, and
// what becomes of them when somebody removes them.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Host } from "../../src/lab/host.ts";
import type { Lab } from "../../src/lab/lab.ts";
import type { LabProcess } from "../../src/lab/lab-process.ts";
import { waitFor } from "../../src/lab/waiting.ts";
import { buildVrrpLab, whyNot } from "./vrrp-lab.ts";
import { startKeelson, tell } from "./wish-of-text.ts";

const skip = whyNot() ?? false;
const timeoutMs = 30_000;

async function inLab(play: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await buildVrrpLab();
  try {
    for (const name of ["a", "b"])
      await lab
        .host(name)
        .shell(
          "sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.eth0.disable_ipv6=0; " +
            "ip address add fd09::5/64 dev eth0 nodad; " +
            "ip link add side type veth peer name edis; ip link set side up; ip link set edis up; " +
            "ip address add 10.8.0.1/24 dev side",
        );
    await play(lab);
  } finally {
    await lab.close();
  }
}

async function startKeepalived(host: Host, text: string): Promise<LabProcess> {
  await host.shell("rm -f /run/keepalived.pid /run/vrrp.pid");
  host.writeFile("/run/keepalived.conf", text);
  const files = ["-f", "/run/keepalived.conf", "-p", "/run/keepalived.pid", "-r", "/run/vrrp.pid"];
  return host.start(["keepalived", "--vrrp", "--dont-fork", ...files]);
}

async function until(look: () => Promise<boolean>, what: string): Promise<void> {
  const seen = await waitFor(async () => ((await look()) ? true : undefined), {
    timeoutMs,
    everyMs: 50,
  });
  assert.ok(seen, `waited in vain for ${what}`);
}

function instanceText(vrid: number, blocks: string): string {
  return [
    "vrrp_instance VI_1 {",
    "version 3",
    "interface eth0",
    `virtual_router_id ${vrid}`,
    "advert_int 0.1",
    "virtual_ipaddress {",
    "10.9.0.100/24",
    "}",
    blocks,
    "}",
    "",
  ].join("\n");
}

/** What `ip` shows without what tells of the moment. */
async function shown(host: Host, command: string): Promise<readonly string[]> {
  const text = await host.shell(`ip ${command}`);
  return text
    .split("\n")
    .map((line) => line.trim().replace(/\s+/g, " "))
    .filter((line) => line !== "")
    .sort();
}

const routes = [
  "virtual_routes {",
  "192.0.2.0/24 via 10.9.0.3 dev eth0",
  "198.51.100.0/24 src 10.9.0.100 via 10.9.0.3 metric 50 table 100",
  "203.0.113.0/25 dev side scope link mtu lock 1400 advmss 1300 initcwnd 20",
  "blackhole 203.0.113.128/26",
  "unreachable 203.0.113.192/26 table 100",
  "default via 10.9.0.3 dev eth0 table 101 tos 8",
  "192.0.3.0/24 via 10.9.9.9 dev eth0 onlink",
  "192.0.4.0/24 nexthop via 10.9.0.3 dev eth0 weight 2 nexthop via 10.8.0.9 dev side weight 5",
  "192.0.6.0/24 via 10.9.0.3 window 1000 quickack 1 congctl cubic features ecn reordering 5",
  "2001:db8:1::/48 via fd09::3 dev eth0 metric 77",
  "2001:db8:2::/48 dev side pref high hoplimit 10",
  "prohibit 2001:db8:3::/48",
  "}",
];

const rules = [
  "virtual_rules {",
  "from 10.9.0.100 table 100 priority 100",
  "to 192.0.2.0/24 fwmark 0x10/0xff lookup 101 preference 101",
  "iif eth0 tos 16 table 100 preference 102",
  "not from 10.0.0.0/8 oif side table 101 preference 103",
  "from 10.1.0.0/16 blackhole preference 104",
  "from 10.2.0.0/16 unreachable preference 105",
  "from 10.3.0.0/16 goto 200 preference 106",
  "from 10.4.0.0/16 table main suppress_prefixlength 0 preference 107",
  "from 10.7.0.0/16 uidrange 100-200 table 100 preference 108",
  "to 10.7.0.0/16 ipproto tcp sport 100-200 dport 80-81 table 100 preference 109",
  "from 2001:db8::/32 table 100 preference 110",
  "from 10.5.0.0/16 realms 3/4 table 100 preference 111",
  "from 10.6.0.0/16 table 100",
  "}",
];

test("routes and rules are as keepalived's", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const b = lab.host("b");
    const blocks = [...routes, ...rules].join("\n");
    const ours = await startKeelson(a, instanceText(51, blocks));
    await ours.untilState("MASTER");
    const theirs = await startKeepalived(b, instanceText(52, blocks));
    await until(
      async () => (await shown(b, "rule")).some((line) => line.startsWith("111:")),
      "keepalived's rules",
    );
    assert.deepEqual(
      ours.messages.filter(({ kind }) => kind === "log"),
      [],
    );
    for (const command of [
      "-4 -N route show table all proto 18",
      "-6 -N route show table all proto 18",
      "-4 -N rule",
      "-6 -N rule",
    ])
      assert.deepEqual(await shown(a, command), await shown(b, command), command);
    assert.ok((await shown(a, "-N route show table all proto 18")).length > 8);
    ours.send({ kind: "stop" });
    await until(async () => (await shown(a, "-4 rule")).length === 3, "no rule of ours");
    assert.deepEqual(await shown(a, "-N route show table all proto 18"), []);
    assert.deepEqual(await shown(a, "-6 -N route show table all proto 18"), []);
    await theirs.killFamily();
  }),
);

test("where keepalived's routes are not what is written, ours are `ip`'s", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const lines = [
      "192.0.5.0/24 via inet6 fd09::3 dev eth0",
      "192.0.6.0/24 dev eth0 rtt 100ms rttvar 50ms rto_min 20ms",
    ];
    const blocks = ["virtual_routes {", ...lines, "}"].join("\n");
    const router = await startKeelson(a, instanceText(51, blocks));
    await router.untilState("MASTER");
    const command = "-4 route show proto 18";
    await until(async () => (await shown(a, command)).length === 2, "both routes");
    const ours = await shown(a, command);
    router.send({ kind: "stop" });
    await until(async () => (await shown(a, command)).length === 0, "the end");
    for (const line of lines) await a.shell(`ip route add ${line} proto 18`);
    assert.deepEqual(await shown(a, command), ours);
  }),
);

test("a route and a rule that somebody removes come back at once, and it is told", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const blocks = [
      "virtual_routes {",
      "192.0.2.0/24 via 10.9.0.3 dev eth0",
      "198.51.100.0/24 via 10.9.0.3 dev eth0 no_track",
      "}",
      "virtual_rules {",
      "from 10.9.0.100 table 100 priority 100",
      "}",
    ].join("\n");
    const router = await startKeelson(a, instanceText(51, blocks));
    await router.untilState("MASTER");
    await until(async () => (await shown(a, "-4 rule")).length === 4, "the rule");
    await a.shell("ip route del 198.51.100.0/24; ip route del 192.0.2.0/24; ip rule del pref 100");
    await until(
      async () =>
        router.messages.filter(({ kind }) => kind === "repair").length === 2 &&
        (await shown(a, "-4 rule")).length === 4,
      "two repairs",
    );
    assert.match(await a.shell("ip route"), /192\.0\.2\.0\/24 via 10\.9\.0\.3 dev eth0 proto/);
    assert.doesNotMatch(await a.shell("ip route"), /198\.51\.100/, "no_track is left alone");
    // Another configuration takes away what it does not name.
    await tell(router, instanceText(51, ""));
    await until(async () => !(await a.shell("ip route")).includes("192.0.2"), "the route to go");
    assert.equal((await shown(a, "-4 rule")).length, 3);
  }),
);

test("static objects stand whatever the state, and are put back", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const statics = [
      "static_ipaddress {",
      "10.8.0.77/24 dev side brd + label side:1",
      "fd08::77/64 dev side",
      "}",
      "static_routes {",
      "192.0.2.0/24 via 10.8.0.9 dev side",
      "}",
      "static_rules {",
      "from 10.8.0.77 table 100 priority 300",
      "}",
      "",
    ].join("\n");
    const router = await startKeelson(a, statics + instanceText(51, ""));
    const complete = async (): Promise<boolean> =>
      /10\.8\.0\.77\/24 brd 10\.8\.0\.255 .*side:1/.test(await a.shell("ip address show side")) &&
      (await a.shell("ip address show side")).includes("fd08::77") &&
      (await a.shell("ip route")).includes("192.0.2.0/24") &&
      (await a.shell("ip rule")).includes("300:");
    await until(complete, "the static objects");
    await router.untilState("MASTER");
    await a.shell("ip address del 10.8.0.77/24 dev side; ip rule del pref 300");
    await until(complete, "the static objects to come back");
    router.send({ kind: "stop" });
    await until(async () => !(await a.shell("ip address show side")).includes("77/"), "the end");
    assert.doesNotMatch(await a.shell("ip route; ip rule"), /192\.0\.2|300:/);
  }),
);

test("static objects need no instance", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const text = "static_routes {\n192.0.2.0/24 via 10.9.0.3 dev eth0\n}\n";
    const router = await startKeelson(a, text);
    const there = async (): Promise<boolean> => (await a.shell("ip route")).includes("192.0.2.0");
    await until(there, "the route");
    await a.shell("ip route del 192.0.2.0/24");
    await until(there, "the route to come back");
    await tell(router, "static_rules {\nfrom 10.1.0.0/16 table 100\n}\n");
    await until(async () => !(await there()), "the route to go");
    assert.match(await a.shell("ip rule"), /16384:\s+from 10\.1\.0\.0\/16 lookup 100/);
  }),
);

test("addresses are as keepalived's, whatever their words", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const b = lab.host("b");
    const blocks = [
      "virtual_ipaddress_excluded {",
      "10.9.1.1/24 brd + label eth0:v scope link",
      "10.9.2.1 peer 10.9.2.2",
      "10.7.0.1/24 dev side noprefixroute",
      "fd09::100/128",
      "fd09::101/64 preferred_lft 0",
      "fd09::102/64 dev side home",
      "fd09::103/128 preferred_lft forever",
      "}",
      "vip_lease no",
    ].join("\n");
    const ours = await startKeelson(a, instanceText(51, blocks));
    await ours.untilState("MASTER");
    const theirs = await startKeepalived(b, instanceText(52, blocks.replace("vip_lease no", "")));
    const command = "-o address show to 10.6.0.0/15; ip -o -6 address show to fd09::100/120";
    const ends = async (host: Host): Promise<readonly string[]> =>
      (await shown(host, command)).map((line) => line.replace(/^\d+: /, ""));
    await until(async () => (await ends(b)).length >= 5, "keepalived's addresses");
    assert.deepEqual(await ends(a), await ends(b));
    const others = "-o -4 address show dev eth0";
    const own = async (host: Host): Promise<readonly string[]> =>
      (await shown(host, others)).filter((line) => !/10\.9\.0\.[12]\//.test(line));
    assert.deepEqual(
      (await own(a)).map((line) => line.replace(/^\d+: /, "")),
      (await own(b)).map((line) => line.replace(/^\d+: /, "")),
    );
    await theirs.killFamily();
  }),
);
