// Keelson and the real keepalived as one pair, in both roles: everything that happens to them ends
// as the pure machine says.

import { describe, test } from "node:test";
import { type PairCase, playCase } from "./interop/play.ts";
import {
  everyday,
  PRIORITIES,
  type RouterName,
  type Step,
  tie,
  withoutFreeze,
  withoutPriorities,
  withoutUnplugging,
} from "./interop/story.ts";
import { whyNot } from "./vrrp-lab.ts";

const skip = whyNot() ?? false;
/** The pairs wait most of the time; more would stand in each other's way on a small machine. */
const CONCURRENCY = 8;

interface Setting {
  readonly name: string;
  readonly version: 2 | 3;
  /** Lines in the instance of a router. */
  readonly lines?: (router: RouterName) => readonly string[];
  /** Such lines that the simulator is not told: no interface there has another one below it. */
  readonly realLines?: readonly string[];
  /** Lines in global_defs. */
  readonly global?: readonly string[];
  readonly addresses?: readonly string[];
  /** Two instances in a sync group in the place of one. */
  readonly group?: boolean;
  readonly priorities?: PairCase["priorities"];
  readonly story?: readonly Step[];
  /** The story with keepalived as the higher router, where it differs. */
  readonly storyBelow?: readonly Step[];
  readonly ipv6?: boolean;
}

const addressOf = (router: RouterName): string => (router === "a" ? "10.9.0.1" : "10.9.0.2");
const other = (router: RouterName): RouterName => (router === "a" ? "b" : "a");
const authentication = (type: string): readonly string[] => [
  "authentication {",
  `auth_type ${type}`,
  "auth_pass 1111",
  "}",
];
const unicast = (router: RouterName): readonly string[] => [
  `unicast_src_ip ${addressOf(router)}`,
  "unicast_peer {",
  addressOf(other(router)),
  "}",
];

const settings: readonly Setting[] = [
  { name: "version 2, PASS", version: 2, lines: () => authentication("PASS") },
  { name: "version 2, AH", version: 2, lines: () => authentication("AH") },
  { name: "version 3", version: 3 },
  {
    name: "version 3, nopreempt",
    version: 3,
    lines: () => ["nopreempt"],
    // A MASTER that has slept while another took over: Keelson leaves it the addresses.
    storyBelow: withoutFreeze,
  },
  { name: "version 3, preempt_delay", version: 3, lines: () => ["preempt_delay 1"] },
  { name: "version 3, equal priorities", version: 3, priorities: { a: 100, b: 100 }, story: tie },
  {
    name: "version 3, owner of the address",
    version: 3,
    priorities: { a: 255, b: 50 },
    story: withoutPriorities,
    // An owner whose cable is back waits for the Down interval as anybody else.
    storyBelow: withoutUnplugging(withoutPriorities, ["a"]),
  },
  {
    name: "version 3, unicast",
    version: 3,
    lines: unicast,
    story: withoutUnplugging(everyday, ["b"]),
  },
  {
    name: "version 3, IPv6",
    version: 3,
    addresses: ["fe80::9:100/64", "fd09::100/64"],
    ipv6: true,
  },
  { name: "version 3, use_vmac", version: 3, realLines: ["use_vmac"] },
  { name: "version 3, sync group", version: 3, group: true },
  {
    name: "version 3, down_timer_adverts and higher_prio_send_advert",
    version: 3,
    lines: () => ["down_timer_adverts 2", "higher_prio_send_advert"],
  },
];

function instanceBlock(
  setting: Setting,
  { name, vrid, addresses }: { name: string; vrid: number; addresses: readonly string[] },
  router: RouterName,
  priority: number,
): string {
  return `vrrp_instance ${name} {
    state ${priority === 255 ? "MASTER" : "BACKUP"}
    interface eth0
    virtual_router_id ${vrid}
    priority ${priority}
    advert_int ${intervalMs(setting) / 1000}
    ${[...(setting.lines?.(router) ?? []), ...(setting.realLines ?? [])].join("\n    ")}
    virtual_ipaddress {
        ${addresses.join("\n        ")}
    }
}
`;
}

function intervalMs({ version }: Setting): number {
  return version === 2 ? 1000 : 100;
}

function configuration(setting: Setting, router: RouterName, priority: number): string {
  const { version, global = [], addresses = ["10.9.0.100"], group = false } = setting;
  const globals = [`vrrp_version ${version}`, ...global].join("\n    ");
  const first = instanceBlock(setting, { name: "VI_1", vrid: 51, addresses }, router, priority);
  const second = { name: "VI_2", vrid: 52, addresses: ["10.9.0.101"] };
  const rest = group
    ? `${instanceBlock(setting, second, router, priority)}vrrp_sync_group VG {
    group {
        VI_1
        VI_2
    }
}
`
    : "";
  return `global_defs {
    ${globals}
}
${first}${rest}`;
}

function pairCase(setting: Setting, programs: PairCase["programs"]): PairCase {
  const below = programs.a === "keepalived";
  const advertIntervalMs = intervalMs(setting);
  return {
    programs,
    priorities: setting.priorities ?? PRIORITIES,
    advertIntervalMs,
    settleMs: 20 * advertIntervalMs + 5000,
    story: (below ? setting.storyBelow : undefined) ?? setting.story ?? everyday,
    ipv6: setting.ipv6 ?? false,
    text: (router, priority) => configuration(setting, router, priority),
    predictedText: (router, priority) =>
      configuration({ ...setting, realLines: [] }, router, priority),
  };
}

describe("Keelson and keepalived", { concurrency: CONCURRENCY, skip }, () => {
  for (const setting of settings) {
    test(`${setting.name}: Keelson above keepalived`, () =>
      playCase(pairCase(setting, { a: "keelson", b: "keepalived" })));
    test(`${setting.name}: keepalived above Keelson`, () =>
      playCase(pairCase(setting, { a: "keepalived", b: "keelson" })));
  }
});
