// Log events in the words that keepalived's log has for them, for those who watch it.

import type { LogEvent } from "../../world/log.ts";

/** keepalived's name of the process that would have written an event. */
export function programOf(kind: string): string {
  if (/^(vrrp|script|repair|group|garp|bfd)/.test(kind)) return "Keepalived_vrrp";
  if (/^(real-server|quorum|probe|check|adopted)/.test(kind)) return "Keepalived_healthcheckers";
  return "Keepalived";
}

/** `(VI_1) Entering MASTER STATE: no advert for 3.6 s (was BACKUP)` for a transition; other events keep their text. */
export function inKeepalivedsWords(event: LogEvent): LogEvent {
  const { instance, from, to } = event.fields ?? {};
  if (event.kind !== "vrrp-transition" || instance === undefined || to === undefined) return event;
  const prefix = `${instance}: ${from} -> ${to}: `;
  const cause = event.text.startsWith(prefix) ? event.text.slice(prefix.length) : event.text;
  return { ...event, text: `(${instance}) Entering ${to} STATE: ${cause} (was ${from})` };
}
