// Makes a scene that fails as small as it can be and still fails in the same way.

import { type Played, playScene } from "./play-scene.ts";
import type { Fault, Scene } from "./scene.ts";

/** Plays at most this often. */
const PLAYS_MAX = 2000;

/** The smallest scene found that breaks the same invariant. */
export function shrinkScene(scene: Scene, play: (scene: Scene) => Played = playScene): Scene {
  const broken = play(scene).violation?.invariant;
  if (broken === undefined) return scene;
  let plays = 0;
  const fails = (candidate: Scene): boolean =>
    plays++ < PLAYS_MAX && play(candidate).violation?.invariant === broken;
  let smallest = scene;
  for (let size = -1; size !== weight(smallest); ) {
    size = weight(smallest);
    smallest = simplify(shrinkFaults(smallest, fails), fails);
  }
  return smallest;
}

function simplify(scene: Scene, fails: (scene: Scene) => boolean): Scene {
  let simplest = scene;
  for (;;) {
    const simpler = simplifications(simplest).find(
      (one) => weight(one) < weight(simplest) && fails(one),
    );
    if (simpler === undefined) return simplest;
    simplest = simpler;
  }
}

function weight(scene: Scene): number {
  return JSON.stringify(scene).length;
}

// Delta debugging: leaves out ever smaller parts of the list.
function shrinkFaults(scene: Scene, fails: (scene: Scene) => boolean): Scene {
  let faults = scene.faults;
  for (
    let part = Math.ceil(faults.length / 2);
    part >= 1;
    part = part === 1 ? 0 : Math.ceil(part / 2)
  )
    for (let at = 0; at < faults.length; ) {
      const fewer: readonly Fault[] = [...faults.slice(0, at), ...faults.slice(at + part)];
      if (fails({ ...scene, faults: fewer })) faults = fewer;
      else at += part;
    }
  return { ...scene, faults };
}

function simplifications(scene: Scene): readonly Scene[] {
  const plainNodes = scene.nodes.map((node) => ({
    ...node,
    startAtMs: 0,
    scriptAfterMs: 0,
    clockRate: 1,
    clockStartMs: 0,
    keelson: false,
  }));
  return [
    { ...scene, apart: [] },
    withOneRouter(scene),
    { ...scene, nodes: plainNodes },
    ...scene.nodes.map((_, i) => withoutNode(scene, i)),
    {
      ...scene,
      routers: scene.routers.map((router) => ({
        ...router,
        virtualAddresses: router.virtualAddresses.slice(0, 1),
      })),
    },
    ...scene.nodes.flatMap((node, i) =>
      [{ preemptDelayMs: 0 }, { preempt: true }].map((changes) => ({
        ...scene,
        nodes: scene.nodes.map((one, k) =>
          k === i
            ? { ...node, settings: node.settings.map((own) => ({ ...own, ...changes })) }
            : one,
        ),
      })),
    ),
  ];
}

function withOneRouter(scene: Scene): Scene {
  if (scene.routers.length === 1) return scene;
  return {
    ...scene,
    together: false,
    routers: scene.routers.slice(0, 1),
    nodes: scene.nodes.map((node) => ({
      ...node,
      addresses: node.addresses.slice(0, 1),
      settings: node.settings.slice(0, 1),
    })),
    faults: scene.faults.filter((fault) => !("router" in fault) || fault.router === 0),
  };
}

function withoutNode(scene: Scene, gone: number): Scene {
  if (scene.nodes.length <= 1) return scene;
  const renumber = (node: number): number => (node > gone ? node - 1 : node);
  const faults = scene.faults.flatMap((fault): Fault[] => {
    if (!("node" in fault)) return [fault];
    return fault.node === gone ? [] : [{ ...fault, node: renumber(fault.node) }];
  });
  return {
    ...scene,
    nodes: scene.nodes.filter((_, i) => i !== gone),
    faults,
    apart: scene.apart.filter((node) => node !== gone).map(renumber),
  };
}
