// Keelson and FRR's vrrpd as one pair, in both roles: everything that happens to them ends as the
// pure machine says.

import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { type PairCase, playCase } from "./interop/play.ts";
import {
  everyday,
  PRIORITIES,
  type Step,
  tie,
  withoutFreeze,
  withoutUnplugging,
} from "./interop/story.ts";
import { whyNot } from "./vrrp-lab.ts";

const noFrr = existsSync("/usr/lib/frr/vrrpd") ? undefined : "needs FRR";
const skip = whyNot() ?? noFrr ?? false;
const CONCURRENCY = 6;
const INTERVAL_MS = 100;

interface Setting {
  readonly name: string;
  readonly version: 2 | 3;
  readonly lines?: readonly string[];
  readonly priorities?: PairCase["priorities"];
  readonly story?: readonly Step[];
  readonly addresses?: readonly string[];
  readonly ipv6?: boolean;
  /** The story with FRR as the higher router, where it differs. */
  readonly storyBelow?: readonly Step[];
}

const settings: readonly Setting[] = [
  { name: "version 3", version: 3 },
  {
    name: "version 3, nopreempt",
    version: 3,
    lines: ["nopreempt"],
    // A MASTER that has slept while another took over: Keelson leaves it the addresses.
    storyBelow: withoutFreeze,
  },
  {
    name: "version 3, IPv6",
    version: 3,
    addresses: ["fe80::9:100/64", "fd09::100/64"],
    ipv6: true,
  },
  { name: "version 3, equal priorities", version: 3, priorities: { a: 100, b: 100 }, story: tie },
];

function pairCase(setting: Setting, programs: PairCase["programs"]): PairCase {
  const below = programs.a === "frr";
  const story = (below ? setting.storyBelow : undefined) ?? setting.story ?? everyday;
  return {
    programs,
    priorities: setting.priorities ?? PRIORITIES,
    advertIntervalMs: INTERVAL_MS,
    ipv6: setting.ipv6 ?? false,
    settleMs: 20 * INTERVAL_MS + 5000,
    // vrrpd does not look at the carrier of the interface that its adverts leave from.
    story: withoutUnplugging(story, [below ? "a" : "b"]),
    text: (_router, priority) => `global_defs {
    vrrp_version ${setting.version}
}
vrrp_instance VI_1 {
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority ${priority}
    advert_int ${INTERVAL_MS / 1000}
    ${(setting.lines ?? []).join("\n    ")}
    virtual_ipaddress {
        ${(setting.addresses ?? ["10.9.0.100"]).join("\n        ")}
    }
}
`,
  };
}

describe("Keelson and FRR", { concurrency: CONCURRENCY, skip }, () => {
  for (const setting of settings) {
    test(`${setting.name}: Keelson above FRR`, () =>
      playCase(pairCase(setting, { a: "keelson", b: "frr" })));
    test(`${setting.name}: FRR above Keelson`, () =>
      playCase(pairCase(setting, { a: "frr", b: "keelson" })));
  }
});
