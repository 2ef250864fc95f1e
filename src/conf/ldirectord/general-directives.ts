// Directives of the whole director, and those that a virtual server may have for itself.

import { alertStatuses } from "./check-forms.ts";
import { type DirectiveTable, everywhere, onTop } from "./directive-spec.ts";
import { fallbackServer } from "./real-form.ts";
import {
  freelyQuotedText,
  hostText,
  integer,
  plainText,
  quotedText,
  yesOrNo,
} from "./value-form.ts";

/** Longest time that a check can be told, in seconds. */
const secondsMax = 4_294_967;
const seconds = integer("SECONDS", 1, secondsMax);
const count = integer("N", 1, 1_000_000);

export const generalDirectives: Pick<
  DirectiveTable,
  | "checktimeout"
  | "negotiatetimeout"
  | "checkinterval"
  | "checkcount"
  | "failurecount"
  | "autoreload"
  | "callback"
  | "fallback"
  | "fallback6"
  | "fallbackcommand"
  | "logfile"
  | "emailalert"
  | "emailalertfrom"
  | "emailalertfreq"
  | "emailalertstatus"
  | "smtp"
  | "execute"
  | "supervised"
  | "fork"
  | "quiescent"
  | "readdquiescent"
  | "cleanstop"
  | "maintenancedir"
> = {
  checktimeout: {
    scopes: everywhere,
    summary: "How long connect, ping, external and LDAP or RADIUS checks may take.",
    value: seconds,
    default: "5, or `negotiatetimeout` where only that is written",
  },
  negotiatetimeout: {
    scopes: everywhere,
    summary: "How long each answer of a negotiate check may take.",
    value: seconds,
    default: "30, or `checktimeout` where only that is written",
  },
  checkinterval: {
    scopes: everywhere,
    summary:
      "Time between two checks of a server. Each server has its own rhythm: none waits for another.",
    value: seconds,
    default: "10",
  },
  checkcount: {
    scopes: everywhere,
    summary: "Attempts of a ping check.",
    value: count,
    default: "1",
    deprecated: "`failurecount` says how many failures in a row take a server out",
    missing: "a ping check makes one attempt",
    harmless: (attempts) => attempts === 1,
  },
  failurecount: {
    scopes: everywhere,
    summary: "Failures in a row until a server counts as down. One success brings it back.",
    value: count,
    default: "1",
  },
  autoreload: {
    scopes: onTop,
    summary: "Whether a changed file is read again without being told to.",
    value: yesOrNo,
    default: "no",
    missing: "a changed file is read when `keelson reload` is called",
    harmless: (on) => !on,
  },
  callback: {
    scopes: onTop,
    summary: "A program that is called with the path of the file when the file has changed.",
    value: quotedText,
    missing: "the program is not called",
  },
  fallback: {
    scopes: ["global", "virtual"],
    summary:
      "The server that takes the clients while no real server is up. Without a port it is the virtual server's.",
    value: fallbackServer,
  },
  fallback6: {
    scopes: ["global", "virtual6"],
    summary: "The same for virtual servers of IPv6.",
    value: fallbackServer,
  },
  fallbackcommand: {
    scopes: everywhere,
    summary:
      "A program that is called with `start` when the last real server goes down and with `stop` when one comes back, followed by the virtual server and its protocol.",
    value: freelyQuotedText,
  },
  logfile: {
    scopes: onTop,
    summary: "A file for the log, or the name of a syslog facility.",
    value: quotedText,
    default: '"/var/log/ldirectord.log"',
    missing: "the log goes where the program's output goes: the journal, under systemd",
  },
  emailalert: {
    scopes: everywhere,
    summary: "Addresses that get a mail when a server changes its state, separated by commas.",
    value: freelyQuotedText,
  },
  emailalertfrom: {
    scopes: onTop,
    summary: "The sender of these mails.",
    value: plainText,
  },
  emailalertfreq: {
    scopes: everywhere,
    summary: "Seconds after which a mail about a server that is still down is repeated; 0: never.",
    value: integer("SECONDS", 0, secondsMax, "first"),
    default: "0",
    missing: "mails are not repeated",
    harmless: (frequency) => frequency === 0,
  },
  emailalertstatus: {
    scopes: everywhere,
    summary: "In which states of the director mails are sent.",
    value: alertStatuses,
    default: "all",
    missing: "mails are sent in every state",
    harmless: (words) => words.includes("all"),
  },
  smtp: {
    scopes: everywhere,
    summary: "The host that takes the mails.",
    value: hostText,
  },
  execute: {
    scopes: onTop,
    summary: "Another configuration, for which another director is started.",
    value: plainText,
    repeats: true,
    missing: "no other director is started: run one for that file",
  },
  supervised: {
    scopes: onTop,
    summary:
      "Whether the program stays in the foreground and logs to its output. Keelson always does.",
    value: yesOrNo,
    default: "no",
  },
  fork: {
    scopes: onTop,
    summary:
      "Whether each virtual server gets a process for its checks. Keelson's checks run side by side in any case.",
    value: yesOrNo,
    default: "no",
  },
  quiescent: {
    scopes: everywhere,
    summary:
      "Whether a server that is down stays in the table with weight 0, where it keeps its persistent clients, or is taken out.",
    value: yesOrNo,
    default: "no (the manual says yes)",
  },
  readdquiescent: {
    scopes: onTop,
    summary:
      "Whether a server that is down and not in the table is added with weight 0. With `quiescent=yes` Keelson always does.",
    value: yesOrNo,
    default: "no",
  },
  cleanstop: {
    scopes: everywhere,
    summary: "Whether the virtual servers are removed at the end of the program.",
    value: yesOrNo,
    default: "yes",
    missing: "the table is emptied; `keelson stop --keep` leaves all of it",
    harmless: (clean) => clean,
  },
  maintenancedir: {
    scopes: onTop,
    summary: "A directory in which a file with the name of a server takes that server out.",
    value: plainText,
    missing:
      "files there take no server out: write `checktype=off`, or remove the server and reload",
  },
};
