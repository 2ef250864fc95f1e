// News of the VRRP process and of health checks as lines of the log.

import type { HealthChange } from "../health/engine/health-supervisor.ts";
import type { BalancerTable } from "../model/balancer-table.ts";
import { virtualServerName } from "../model/virtual-server.ts";
import type { LogEvent } from "../world/log.ts";
import type { EngineNews } from "./vrrp-channel.ts";

/** The line; undefined where the log says it elsewhere, or would only repeat itself. */
export function describeNews(news: EngineNews): LogEvent | undefined {
  switch (news.kind) {
    case "transition": {
      const { instance, from, to, cause, atMs } = news;
      return {
        level: to === "FAULT" ? "error" : "notice",
        kind: "vrrp-transition",
        text: `${instance}: ${from} -> ${to}: ${cause.text}`,
        fields: { instance, from, to, cause: cause.kind, atMs },
      };
    }
    case "group-transition": {
      const { group, from, to, cause, atMs } = news;
      return {
        level: to === "FAULT" ? "error" : "notice",
        kind: "vrrp-group-transition",
        text: `group ${group}: ${from} -> ${to}: ${cause.text}`,
        fields: { group, from, to, cause: cause.kind, atMs },
      };
    }
    case "priority-changed": {
      const { instance, from, to } = news;
      const text = `${instance}: priority ${from} -> ${to}`;
      return { level: "info", kind: "vrrp-priority", text, fields: { instance, from, to } };
    }
    case "alarm": {
      const { instance, alarm, active, text } = news;
      return {
        level: active ? "error" : "notice",
        kind: active ? "alarm" : "alarm-over",
        text: active
          ? `${instance}: ALARM ${alarm}: ${text}`
          : `${instance}: alarm ${alarm} ${text}`,
        fields: { instance, alarm },
      };
    }
    case "lower-priority-heard":
    case "bfd-session":
    case "repair":
      return undefined;
  }
}

/** The line of a change of health. */
export function describeHealthChange(change: HealthChange): LogEvent {
  const name = virtualServerName(change.key);
  const { cause } = change;
  if (change.kind === "quorum") {
    const text = `${name}: ${change.up ? "quorum gained" : "quorum lost"}: ${cause.text}`;
    return { level: change.up ? "notice" : "error", kind: cause.kind, text };
  }
  const { realServer, from, to } = change;
  const text = `${name}: real server ${realServer} ${from} -> ${to}: ${cause.text}`;
  return { level: to === "down" ? "warning" : "notice", kind: `real-server-${to}`, text };
}

/** What is told of a table that was found at the start; nothing of an empty one. */
export function describeAdoption({ services }: BalancerTable): readonly string[] {
  if (services.length === 0) return [];
  const count = plural(services.length, "virtual server");
  return [`data plane: forwards already, for ${count}: adopted`];
}

/** `1 server`, `2 servers`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
