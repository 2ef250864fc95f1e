// Subjects and texts of alert mails: the subjects are keepalived's, because people filter by them; the
// texts add why it happened.

import type { NotifyEvent, ToldState } from "./event.ts";
import { printKey, printServer } from "./fifo-line.ts";

/** A mail without its envelope. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
}

type StateEvent = Extract<NotifyEvent, { readonly kind: "state" }>;
type AlarmEvent = Extract<NotifyEvent, { readonly kind: "alarm" }>;
type ServerEvent = Extract<NotifyEvent, { readonly kind: "virtual-server" | "real-server" }>;

const headlines: Readonly<Record<ToldState, string>> = {
  MASTER: "Entering MASTER state",
  BACKUP: "Entering BACKUP state",
  FAULT: "Entering FAULT state",
  STOP: "Stopping",
  DELETED: "Deleted",
};

const instanceSentences: Readonly<Record<ToldState, string>> = {
  MASTER: "VRRP Instance is now owning VRRP VIPs",
  BACKUP: "VRRP Instance is no longer owning VRRP VIPs",
  FAULT: "VRRP Instance is no longer owning VRRP VIPs",
  STOP: "VRRP Instance stopping",
  DELETED: "VRRP Deleted at reload",
};

/** The mail about a change of state, which `state` names as programs are told it. */
export function renderStateMail(routerName: string, event: StateEvent, state: ToldState): MailText {
  const { subject, from, priority, cause } = event;
  const isGroup = subject.type === "GROUP";
  const title = isGroup ? "VRRP Group" : "VRRP Instance";
  const sentence = isGroup ? groupSentence(state) : instanceSentences[state];
  const lines = [`=> ${sentence} <=`, "", `Cause: ${cause.text}`];
  if (from !== undefined && from !== "INIT") lines.push(`Before: ${from}`);
  if (!isGroup) lines.push(`Priority: ${priority}`);
  return {
    subject: `[${routerName}] ${title} ${subject.name} - ${headlines[state]}`,
    text: `${lines.join("\n")}\n`,
  };
}

/** The mail about an alarm that begins or is over. */
export function renderAlarmMail(routerName: string, event: AlarmEvent): MailText {
  const { instance, alarm, active, text } = event;
  const word = active ? "ALARM" : "Alarm over";
  return {
    subject: `[${routerName}] VRRP Instance ${instance} - ${word}: ${alarm}`,
    text: `=> ${text} <=\n`,
  };
}

/** The mail about a virtual server's quorum or a real server. */
export function renderServerMail(routerName: string, event: ServerEvent): MailText {
  const word = event.up ? "UP" : "DOWN";
  const server = printKey(event.key);
  const what =
    event.kind === "virtual-server"
      ? `Virtualserver ${server}`
      : `Realserver ${printServer(event, event.key)} of virtual server ${server}`;
  return {
    subject: `[${routerName}] ${what} - ${word}`,
    text: `=> ${event.cause.text} <=\n`,
  };
}

function groupSentence(state: ToldState): string {
  if (state === "STOP") return "All VRRP group instances are now stopping";
  return `All VRRP group instances are now in ${state} state`;
}
