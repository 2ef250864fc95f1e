// Makes a scene from a seed. Every kind of fault takes part in every second scene, so that some
// scenes have one kind alone and others everything at once.

import { Prng } from "../../../src/base/prng.ts";
import { type LinkQuality, WHOLE } from "../../../src/simulated/segment.ts";
import { patienceMs, REFRESH_DEFAULT_MS } from "./bounds.ts";
import { membersDisagree } from "./crossed.ts";
import { drawFaults } from "./draw-faults.ts";
import { pick } from "./pick.ts";
import type { NodeScene, RouterScene, Scene, Settings } from "./scene.ts";

/** The scene of a seed. */
export function drawScene(seed: number): Scene {
  // One generator for each part, so that a draw more in one does not change the others.
  const routers = drawRouters(new Prng(seed ^ 0x0a));
  const nodes = drawNodes(new Prng(seed ^ 0x0b0000), routers);
  const quality = drawQuality(new Prng(seed ^ 0x0c000000));
  // Groups whose members disagree about the order of the nodes can yield to each other for long.
  const together =
    routers.length > 1 && new Prng(seed ^ 0x0f00).chance(0.6) && !membersDisagree(nodes);
  const empty = { faults: [], healAtMs: 0, apart: [] };
  const bare: Scene = { seed, routers, nodes, together, quality, ...empty };
  const spanMs = patienceMs(bare);
  const faults = drawFaults(new Prng(seed ^ 0x0d00), bare, spanMs);
  const lastMs = Math.max(faults.at(-1)?.atMs ?? 0, ...nodes.map((node) => node.startAtMs));
  const healAtMs = Math.ceil(lastMs + spanMs / 2);
  return { ...bare, faults, healAtMs, apart: drawApart(new Prng(seed ^ 0x0e00), nodes.length) };
}

function drawRouters(prng: Prng): readonly RouterScene[] {
  const version = prng.chance(0.4) ? 2 : 3;
  const count = prng.chance(0.25) ? 2 : 1;
  const family = version === 3 && prng.chance(0.3) ? 6 : 4;
  const unicast = prng.chance(0.2);
  return Array.from({ length: count }, (_, i) => ({
    name: `VI_${i + 1}`,
    vrid: prng.integer(1, 254),
    version,
    virtualAddresses: Array.from({ length: prng.integer(1, 3) }, (_one, k) => {
      if (family === 6) return k === 0 ? `fe80::${i + 1}:100` : `fd09::${i + 1}:${100 + k}`;
      return `${prng.chance(0.5) ? "10" : "192"}.9.${i}.${100 + k}`;
    }),
    ...(version === 2 && prng.chance(0.6) ? { password: "secret", sealed: prng.chance(0.4) } : {}),
    family,
    unicast,
    garpRefreshMs: pick(prng, [
      0,
      prng.integer(200, 1500),
      prng.integer(200, 1500),
      REFRESH_DEFAULT_MS,
    ]),
  }));
}

function drawNodes(prng: Prng, routers: readonly RouterScene[]): readonly NodeScene[] {
  const count = pick(prng, [2, 2, 3, 3, 4, 5]);
  const version = routers[0]?.version ?? 3;
  const intervals = version === 2 ? [100, 200] : [1, 5, 10, 30, 100, 250];
  const commonCs = pick(prng, intervals);
  const mixed = version === 3 && prng.chance(0.3);
  const preemption = pick(prng, ["all", "all", "none", "mixed"] as const);
  const priorities = pick(prng, ["distinct", "distinct", "any", "equal", "owner"] as const);
  const preemptDelayMs = prng.chance(0.15) ? commonCs * prng.integer(1, 80) : 0;
  const scriptWeight = pick(prng, [undefined, undefined, 0, -30, 30]);
  const distinct = draw(prng, count, 1, 254);
  const hosts = draw(prng, count, 2, 60);
  const drifting = prng.chance(0.3);
  const spanMs = commonCs * 40;
  const keelson = pick(prng, ["all", "none", "mixed"] as const);
  const crossed = prng.chance(0.2);
  return Array.from({ length: count }, (_, i) => {
    const ofFirst = (): Settings => {
      const own = priorities === "owner" && i === 0 ? 255 : (distinct[i] ?? 100);
      return {
        priority: priorities === "equal" ? 100 : priorities === "any" ? prng.integer(98, 102) : own,
        intervalCs: mixed ? Math.min(pick(prng, intervals), commonCs * 10) : commonCs,
        preempt: preemption === "all" || (preemption === "mixed" && prng.chance(0.5)),
        preemptDelayMs,
        ...(scriptWeight === undefined ? {} : { scriptWeight }),
      };
    };
    const first = ofFirst();
    // One node says the same interval of all, so that members of a group wait equally long.
    const settings = routers.map((_router, k) =>
      k > 0 && crossed ? { ...ofFirst(), intervalCs: first.intervalCs } : first,
    );
    // Both halves of the address space, so that a signed comparison is caught.
    const half = prng.chance(0.5);
    const addresses = routers.map(({ family }, k) => {
      const low = k > 0 && crossed ? prng.chance(0.5) : half;
      if (family === 6) return `fe80::${low ? "" : "ff00:0:"}${k + 1}:${hosts[i]}`;
      return low ? `10.0.${k}.${hosts[i]}` : `192.168.${k}.${hosts[i]}`;
    });
    return {
      name: `n${i + 1}`,
      addresses,
      settings,
      scriptAfterMs: prng.chance(0.5) ? 0 : Math.round((prng.next() * spanMs) / 2),
      startAtMs: prng.chance(0.5) ? 0 : Math.round(prng.next() * spanMs),
      keelson: keelson === "all" || (keelson === "mixed" && prng.chance(0.5)),
      alarmFirst: prng.chance(0.5),
      clockRate: drifting ? 0.99 + prng.next() * 0.02 : 1,
      clockStartMs: prng.integer(0, 100_000),
    };
  });
}

/** Different integers from `low` to `high`. */
function draw(prng: Prng, count: number, low: number, high: number): readonly number[] {
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(prng.integer(low, high));
  return [...drawn];
}

function drawQuality(prng: Prng): LinkQuality {
  if (prng.chance(0.6)) return WHOLE;
  return { ...WHOLE, delayMs: prng.next() * 0.4, jitterMs: prng.chance(0.5) ? 0 : 0.05 };
}

function drawApart(prng: Prng, nodes: number): readonly number[] {
  if (nodes < 2 || !prng.chance(0.25)) return [];
  const size = prng.integer(1, nodes - 1);
  return [...draw(prng, size, 0, nodes - 1)].sort((a, b) => a - b);
}
