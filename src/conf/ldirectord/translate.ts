// ldirectord.cf -> keepalived.conf: what the one asks for in the words of the other. What keepalived.conf cannot say
// stands there as a comment, so that nothing is lost in silence.

import { KeepalivedWriter } from "../convert/keepalived-writer.ts";
import type { Translation } from "../convert/translation.ts";
import type { LdirectordConfiguration, Setting } from "./configuration.ts";
import { settingOf, settingsOf } from "./configuration.ts";
import { translateVirtual } from "./translate-virtual.ts";
import { type ResolveHost, TranslationNotes } from "./translation-notes.ts";
import { wishOf } from "./wishes.ts";

/** Translates a file; `resolve` finds the addresses of hosts that are written by name. */
export function translateLdirectord(
  configuration: LdirectordConfiguration,
  resolve?: ResolveHost,
): Translation {
  const writer = new KeepalivedWriter();
  const notes = new TranslationNotes(configuration, resolve);
  writeGlobals(configuration, notes, writer);
  for (const section of configuration.virtuals)
    translateVirtual(wishOf(section, configuration), notes, writer);
  if (configuration.commentsBelow.length > 0) {
    writer.gap();
    writer.comments(configuration.commentsBelow);
  }
  return { text: writer.text, spans: writer.spans, diagnostics: notes.diagnostics };
}

function writeGlobals(
  configuration: LdirectordConfiguration,
  notes: TranslationNotes,
  writer: KeepalivedWriter,
): void {
  const { settings } = configuration;
  for (const setting of settings) {
    writer.comments(setting.comments.above);
    notes.noteMissing(setting, writer);
    if (setting.comments.beside !== undefined)
      writer.comment(`${setting.name}: ${setting.comments.beside}`);
  }
  const mail = mailSettings(configuration);
  const runsPrograms = asksForPrograms(configuration);
  if (mail === undefined && !runsPrograms) return;
  writer.gap();
  writer.block(undefined, ["global_defs"], () => {
    if (mail !== undefined) writeMail(mail, settings, writer);
    if (!runsPrograms) return;
    writer.line(undefined, "script_user", "root");
    writer.line(undefined, "enable_script_security");
  });
}

/** All lines that name somebody who gets mails. */
function mailSettings(configuration: LdirectordConfiguration): readonly Setting[] | undefined {
  const everywhere = [configuration.settings, ...configuration.virtuals.map((one) => one.settings)];
  const found = everywhere.flatMap((settings) => settingsOf(settings, "emailalert"));
  return found.length === 0 ? undefined : found;
}

function writeMail(
  alerts: readonly Setting[],
  settings: readonly Setting[],
  writer: KeepalivedWriter,
): void {
  const addresses = new Map<string, Setting>();
  for (const alert of alerts)
    for (const address of `${alert.value}`.split(/[\s,]+/))
      if (address !== "" && !addresses.has(address)) addresses.set(address, alert);
  writer.block(alerts[0]?.span, ["notification_email"], () => {
    for (const [address, alert] of addresses) writer.line(alert.span, address);
  });
  const from = settingOf(settings, "emailalertfrom");
  if (from?.value !== undefined) writer.line(from.span, "notification_email_from", from.value);
  const smtp = settingOf(settings, "smtp");
  if (smtp?.value !== undefined) writer.line(smtp.span, "smtp_server", smtp.value);
}

/** Programs run as root with ldirectord, and under the security that keepalived asks for. */
function asksForPrograms(configuration: LdirectordConfiguration): boolean {
  const { settings, virtuals } = configuration;
  if (settingOf(settings, "fallbackcommand") !== undefined) return true;
  return virtuals.some((section) => {
    const type = settingOf(section.settings, "checktype")?.value;
    return (
      settingOf(section.settings, "fallbackcommand") !== undefined || type?.kind === "external"
    );
  });
}
