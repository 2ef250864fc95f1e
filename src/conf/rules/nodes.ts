// Several nodes judged together: which instances of them are one virtual router.

import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import type { Configuration } from "./rule.ts";
import { instancesOf, type WrittenInstance } from "./vrrp-blocks.ts";

/** One node's part of a virtual router. */
export interface RouterPart {
  readonly node: Configuration;
  /** The node's file, as short as it can be without being mistaken for another one. */
  readonly nodeName: string;
  readonly instance: WrittenInstance;
  readonly value: VrrpInstance;
}

/** One virtual router as its nodes have it; at most one part a node, in the order of the nodes. */
export interface VirtualRouter {
  readonly parts: readonly RouterPart[];
}

const known = new WeakMap<readonly Configuration[], readonly VirtualRouter[]>();

/**
 * The virtual routers of several nodes. Instances belong together that share an address, or the VRID and besides the name or
 * the interface; and what then is left over, by the name alone. Instances that cannot run are left out.
 */
export function virtualRoutersOf(nodes: readonly Configuration[]): readonly VirtualRouter[] {
  const before = known.get(nodes);
  if (before !== undefined) return before;
  const routers = match(nodes);
  known.set(nodes, routers);
  return routers;
}

function match(nodes: readonly Configuration[]): readonly VirtualRouter[] {
  const routers: { parts: RouterPart[] }[] = [];
  for (const node of nodes) {
    const nodeName = nodeNameOf(node, nodes);
    const parts: RouterPart[] = [];
    for (const instance of instancesOf(node))
      if (instance.value !== undefined)
        parts.push({ node, nodeName, instance, value: instance.value });
    const waiting = new Set(parts);
    for (const likeness of [likely, sameName]) {
      const open = routers.filter((router) => router.parts.every((part) => part.node !== node));
      for (const { part, router } of mostAlikeFirst([...waiting], open, likeness)) {
        if (!waiting.has(part) || router.parts.at(-1)?.node === node) continue;
        router.parts.push(part);
        waiting.delete(part);
      }
    }
    for (const part of waiting) routers.push({ parts: [part] });
  }
  return routers;
}

type Likeness = (a: VrrpInstance, b: VrrpInstance) => number;

/** Every pair of a part and a router to which it may belong. */
function mostAlikeFirst<Router extends VirtualRouter>(
  parts: readonly RouterPart[],
  routers: readonly Router[],
  likeness: Likeness,
): readonly { readonly part: RouterPart; readonly router: Router }[] {
  const index = new Map<string, Set<Router>>();
  for (const router of routers)
    for (const { value } of router.parts)
      for (const key of keysOf(value)) index.set(key, (index.get(key) ?? new Set()).add(router));
  const pairs: { part: RouterPart; router: Router; alike: number }[] = [];
  for (const part of parts) {
    const near = new Set(keysOf(part.value).flatMap((key) => [...(index.get(key) ?? [])]));
    for (const router of near) {
      const alike = Math.max(...router.parts.map(({ value }) => likeness(part.value, value)));
      if (alike > 0) pairs.push({ part, router, alike });
    }
  }
  return pairs.sort((a, b) => b.alike - a.alike);
}

/** What two instances of one router have in common, at least one of it. */
function keysOf({ vrid, name, virtualAddresses }: VrrpInstance): readonly string[] {
  return [`vrid ${vrid}`, `name ${name}`, ...virtualAddresses.map(({ address }) => address)];
}

/** 0: not the same router. Addresses say more than numbers, numbers more than names. */
function likely(a: VrrpInstance, b: VrrpInstance): number {
  if (a.family !== b.family) return 0;
  const shared = sharedAddresses(a, b);
  const vrid = a.vrid === b.vrid;
  const name = a.name === b.name;
  const link = a.interface === b.interface;
  if (shared === 0 && !(vrid && (name || link))) return 0;
  return (shared > 0 ? 8 : 0) + (vrid ? 4 : 0) + (name ? 2 : 0) + (link ? 1 : 0);
}

function sameName(a: VrrpInstance, b: VrrpInstance): number {
  return a.name === b.name && a.family === b.family ? 1 : 0;
}

function sharedAddresses(a: VrrpInstance, b: VrrpInstance): number {
  const held = new Set(a.virtualAddresses.map(({ address }) => address));
  return b.virtualAddresses.filter(({ address }) => held.has(address)).length;
}

/** The parts of each router that two or more nodes have. */
export function sharedRoutersOf(
  nodes: readonly Configuration[],
): readonly { readonly first: RouterPart; readonly others: readonly RouterPart[] }[] {
  const shared = [];
  for (const { parts } of virtualRoutersOf(nodes)) {
    const [first, ...others] = parts;
    if (first !== undefined && others.length > 0) shared.push({ first, others });
  }
  return shared;
}

/** The last part of a node's path that tells it from the other nodes. */
export function nodeNameOf(node: Configuration, nodes: readonly Configuration[]): string {
  const pieces = node.file.split("/");
  for (let count = 1; count < pieces.length; count++) {
    const end = pieces.slice(-count).join("/");
    const same = nodes.filter(({ file }) => file === end || file.endsWith(`/${end}`));
    if (same.length === 1) return end;
  }
  return node.file;
}
