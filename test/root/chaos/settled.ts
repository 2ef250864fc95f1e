// Whether two routers have come to rest, and what is wrong with them if they have not.

import type { DirectorStatus } from "../../../src/model/status.ts";
import type { Held, Router } from "./router.ts";
import { addressesOf, virtualRoute } from "./site.ts";
import type { Stage } from "./stage.ts";

/** Everything that keeps a pair from being at rest, in words; empty: it is. */
export async function unrest(stage: Stage): Promise<readonly string[]> {
  const views = await Promise.all(
    stage.routers.map(async (router) => ({
      router,
      status: await router.status(),
      held: await router.held(),
    })),
  );
  const masters = views.filter(({ status }) => isMaster(status));
  const found = masters.length === 1 ? [] : [`${masters.length} routers are MASTER`];
  for (const { router, status, held } of views)
    found.push(...wrongWith(router, status, held).map((text) => `${router.name}: ${text}`));
  return found;
}

export function isMaster(status: DirectorStatus | undefined): boolean {
  return (
    status !== undefined &&
    status.vrrpInstances.length > 0 &&
    status.vrrpInstances.every(({ state }) => state === "MASTER")
  );
}

function wrongWith(
  router: Router,
  status: DirectorStatus | undefined,
  held: Held,
): readonly string[] {
  if (!router.isWanted) return leftOver(held);
  if (status === undefined) return ["does not answer"];
  if (status.vrrpPid === undefined) return ["has no VRRP process"];
  return [
    ...status.vrrpInstances.flatMap((one) => [
      ...(one.alarms ?? [])
        .filter(({ kind }) => kind !== "address-conflict")
        .map(({ kind, text }) => `${one.name}: alarm ${kind}: ${text}`),
      ...(one.state === "FAULT" || one.state === "INIT"
        ? [`${one.name} is ${one.state}: ${one.cause.text}`]
        : []),
    ]),
    ...wrongStates(status),
    ...wrongHoldings(router, isMaster(status), held),
  ];
}

function wrongStates(status: DirectorStatus): readonly string[] {
  const states = new Set(status.vrrpInstances.map(({ state }) => state));
  return states.size === 1 ? [] : [`a group in ${[...states].join(" and ")}`];
}

function wrongHoldings(router: Router, master: boolean, held: Held): readonly string[] {
  const found: string[] = [];
  for (const address of addressesOf(router.site)) {
    const count = held.addresses.split(`${address}/`).length - 1;
    if (count !== (master ? 1 : 0)) found.push(`has ${address} ${count} times`);
  }
  if (!router.site.hasExtraAddress && held.addresses.includes("10.8.0.101/"))
    found.push("has 10.8.0.101, which was removed");
  if (held.routes.includes(virtualRoute) !== master)
    found.push(master ? "lacks the route" : "has the route");
  if (/tentative|dadfailed/.test(held.addresses)) found.push("has a tentative address");
  return found;
}

/** What a director that was stopped has not taken along. */
export function leftOver(held: Held): readonly string[] {
  const found: string[] = [];
  if (/10\.[89]\.0\.10[01]\/|fd09::100\//.test(held.addresses)) found.push("left an address");
  if (held.routes.includes(virtualRoute)) found.push("left the route");
  if (held.tables.includes("keelson")) found.push(`left ${held.tables.trim()}`);
  if (/vrrp-main|keelson run/.test(held.processes)) found.push("left a process");
  return found;
}

/** What neither program ever says when it is well. */
export function crashes(router: Router): readonly string[] {
  const crash = /unhandled|uncaught|\w+Error:|^\s+at .*\(?file:|assertion|ERR_[A-Z]/im;
  return [
    ["director", router.output],
    ["VRRP process", router.vrrpLog],
  ].flatMap(([who, text = ""]) => {
    const at = text.search(crash);
    return at < 0
      ? []
      : [`${router.name}: ${who} said: ${text.slice(Math.max(0, at - 200), at + 800)}`];
  });
}

/** What is wrong with the notifications: the last of each instance must be its state. */
export function wronglyNotified(
  router: Router,
  status: DirectorStatus | undefined,
): readonly string[] {
  return (status?.vrrpInstances ?? []).flatMap(({ name, state }) => {
    const lines = router.notified.filter((line) => line.startsWith(`INSTANCE ${name} `));
    const last = lines.at(-1)?.split(" ")[2];
    return last === state ? [] : [`${router.name}: ${name} is ${state}, told last was ${last}`];
  });
}

/** States that were told twice in a row to the notify program, from a line on. */
export function toldTwice(router: Router, from: number): readonly string[] {
  const lines = router.notified;
  return lines.flatMap((line, i) => {
    const instance = line.split(" ")[1];
    const before = lines.slice(0, i).findLast((one) => one.split(" ")[1] === instance);
    return i >= from && before === line ? [`${router.name}: told twice: ${line}`] : [];
  });
}

/** All alarms, also the one that lingers until nobody has answered for a while. */
export async function standingAlarms(stage: Stage): Promise<readonly string[]> {
  const statuses = await Promise.all(stage.routers.map((router) => router.status()));
  return statuses.flatMap((status, i) =>
    (status?.vrrpInstances ?? []).flatMap(({ name, alarms = [] }) =>
      alarms.map(({ kind }) => `${stage.routers[i]?.name}: ${name}: alarm ${kind} never ends`),
    ),
  );
}
