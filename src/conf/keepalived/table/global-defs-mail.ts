// global_defs: who this machine is, and the mails that it sends.

import { parseIpAddress } from "../../../base/address.ts";
import { flag, keyword, single, toggle, withLines } from "./entries.ts";
import type { KeywordSpec, LineSpec } from "./keyword-spec.ts";
import { argument, clamped, many, optional, port, text } from "./kinds.ts";

const missing = "no mail is sent";

const emailLine: LineSpec = {
  name: "email-line",
  summary: "The recipients of alert mails: one or more addresses a line.",
  leading: [many("EMAIL", text)],
  options: [],
};

/** The identity and mail keywords of global_defs. */
export const mailKeywords: readonly KeywordSpec[] = [
  single(
    "router_id",
    "Names this machine in mails, in SNMP and in the status. It need not be the host's name.",
    "NAME",
    text,
    {
      unset: "the name of the host",
      withoutArgument: "the name of the host counts",
    },
  ),
  single("notification_email_from", "The sender's address of alert mails.", "EMAIL", text, {
    unset: "keepalived at the name of the host",
    withoutArgument: "the default sender counts",
    missing,
  }),
  keyword(
    "smtp_server",
    "The mail relay: an address or a name, perhaps with a port. The connection is plain, without login.",
    [argument("HOST", text), optional("PORT", port)],
    { unset: "no mail is sent", missing, check: hostFault },
  ),
  single("smtp_helo_name", "The name that this host gives in HELO.", "NAME", text, {
    unset: "the name of the host",
    withoutArgument: "the name of the host counts",
    missing,
  }),
  single(
    "smtp_connect_timeout",
    "How long a connection to the mail relay may take.",
    "SECONDS",
    clamped(1, 4294, "30 seconds count", "seconds"),
    { default: "30", missing },
  ),
  withLines("notification_email", "The recipients of alert mails.", [], emailLine, { missing }),
  toggle(
    "smtp_alert",
    "Turns mails on or off wherever nothing closer says otherwise: instances, sync groups, virtual servers, real servers.",
    { unset: "on for real servers, off for the others", missing },
  ),
  toggle("smtp_alert_vrrp", "Turns mails of instances and sync groups on or off.", {
    unset: "what `smtp_alert` says, else off",
    missing,
  }),
  toggle("smtp_alert_checker", "Turns mails of virtual servers and real servers on or off.", {
    unset: "what `smtp_alert` says, else on for real servers and off for virtual servers",
    missing,
  }),
  flag("no_email_faults", "Sends no mail when an instance goes to FAULT.", { missing }),
  toggle(
    "no_checker_emails",
    "Sends a mail when a real server comes or goes, not for each of its checks.",
    { default: "off", missing },
  ),
];

/** What is wrong with the relay: keepalived would ask the resolver for any text. */
function hostFault(words: readonly string[]): string | undefined {
  const [, host = ""] = words;
  if (parseIpAddress(host).ok || /^\w([\w.-]*\w)?\.?$/.test(host)) return undefined;
  const [, name = "", port = ""] = /^([\w.-]+):(\d+)$/.exec(host) ?? [];
  return port === ""
    ? `\`${host}\` is neither an address nor the name of a host`
    : `the port stands behind a blank: \`${name} ${port}\``;
}
