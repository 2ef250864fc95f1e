// What goes wrong in a scene.

import type { Prng } from "../../../src/base/prng.ts";
import { type LinkQuality, WHOLE } from "../../../src/simulated/segment.ts";
import { junkKinds } from "./hostile.ts";
import { pick } from "./pick.ts";
import type { Fault, RouterScene, Scene, Settings } from "./scene.ts";
import { CLIENT } from "./stage.ts";

type Kind =
  | Exclude<Fault["kind"], "start" | "heal" | "cut" | "link">
  | "one-way"
  | "partition"
  | "links";

const KINDS: readonly Kind[] = [
  "crash",
  "stop",
  "same-reload",
  "overrun",
  "failover",
  "pause",
  "freeze",
  "suspend",
  "carrier",
  "admin",
  "wall-step",
  "reload",
  "take-address",
  "plant-address",
  "refuse",
  "script",
  "one-way",
  "partition",
  "quality",
  "links",
  "junk",
  "forged",
];

/** Faults in the order of their times; some bring back what an earlier one took. */
export function drawFaults(prng: Prng, scene: Scene, spanMs: number): readonly Fault[] {
  const kinds = KINDS.filter(() => prng.chance(0.5));
  if (kinds.length === 0) return [];
  const faults: Fault[] = [];
  let atMs = prng.next() * 1.5 * spanMs;
  const count = prng.integer(4, 14);
  for (let i = 0; i < count; i++) {
    const drawn = drawFault(prng, scene, { kind: pick(prng, kinds), atMs, spanMs });
    faults.push(...drawn.map((fault) => ({ ...fault, atMs: round(fault.atMs) })));
    atMs += prng.next() * spanMs;
    // What has died or has been cut off comes back in every second pause.
    if (prng.chance(0.3))
      faults.push({ kind: "start", atMs: round(atMs), node: anyNode(prng, scene) });
    if (prng.chance(0.2)) faults.push({ kind: "heal", atMs: round(atMs) });
  }
  return faults.sort((a, b) => a.atMs - b.atMs);
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function anyNode(prng: Prng, scene: Scene): number {
  return prng.integer(0, scene.nodes.length - 1);
}

interface Drawing {
  readonly kind: Kind;
  readonly atMs: number;
  readonly spanMs: number;
}

function drawFault(prng: Prng, scene: Scene, { kind, atMs, spanMs }: Drawing): readonly Fault[] {
  const node = anyNode(prng, scene);
  const router = prng.integer(0, scene.routers.length - 1);
  switch (kind) {
    case "crash":
    case "stop":
    case "same-reload":
    case "overrun":
      return [{ kind, atMs, node }];
    case "failover":
      return [{ kind, atMs, node, router }];
    case "pause":
    case "freeze":
    case "suspend":
      return [{ kind, atMs, node, forMs: round(drawSpan(prng, spanMs)) }];
    case "carrier":
    case "admin":
      return [
        { kind, atMs, node, router, up: false },
        { kind, atMs: atMs + drawSpan(prng, spanMs), node, router, up: true },
      ];
    case "wall-step":
      return [{ kind, atMs, node, byMs: prng.integer(-3_600_000, 3_600_000) }];
    case "take-address":
    case "plant-address":
      return [{ kind, atMs, node, router }];
    case "refuse":
      return [{ kind, atMs, node, forMs: round(prng.next() * spanMs) }];
    case "script":
      return [
        { kind, atMs, node, up: false },
        { kind, atMs: atMs + prng.next() * spanMs, node, up: true },
      ];
    case "reload":
      return [drawReload(prng, scene, node, router, atMs)];
    case "quality":
      return [{ kind, atMs, router, quality: drawQuality(prng, spanMs) }];
    case "one-way":
    case "partition":
    case "links":
      return drawLinks(prng, scene, { kind, atMs, spanMs }, router);
    case "junk":
    case "forged":
      return drawHostile(prng, scene, { kind, atMs, spanMs }, router);
  }
}

/** Often just below or above the patience of a BACKUP. */
function drawSpan(prng: Prng, spanMs: number): number {
  return prng.chance(0.3) ? spanMs * (0.9 + prng.next() * 0.2) : prng.next() * 2 * spanMs;
}

function drawReload(prng: Prng, scene: Scene, node: number, router: number, atMs: number): Fault {
  const own = scene.nodes[node]?.settings[router];
  const changes: { -readonly [K in keyof Settings]?: Settings[K] } = {};
  if (prng.chance(0.6)) changes.priority = prng.integer(1, 254);
  if (prng.chance(0.3)) changes.preempt = prng.chance(0.5);
  const scenery = scene.routers[router];
  if (scenery?.version !== 3 || own === undefined)
    return { kind: "reload", atMs, node, router, changes };
  if (prng.chance(0.4))
    changes.intervalCs = Math.max(1, Math.round(own.intervalCs * prng.next() * 2));
  if (!prng.chance(0.4)) return { kind: "reload", atMs, node, router, changes };
  const kept = scenery.virtualAddresses.filter(() => prng.chance(0.5));
  const virtualAddresses = [
    ...kept,
    scenery.family === 6
      ? `fd09::${router + 1}:${prng.integer(110, 112)}`
      : `10.9.${router}.${prng.integer(110, 112)}`,
  ];
  return { kind: "reload", atMs, node, router, changes, virtualAddresses };
}

function drawQuality(prng: Prng, spanMs: number): LinkQuality {
  const maybe = (value: () => number): number => (prng.chance(0.5) ? value() : 0);
  return {
    ...WHOLE,
    delayMs: prng.chance(0.7) ? 0.05 : prng.next() * spanMs * 0.1,
    jitterMs: maybe(() => pick(prng, [0.3, 5, 50])),
    loss: maybe(() => prng.next() * 0.4),
    duplication: maybe(() => prng.next() * 0.3),
    inOrder: prng.chance(0.5),
    corruption: maybe(() => prng.next() * 0.1),
    truncation: maybe(() => prng.next() * 0.05),
    replay: maybe(() => prng.next() * 0.05),
  };
}

function drawLinks(
  prng: Prng,
  scene: Scene,
  { kind, atMs, spanMs }: Drawing,
  router: number,
): readonly Fault[] {
  const names = scene.nodes.map((node) => node.name);
  const from = pick(prng, names);
  const to = pick(prng, [...names.filter((name) => name !== from), CLIENT]);
  if (kind === "links")
    return [{ kind: "link", atMs, router, from, to, quality: drawQuality(prng, spanMs) }];
  if (kind === "one-way") return [{ kind: "cut", atMs, router, from, to }];
  const inside = names.filter(() => prng.chance(0.5));
  const outside = names.filter((name) => !inside.includes(name));
  const faults: Fault[] = inside.flatMap((a) =>
    outside.flatMap((b): Fault[] => [
      { kind: "cut", atMs, router, from: a, to: b },
      { kind: "cut", atMs, router, from: b, to: a },
    ]),
  );
  return [...faults, { kind: "heal", atMs: atMs + drawSpan(prng, spanMs) }];
}

function drawHostile(
  prng: Prng,
  scene: Scene,
  { kind, atMs, spanMs }: Drawing,
  router: number,
): readonly Fault[] {
  const scenery: RouterScene | undefined = scene.routers[router];
  if (scenery === undefined) return [];
  const own = scene.nodes.map((node) => node.settings[router]);
  const count = prng.integer(1, 8);
  return Array.from({ length: count }, (_, i): Fault => {
    const time = atMs + (i * spanMs) / 10;
    if (kind === "junk") {
      const what = pick(prng, junkKinds(scenery));
      return { kind: "junk", atMs: time, router, what, random: prng.integer(0, 0x7fffffff) };
    }
    const settings = pick(prng, own);
    const priority = pick(prng, [0, 1, settings?.priority ?? 1, settings?.priority ?? 1, 254, 255]);
    const neighbours = scene.nodes.map((node) => node.addresses[router] ?? "10.0.0.1");
    const strangers = scenery.family === 6 ? ["fe80::1", "fe80::ffff"] : ["1.0.0.1", "223.0.0.1"];
    const source = pick(prng, [...neighbours, ...strangers]);
    const intervalCs = Math.max(1, Math.round((settings?.intervalCs ?? 100) * prng.next() * 2));
    return { kind: "forged", atMs: time, router, priority, intervalCs, source };
  });
}
