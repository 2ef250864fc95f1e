// The objects under keepalived's names: where they are, which interface each has.

import type { VrrpState } from "../../model/status.ts";
import type { ManagementFacts } from "../facts.ts";

/** An instance as D-Bus shows it. */
export interface InstanceObject {
  readonly kind: "instance";
  readonly name: string;
  readonly state: VrrpState;
}

/** The one object that stands for all of VRRP. */
export interface VrrpObject {
  readonly kind: "vrrp";
}

export type BusObject = VrrpObject | InstanceObject;

/** Objects by their paths. */
export type ObjectTree = ReadonlyMap<string, BusObject>;

const root = "/org/keepalived/Vrrp1";

/** An element of a path may have letters, digits and underscores; the rest becomes underscores. */
function element(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, "_");
}

/** The path below which all objects are: with the names of namespace and process, where they have any. */
function rootOf({ model }: Pick<ManagementFacts, "model">): string {
  const { netNamespace, instanceName } = model.global.options ?? {};
  const names = [netNamespace, instanceName].filter((name) => name !== undefined && name !== "");
  return [root, ...names.map((name) => element(name ?? ""))].join("/");
}

/** The path of the object that stands for all of VRRP. */
export function vrrpPath(facts: Pick<ManagementFacts, "model">): string {
  return `${rootOf(facts)}/Vrrp`;
}

/** The path of an instance: interface, VRID, family. */
export function instancePath(
  facts: Pick<ManagementFacts, "model">,
  instance: { readonly interface: string; readonly vrid: number; readonly family: 4 | 6 },
): string {
  const { interface: name, vrid, family } = instance;
  return `${rootOf(facts)}/Instance/${element(name)}/${vrid}/IPv${family}`;
}

/** All objects of a configuration. */
export function objectTree(facts: Pick<ManagementFacts, "model" | "status">): ObjectTree {
  const states = new Map(facts.status.vrrpInstances.map(({ name, state }) => [name, state]));
  const tree = new Map<string, BusObject>([[vrrpPath(facts), { kind: "vrrp" }]]);
  for (const instance of facts.model.vrrpInstances) {
    const { name } = instance;
    const state = states.get(name) ?? "INIT";
    tree.set(instancePath(facts, instance), { kind: "instance", name, state });
  }
  return tree;
}

/** The next elements of the paths below a path. */
export function childrenOf(tree: ObjectTree, path: string): readonly string[] {
  const prefix = path === "/" ? "/" : `${path}/`;
  const children = [...tree.keys()]
    .filter((one) => one.startsWith(prefix))
    .map((one) => one.slice(prefix.length).split("/")[0] ?? "");
  return [...new Set(children)];
}
