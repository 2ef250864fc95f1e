// Mails by SMTP, through nodemailer. It is loaded when the first mail is to leave.

import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { SMTPTransportOptions } from "nodemailer";
import type { MailSettings, MailTls } from "../model/notification.ts";
import type { Mailer, MailOutcome, OutgoingMail } from "../world/mailer.ts";

/** A relay that has answered may take this long for each further word. */
const answerTimeoutMs = 60_000;

/** The real mailer. */
export function openMailer(): Mailer {
  return { send };
}

async function send(mail: OutgoingMail, settings: MailSettings): Promise<MailOutcome> {
  const { server } = settings;
  if (server === undefined) return { ok: false, text: "no relay is named", again: false };
  let password = "";
  try {
    const { createTransport } = await import("nodemailer");
    const login = settings.login && readLogin(settings.login);
    password = login?.pass ?? "";
    const options: SMTPTransportOptions = {
      host: server.host,
      port: server.port,
      name: settings.heloName ?? hostname(),
      connectionTimeout: settings.connectTimeoutMs,
      greetingTimeout: answerTimeoutMs,
      socketTimeout: answerTimeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...protection(settings),
      ...(login === undefined ? {} : { auth: login }),
    };
    const info = await createTransport(options).sendMail({
      from: settings.from ?? `keepalived@${hostname()}`,
      to: [...settings.to],
      subject: mail.subject,
      text: mail.text,
      date: new Date(mail.atMs),
      headers: { "X-Mailer": "Keelson", "Auto-Submitted": "auto-generated" },
    });
    const { rejected } = info;
    const text = rejected.length === 0 ? "" : `, but not for ${rejected.join(", ")}`;
    return { ok: true, text: `taken${text}: ${info.response}`, again: false };
  } catch (error) {
    return judge(error, password);
  }
}

/** TLS as it is asked for; without a word it is used when offered, and a password never goes without it. */
function protection({ tls, login }: MailSettings): SMTPTransportOptions {
  const mode: MailTls["mode"] = tls?.mode ?? (login === undefined ? "starttls" : "require");
  const ca = tls?.authorities === undefined ? {} : { ca: readFileSync(tls.authorities, "utf8") };
  switch (mode) {
    case "none":
      return { ignoreTLS: true };
    case "starttls":
      // Whoever can change the certificate could as well take STARTTLS out of the greeting.
      return { opportunisticTLS: true, tls: { rejectUnauthorized: false } };
    case "require":
      return { requireTLS: true, tls: ca };
    case "tls":
      return { secure: true, tls: ca };
  }
}

function readLogin(login: { readonly user: string; readonly password: string }): {
  readonly user: string;
  readonly pass: string;
} {
  const { user, password } = login;
  if (!password.startsWith("file:")) return { user, pass: password };
  return { user, pass: readFileSync(password.slice("file:".length), "utf8").replace(/\r?\n$/, "") };
}

/** A relay that says 5xx will not take this mail later either, unless it only refused the login. */
function judge(error: unknown, password: string): MailOutcome {
  const message = error instanceof Error ? error.message : String(error);
  const code = property(error, "responseCode");
  const refused = typeof code === "number" && code >= 500;
  const again = !refused || property(error, "code") === "EAUTH";
  const text = password === "" ? message : message.replaceAll(password, "****");
  return { ok: false, text: text.replace(/\s*\n\s*/g, " "), again };
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
