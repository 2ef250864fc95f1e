// What others tell, as events for notifications.

import type { HealthChange } from "../health/engine/health-supervisor.ts";
import { realServerIdentity } from "../model/health.ts";
import { type VirtualServer, virtualServerName } from "../model/virtual-server.ts";
import type { NotifyEvent } from "../notify/event.ts";
import type { EngineNews } from "./vrrp-channel.ts";

/** News of the VRRP process; undefined: nobody is told of them. `priorityOf` gives effective priorities. */
export function eventOfNews(
  news: EngineNews,
  priorityOf: (instance: string) => number,
): NotifyEvent | undefined {
  switch (news.kind) {
    case "transition": {
      const { instance: name, from, to, cause, atMs, priority = priorityOf(name) } = news;
      // An instance that waits or has stopped is in no state that anybody is told.
      if (to === "INIT") return undefined;
      const subject = { type: "INSTANCE", name } as const;
      return { kind: "state", subject, state: to, from, priority, cause, atMs };
    }
    case "group-transition": {
      const { group: name, from, to, cause, atMs } = news;
      if (to === "INIT") return undefined;
      const subject = { type: "GROUP", name } as const;
      return { kind: "state", subject, state: to, from, priority: 0, cause, atMs };
    }
    case "priority-changed":
      return { kind: news.kind, instance: news.instance, priority: news.to, atMs: news.atMs };
    case "lower-priority-heard": {
      const { kind, instance, atMs } = news;
      return { kind, instance, priority: priorityOf(instance), atMs };
    }
    case "alarm": {
      const { kind, instance, alarm, active, text, atMs } = news;
      return { kind, instance, alarm, active, text, atMs };
    }
    case "bfd-session":
    case "repair":
      return undefined;
  }
}

/** What a check has changed; undefined: it is what was taken for granted before the first check. */
export function eventOfHealth(
  change: HealthChange,
  servers: ReadonlyMap<string, VirtualServer>,
  atMs: number,
): NotifyEvent | undefined {
  const { key, cause } = change;
  if (change.kind === "quorum") return { kind: "virtual-server", key, up: change.up, cause, atMs };
  const server = servers.get(virtualServerName(key));
  const real = server?.realServers.find((one) => realServerIdentity(one) === change.realServer);
  if (server === undefined || real === undefined) return undefined;
  if (change.to !== "up" && change.to !== "down") return undefined;
  const up = change.to === "up";
  // Servers count as up until a check says otherwise, unless alpha is set.
  const expected = change.from === "unknown" && up;
  if (expected && !server.alpha && real.options?.alpha !== true) return undefined;
  const { address, port } = real;
  return { kind: "real-server", key, address, port, up, cause, atMs };
}

/** The effective priority that news tell of, where it is another one than was known. */
export function changedPriority(
  news: EngineNews,
  known: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> | undefined {
  if (news.kind !== "transition" && news.kind !== "priority-changed") return undefined;
  const priority = news.kind === "transition" ? news.priority : news.to;
  return priority === undefined || known[news.instance] === priority
    ? undefined
    : { [news.instance]: priority };
}
