// One virtual server in keepalived's words.

import { isWritable, type KeepalivedWriter } from "../convert/keepalived-writer.ts";
import type { Span } from "../text/diagnostic.ts";
import { isCarriedOver } from "./carried-over.ts";
import type { DirectiveName, ForwardingWord } from "./configuration.ts";
import { nameOf, settingOf, settingsOf, settingValue } from "./configuration.ts";
import { describeSetting } from "./describe-setting.ts";
import { specOf } from "./directives.ts";
import { methods } from "./forwarding-methods.ts";
import { forwardedPort, writeRealLine } from "./translate-real.ts";
import type { TranslationNotes } from "./translation-notes.ts";
import type { VirtualTranslation } from "./virtual-translation.ts";
import { countingSetting, type VirtualWish } from "./wishes.ts";

/** Writes one virtual server. */
export function translateVirtual(
  wish: VirtualWish,
  notes: TranslationNotes,
  writer: KeepalivedWriter,
): void {
  const { section } = wish;
  const { target } = section;
  if (target === undefined) return;
  writer.gap();
  writer.comments(section.comments.above);
  if (section.comments.beside !== undefined) writer.comments([section.comments.beside]);
  for (const name of ["servicename", "comment"] as const) {
    const text = settingValue(section.settings, name);
    if (text !== undefined) writer.comment(`${name}: ${text}`);
  }
  const address = target.kind === "fwmark" ? undefined : notes.addressOf(target.host, section);
  if (target.kind === "endpoint" && address === undefined)
    writer.comment(`the address of ${nameOf(target.host)} must be written here:`);
  const addressWords =
    target.kind === "fwmark" ? [] : [address ?? nameOf(target.host), `${target.port}`];
  const words = target.kind === "fwmark" ? ["fwmark", `${target.fwmark}`] : addressWords;
  const translation: VirtualTranslation = {
    wish,
    writer,
    addressWords,
    note: (span, note) => notes.note(span, note, writer),
    report: (span, code, finding) => notes.report(span, code, finding),
  };
  if (wish.checkType.kind === "off") {
    writer.comment(
      `checktype=off: ${["virtual_server", ...words].join(" ")} gets no real server, and so is left out`,
    );
    return;
  }
  const write = (): void =>
    writer.block(section.span, ["virtual_server", ...words], () => writeInside(translation, notes));
  if (target.kind === "endpoint" && address === undefined) writer.commentedOut(write);
  else write();
}

function writeInside(translation: VirtualTranslation, notes: TranslationNotes): void {
  const { wish, writer } = translation;
  const { section } = wish;
  const reals = [...settingsOf(section.settings, "real"), ...settingsOf(section.settings, "real6")];
  const method = commonMethod(reals.map(({ value }) => value?.forwarding ?? "gate"));
  writeScheduling(translation, method);
  writeFallback(translation, notes, method);
  writeFallbackCommand(translation, notes);
  writeOthers(wish, notes, writer);
  const seen = new Map<string, Span>();
  for (const real of reals) writeRealLine(real, translation, { notes, method, seen });
}

/** Comments of lines, and the lines that are not carried over. */
function writeOthers(wish: VirtualWish, notes: TranslationNotes, writer: KeepalivedWriter): void {
  const lost: string[] = [];
  for (const setting of wish.section.settings) {
    if (setting.name === "real" || setting.name === "real6") continue;
    writer.comments(setting.comments.above);
    if (setting.comments.beside !== undefined)
      writer.comment(`${setting.name}: ${setting.comments.beside}`);
    const noted = specOf(setting.name).missing !== undefined;
    if (noted) notes.noteMissing(setting, writer);
    else if (!isCarriedOver(setting, wish)) lost.push(describeSetting(setting));
  }
  if (lost.length > 0) writer.comment(`not carried over: ${lost.join(", ")}`);
}

/** The method of most servers. */
function commonMethod(words: readonly ForwardingWord[]): ForwardingWord {
  const counts = new Map<ForwardingWord, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "gate";
}

function writeScheduling(translation: VirtualTranslation, method: ForwardingWord): void {
  const { wish, writer } = translation;
  const { section, protocol } = wish;
  const { settings } = section;
  const at = (name: DirectiveName): Span => settingOf(settings, name)?.span ?? section.span;
  const scheduler = settingValue(settings, "scheduler") ?? "wrr";
  writer.line(at("scheduler"), "lb_algo", scheduler);
  for (const flag of settingValue(settings, "schedflags") ?? []) {
    if (/^flag-/.test(flag) || flag.startsWith(`${scheduler}-`))
      writer.line(at("schedflags"), flag);
    else
      translation.note(at("schedflags"), {
        what: `schedflags=${flag}`,
        missing: `the scheduler ${scheduler} does not know this flag`,
      });
  }
  writer.line(section.span, "lb_kind", methods[method]);
  if (protocol !== "fwm") writer.line(at("protocol"), "protocol", protocol.toUpperCase());
  else if (section.family === 6) writer.line(section.span, "ip_family", "inet6");
  writer.line(wish.spans.checkIntervalS, "delay_loop", wish.checkIntervalS);
  // A server gets no client before its first check, and that comes at once.
  writer.line(section.span, "warmup", 0);
  writer.line(section.span, "alpha");
  if (wish.quiescent) writer.line(wish.spans.quiescent, "inhibit_on_failure");
  const persistent = settingValue(settings, "persistent");
  const netmask = settingValue(settings, "netmask");
  if (persistent !== undefined) {
    writer.line(at("persistent"), "persistence_timeout", persistent);
    if (netmask !== undefined) writer.line(at("netmask"), "persistence_granularity", netmask);
  }
  if (settingValue(settings, "ops") === true && protocol === "udp") writer.line(at("ops"), "ops");
}

function writeFallback(
  translation: VirtualTranslation,
  notes: TranslationNotes,
  method: ForwardingWord,
): void {
  const { wish, writer } = translation;
  const line = wish.fallback?.value;
  if (wish.fallback === undefined || line === undefined) return;
  const { span } = wish.fallback;
  const address = notes.addressOf(line.host, { span, family: wish.section.family });
  const forwarding = line.forwarding ?? "gate";
  const port = forwardedPort(line.port ?? 0, forwarding, span, translation);
  if (address === undefined) {
    writer.comment(`sorry_server ${nameOf(line.host)} ${port}: the address must be written here`);
    return;
  }
  writer.line(span, "sorry_server", address, ...(port === 0 ? [] : [port]));
  if (forwarding !== method) writer.line(span, "sorry_server_lvs_method", methods[forwarding]);
}

function writeFallbackCommand(translation: VirtualTranslation, notes: TranslationNotes): void {
  const { wish, writer, addressWords } = translation;
  const setting = countingSetting("fallbackcommand", wish.section, notes.globals);
  if (setting?.value === undefined) return;
  const [address = "", port = "0"] = addressWords;
  const endpoint = `${address.includes(":") ? `[${address}]` : address}:${port}`;
  const words = (verb: string): string => `${setting.value} ${verb} ${endpoint} ${wish.protocol}`;
  if (!isWritable(words("start"))) {
    translation.note(setting.span, {
      what: "fallbackcommand",
      missing: "a command with quotes cannot be written here: it is not called",
    });
    return;
  }
  writer.line(setting.span, "quorum_down", words("start"));
  writer.line(setting.span, "quorum_up", words("stop"));
}
