// Whether a MASTER takes packets for its addresses [accept, no_accept, strict_mode], and what keeps
// addresses from going with the first of their subnet [promote_secondaries].

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lab } from "../../src/lab/lab.ts";
import { waitFor } from "../../src/lab/waiting.ts";
import { buildVrrpLab, whyNot } from "./vrrp-lab.ts";
import { startKeelson, tell } from "./wish-of-text.ts";

const skip = whyNot() ?? false;

async function inLab(play: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await buildVrrpLab();
  try {
    for (const [i, name] of ["a", "b", "c"].entries()) {
      const settings = "net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.eth0.disable_ipv6=0";
      await lab
        .host(name)
        .shell(`sysctl -qw ${settings}; ip address add fd09::${i + 1}/64 dev eth0 nodad`);
    }
    await play(lab);
  } finally {
    await lab.close();
  }
}

function conf(words: string, priority = 100): string {
  return [
    "vrrp_instance VI_1 {",
    "version 3",
    "interface eth0",
    "virtual_router_id 51",
    "advert_int 0.1",
    `priority ${priority}`,
    words,
    "virtual_ipaddress {",
    "10.9.0.100/24",
    "}",
    "virtual_ipaddress_excluded {",
    "fd09::100/64",
    "}",
    "}",
    "",
  ].join("\n");
}

/** What a connection to a port where nobody listens ends with: an answer, or silence. */
async function knock(lab: Lab, address: string): Promise<"answered" | "silent"> {
  const attempt = `timeout 1 bash -c 'exec 3<>/dev/tcp/${address}/9' 2>&1 || true`;
  return /refused/.test(await lab.host("c").shell(attempt)) ? "answered" : "silent";
}

test("no_accept drops packets to the addresses, and neighbour discovery goes on", { skip }, () =>
  inLab(async (lab) => {
    const router = await startKeelson(lab.host("a"), conf("no_accept"));
    await router.untilState("MASTER");
    for (const address of ["10.9.0.100", "fd09::100"])
      assert.equal(await knock(lab, address), "silent", address);
    const neighbours = await lab.host("c").shell("ip neigh; ip -6 neigh");
    assert.match(neighbours, /10\.9\.0\.100 dev eth0 lladdr/);
    assert.match(neighbours, /fd09::100 dev eth0 lladdr/);
    assert.equal(await knock(lab, "10.9.0.1"), "answered", "the host itself is reachable");
    await tell(router, conf("accept"));
    const look = async (): Promise<true | undefined> =>
      (await knock(lab, "10.9.0.100")) === "answered" ? true : undefined;
    assert.ok(await waitFor(look, { timeoutMs: 30_000 }), "accept takes them");
    assert.equal(await knock(lab, "fd09::100"), "answered");
  }),
);

test("the strict mode refuses, unless it is the owner's", { skip }, () =>
  inLab(async (lab) => {
    const router = await startKeelson(lab.host("a"), conf("strict_mode on"));
    await router.untilState("MASTER");
    assert.equal(await knock(lab, "10.9.0.100"), "silent");
    router.send({ kind: "stop" });
    await router.until(() => router.messages.find(({ kind }) => kind === "stopped"), "the end");
    assert.equal(await lab.host("a").shell("nft list ruleset"), "", "nothing is left");
    const owner = await startKeelson(lab.host("b"), conf("strict_mode on\nstate MASTER", 255));
    await owner.untilState("MASTER");
    assert.equal(await knock(lab, "10.9.0.100"), "answered");
  }),
);

test("promote_secondaries is set while it is asked for", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const path = "/proc/sys/net/ipv4/conf/eth0/promote_secondaries";
    await a.shell(`echo 0 > ${path}`);
    const router = await startKeelson(a, conf("promote_secondaries"));
    await router.untilState("MASTER");
    assert.equal((await a.shell(`cat ${path}`)).trim(), "1");
    await a.shell("ip address add 10.9.0.9/24 dev eth0; ip address del 10.9.0.1/24 dev eth0");
    assert.match(await a.shell("ip -4 address show dev eth0"), /10\.9\.0\.100\/24/);
    assert.ok(!router.messages.some(({ kind }) => kind === "repair"), "nothing to repair");
    router.send({ kind: "stop" });
    await router.until(() => router.messages.find(({ kind }) => kind === "stopped"), "the end");
    assert.equal((await a.shell(`cat ${path}`)).trim(), "0");
  }),
);
