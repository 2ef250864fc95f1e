// Every form of adverts between our process and the real keepalived: each must accept the other's.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import type { Host } from "../../src/lab/host.ts";
import type { LabProcess } from "../../src/lab/lab-process.ts";
import { waitFor } from "../../src/lab/waiting.ts";
import type { VrrpInstance } from "../../src/model/vrrp-instance.ts";
import type { UnicastSettings } from "../../src/model/vrrp-options.ts";
import { buildVrrpLab, instance, KeelsonRouter, killSilently, VIP, whyNot } from "./vrrp-lab.ts";

const skip = whyNot() ?? false;
const WAIT_MS = 30_000;
const VIP6 = "fd09::100" as IpAddress;
const LOCAL_VIP6 = "fe80::100" as IpAddress;

interface Form {
  readonly name: string;
  /** Our instance; the peer is host `b`. */
  readonly wish: Partial<VrrpInstance>;
  /** Lines of keepalived's instance on host `b`. */
  readonly lines: readonly string[];
  /** What its adverts hold. */
  readonly addresses: readonly string[];
}

const whole = { version: 2, advertIntervalCs: 100 } as const;
const six = {
  family: 6,
  multicastGroup: "ff02::12" as IpAddress,
  virtualAddresses: [
    { address: LOCAL_VIP6, prefixLength: 64 },
    { address: VIP6, prefixLength: 64 },
  ],
} as const;
const sixLines = [`${LOCAL_VIP6}/64`, `${VIP6}/64`];

function unicast(peer: string, changes: Partial<UnicastSettings> = {}): Partial<VrrpInstance> {
  const peers = [{ address: peer as IpAddress }];
  const settings = { peers, ttl: 255, checkSource: true, faultWithoutPeers: false, ...changes };
  return { options: { unicast: settings } };
}

const peersOf = (own: string, peer: string): readonly string[] => [
  `unicast_src_ip ${own}`,
  "unicast_peer {",
  peer,
  "}",
];
const auth = (type: string): readonly string[] => [
  "authentication {",
  `auth_type ${type}`,
  "auth_pass secret",
  "}",
];
const four = [`${VIP}/32`];

const forms: readonly Form[] = [
  { name: "version 2", wish: whole, lines: ["version 2", "advert_int 1"], addresses: four },
  {
    name: "version 2 with a password",
    wish: { ...whole, authentication: { type: "PASS", password: "secret" } },
    lines: ["version 2", "advert_int 1", ...auth("PASS")],
    addresses: four,
  },
  {
    name: "version 2 with authentication headers",
    wish: { ...whole, authentication: { type: "AH", password: "secret" } },
    lines: ["version 2", "advert_int 1", ...auth("AH")],
    addresses: four,
  },
  {
    name: "version 2 with authentication headers, unicast",
    wish: {
      ...whole,
      ...unicast("10.9.0.2"),
      authentication: { type: "AH", password: "secret" },
    },
    lines: ["version 2", "advert_int 1", ...auth("AH"), ...peersOf("10.9.0.2", "10.9.0.1")],
    addresses: four,
  },
  {
    name: "version 2, unicast",
    wish: { ...whole, ...unicast("10.9.0.2") },
    lines: ["version 2", "advert_int 1", ...peersOf("10.9.0.2", "10.9.0.1")],
    addresses: four,
  },
  { name: "version 3", wish: {}, lines: ["version 3", "advert_int 0.1"], addresses: four },
  {
    name: "version 3, unicast",
    wish: unicast("10.9.0.2"),
    lines: ["version 3", "advert_int 0.1", ...peersOf("10.9.0.2", "10.9.0.1")],
    addresses: four,
  },
  { name: "IPv6", wish: six, lines: ["version 3", "advert_int 0.1"], addresses: sixLines },
  {
    name: "IPv6, unicast",
    wish: { ...six, ...unicast("fd09::2") },
    lines: ["version 3", "advert_int 0.1", ...peersOf("fd09::2", "fd09::1")],
    addresses: sixLines,
  },
];

async function startKeepalived(host: Host, form: Form, priority: number): Promise<LabProcess> {
  await host.shell("rm -f /run/keepalived.pid /run/vrrp.pid");
  const lines = [
    "vrrp_instance VI_1 {",
    "state BACKUP",
    "interface eth0",
    "virtual_router_id 51",
    `priority ${priority}`,
    ...form.lines,
    "virtual_ipaddress {",
    ...form.addresses,
    "}",
    "}",
    "",
  ];
  host.writeFile("/run/keepalived.conf", lines.join("\n"));
  const files = ["-f", "/run/keepalived.conf", "-p", "/run/keepalived.pid", "-r", "/run/vrrp.pid"];
  return host.start(["keepalived", "--vrrp", "--dont-fork", "--log-console", ...files]);
}

async function until(host: Host, command: string, pattern: RegExp, what: string): Promise<void> {
  const look = async (): Promise<true | undefined> =>
    pattern.test(await host.shell(command)) || undefined;
  assert.ok(await waitFor(look, { timeoutMs: WAIT_MS, everyMs: 50 }), `${host.name}: ${what}`);
}

function rejected(status: Awaited<ReturnType<KeelsonRouter["status"]>>): number {
  return Object.values(status.counters.rejected).reduce((sum, count) => sum + count, 0);
}

describe("both roles beside the real keepalived", { concurrency: 3 }, () => {
  for (const form of forms)
    test(form.name, { skip }, async () => {
      const lab = await buildVrrpLab();
      try {
        const [a, b] = [lab.host("a"), lab.host("b")];
        for (const [i, host] of [a, b].entries()) {
          const settings = "/proc/sys/net/ipv6/conf/eth0";
          await host.shell(`echo 0 > ${settings}/accept_dad; echo 0 > ${settings}/disable_ipv6`);
          await host.shell(`ip -6 addr add fd09::${i + 1}/64 dev eth0 nodad`);
          await until(host, "ip -6 addr show dev eth0 scope link", /inet6 fe80/, "link-local");
        }
        const vip = form.addresses.at(-1)?.split("/")[0] ?? assert.fail("no address");
        const look = "ip -o address show dev eth0";
        const held = new RegExp(` ${vip}/`);
        // keepalived is MASTER and stays so, because we hear it.
        const master = await startKeepalived(b, form, 200);
        await until(b, look, held, "keepalived is MASTER");
        const router = await KeelsonRouter.start(a, [instance(form.wish)]);
        await router.until(
          async () => (await router.status()).counters.advertsReceived >= 5,
          "five accepted adverts",
        );
        const heard = await router.status();
        assert.equal(heard.state, "BACKUP");
        assert.deepEqual(heard.counters.rejected, {});
        assert.doesNotMatch(await a.shell(look), held);
        await killSilently(master);
        await b.shell(`ip addr flush dev eth0 to ${vip}`);
        const { counters: alone } = await router.untilState("MASTER");
        // keepalived hears us: it stays BACKUP for longer than it would wait in silence.
        const backup = await startKeepalived(b, form, 50);
        await router.until(() => backup.output.includes("Entering BACKUP STATE"), "keepalived");
        const sent = (await router.status()).counters.advertsSent;
        await router.until(
          async () => (await router.status()).counters.advertsSent >= sent + 6,
          "six more adverts",
        );
        assert.doesNotMatch(backup.output, /Entering MASTER STATE|[Ii]nvalid|bogus|mismatch/);
        const after = await router.status();
        assert.equal(after.state, "MASTER");
        assert.equal(rejected(after), 0);
        assert.equal(after.counters.advertsReceived, alone.advertsReceived, "it says nothing");
      } finally {
        await lab.close();
      }
    });
});
