// Keelson and the real keepalived as one pair, in both roles: everything that happens to them ends
// as the pure machine says.

import { describe, test } from "node:test";
import { type PairCase, playCase } from "./interop/play.ts";
import { everyday, type Step, tie, withoutFreeze } from "./interop/story.ts";
import { whyNot } from "./vrrp-lab.ts";

const skip = whyNot() ?? false;
/** More would stand in each other's way on a small machine. */
const CONCURRENCY = 8;

interface Setting {
  readonly name: string;
  readonly version: 2 | 3;
  /** Lines in the instance. */
  readonly lines?: readonly string[];
  readonly priorities?: PairCase["priorities"];
  readonly story?: readonly Step[];
  /** The story with keepalived as the higher router, where it differs. */
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
  { name: "version 3, preempt_delay", version: 3, lines: ["preempt_delay 1"] },
  { name: "version 3, equal priorities", version: 3, priorities: { a: 100, b: 100 }, story: tie },
  {
    name: "version 2, PASS",
    version: 2,
    lines: ["authentication {", "auth_type PASS", "auth_pass 1111", "}"],
  },
];

function pairCase(setting: Setting, programs: PairCase["programs"]): PairCase {
  const below = programs.a === "keepalived";
  const intervalMs = setting.version === 2 ? 1000 : 100;
  return {
    programs,
    priorities: setting.priorities ?? { a: 200, b: 100 },
    advertIntervalMs: intervalMs,
    settleMs: 20 * intervalMs + 5000,
    story: (below ? setting.storyBelow : undefined) ?? setting.story ?? everyday,
    text: (_router, priority) => `global_defs {
    vrrp_version ${setting.version}
}
vrrp_instance VI_1 {
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority ${priority}
    advert_int ${intervalMs / 1000}
    ${(setting.lines ?? []).join("\n    ")}
    virtual_ipaddress {
        10.9.0.100
    }
}
`,
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
