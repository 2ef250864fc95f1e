// What must be true of nodes that see each other, once they have had the time that the bound grants.

import type { IpAddress } from "../../../src/base/address.ts";
import { membersDisagree } from "./crossed.ts";
import type { SceneNode } from "./scene-node.ts";
import type { Stage } from "./stage.ts";

/** The nodes that could be MASTER. */
export function eligible(nodes: readonly SceneNode[], router: number): readonly SceneNode[] {
  return nodes.filter((node) => {
    const { state } = node.part(router);
    return node.alive && !node.stopping && (state === "MASTER" || state === "BACKUP");
  });
}

/** S-1, S-4, S-5, S-6 of one connected part; returns the holder of each virtual router. */
export function checkSettled(stage: Stage, nodes: readonly SceneNode[], when: string): SceneNode[] {
  const holders = checkHolders(stage, nodes, when);
  if (stage.scene.together)
    stage.demand(
      "S-9",
      new Set(holders).size === 1,
      () => `${when}: ${holders.map((node) => node.name).join(" and ")} share a group`,
    );
  return holders;
}

function checkHolders(stage: Stage, nodes: readonly SceneNode[], when: string): SceneNode[] {
  return stage.scene.routers.map((router, i) => {
    const living = nodes.filter((node) => node.alive && !node.stopping);
    const masters = living.filter((node) => node.master(i));
    const names = masters.map((node) => node.name).join(", ");
    const [holder] = masters;
    if (holder === undefined || masters.length !== 1)
      stage.fail("S-5", `${router.name} ${when}: MASTER is ${names === "" ? "nobody" : names}`);
    const holders = living.filter((node) => node.holdsAny(i));
    if (holders.length !== 1 || holders[0] !== holder)
      stage.fail("S-5", `${router.name} ${when}: held by ${holders.map((node) => node.name)}`);
    checkRightful(stage, living, holder, i, when);
    return holder;
  });
}

// A group preempts when every member would.
function checkRightful(
  stage: Stage,
  living: readonly SceneNode[],
  holder: SceneNode,
  router: number,
  when: string,
): void {
  const { together, nodes, routers } = stage.scene;
  if (together && membersDisagree(nodes)) return;
  const members = together ? [...routers.keys()] : [router];
  const priority = (node: SceneNode, member: number): number => node.status(member)?.priority ?? 0;
  const told = (node: SceneNode): string => members.map((one) => priority(node, one)).join(" and ");
  const preempts = (node: SceneNode): boolean =>
    members.every((one) => node.part(one).settings.preempt || priority(node, one) === 255);
  const isHigher = (node: SceneNode): boolean =>
    members.every((one) => priority(node, one) > priority(holder, one));
  const candidates = eligible(living, router);
  const waiting = candidates.find((node) => preempts(node) && isHigher(node));
  stage.demand(
    "S-4",
    waiting === undefined,
    () =>
      `${when}: ${waiting?.name} (${waiting && told(waiting)}) waits behind ${holder.name} (${told(holder)})`,
  );
  if (!candidates.every(preempts) || together) return;
  const highest = Math.max(...candidates.map((node) => priority(node, router)));
  const own = priority(holder, router);
  stage.demand("S-6", own === highest, () => `${when}: ${holder.name} has ${own}, not ${highest}`);
}

/** S-8: clients believe the holder. */
export function checkClients(stage: Stage, holders: readonly SceneNode[], when: string): void {
  for (const [router, holder] of holders.entries()) {
    const client = stage.clients[router];
    for (const address of holder.part(router).virtualAddresses) {
      const mac = client?.learned.get(address as IpAddress) ?? "nobody";
      stage.demand(
        "S-8",
        holder.host.macs.includes(mac),
        () => `${when}: clients send ${address} to ${mac}, the holder is ${holder.name}`,
      );
    }
  }
}
