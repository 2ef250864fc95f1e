// global_defs: who this machine is, and the mails that it sends.

import { parseIpAddress } from "../../../base/address.ts";
import { flag, keyword, single, toggle, withLines } from "./entries.ts";
import type { KeywordSpec, LineSpec } from "./keyword-spec.ts";
import { argument, choice, clamped, many, optional, path, port, text } from "./kinds.ts";

/** Mails about the checks of a real server are not sent, only those about the server. */
const oneMail = "a mail is sent for the server in any case, none for each check";

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
  }),
  keyword(
    "smtp_server",
    "The mail relay: an address or a name, perhaps with a port.",
    [argument("HOST", text), optional("PORT", port)],
    { unset: "no mail is sent", check: hostFault },
  ),
  keyword(
    "smtp_auth",
    "The login at the mail relay. A password that begins with `file:` stands in that file. It is sent over TLS only, unless `smtp_tls none` is written.",
    [argument("USER", text), argument("PASSWORD", { kind: "text", secret: true })],
    { unset: "there is no login", ours: true },
  ),
  keyword(
    "smtp_tls",
    "How the connection to the mail relay is protected: not at all, by STARTTLS when it is offered, by STARTTLS with a certificate that is trusted, or by TLS from the start. A file of certificates is trusted beside the usual ones.",
    [
      argument("MODE", choice(["none", "starttls", "require", "tls"], "the default counts")),
      optional("FILE", path),
    ],
    { unset: "`require` when there is a login, else `starttls`", ours: true },
  ),
  single("smtp_helo_name", "The name that this host gives in HELO.", "NAME", text, {
    unset: "the name of the host",
    withoutArgument: "the name of the host counts",
  }),
  single(
    "smtp_connect_timeout",
    "How long a connection to the mail relay may take.",
    "SECONDS",
    clamped(1, 4294, "30 seconds count", "seconds"),
    { default: "30" },
  ),
  withLines("notification_email", "The recipients of alert mails.", [], emailLine),
  toggle(
    "smtp_alert",
    "Turns mails on or off wherever nothing closer says otherwise: instances, sync groups, virtual servers, real servers.",
    { unset: "on for real servers, off for the others" },
  ),
  toggle("smtp_alert_vrrp", "Turns mails of instances and sync groups on or off.", {
    unset: "what `smtp_alert` says, else off",
  }),
  toggle("smtp_alert_checker", "Turns mails of virtual servers and real servers on or off.", {
    unset: "what `smtp_alert` says, else on for real servers and off for virtual servers",
  }),
  flag("no_email_faults", "Sends no mail when an instance goes to FAULT."),
  toggle(
    "no_checker_emails",
    "Sends a mail when a real server comes or goes, not for each of its checks.",
    { default: "off", missing: oneMail },
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
