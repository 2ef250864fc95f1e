// News of the VRRP process as lines of the log.

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
        text: `${instance}: ${text}`,
        fields: { instance, alarm },
      };
    }
    case "lower-priority-heard":
    case "bfd-session":
    case "repair":
      return undefined;
  }
}
