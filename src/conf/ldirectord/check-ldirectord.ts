// What concerns several lines of an ldirectord.cf: rules D12 and beyond that no single line can break.

import type { Diagnostic, Finding, Span } from "../text/diagnostic.ts";
import { hasEffect } from "./carried-over.ts";
import { checkFalseAnswers } from "./check-false-answers.ts";
import type { LdirectordConfiguration, VirtualSection, VirtualTarget } from "./configuration.ts";
import { nameOf, settingOf, settingsOf, settingValue } from "./configuration.ts";
import { describeSetting } from "./describe-setting.ts";
import { type VirtualWish, wishOf } from "./wishes.ts";

/** Takes one finding. */
export type ReportFinding = (span: Span, code: string, finding: Finding) => void;

/** Judges a whole file. */
export function checkLdirectord(configuration: LdirectordConfiguration): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const report: ReportFinding = (span, code, finding) =>
    diagnostics.push({ ...finding, code, span });
  const forking = settingValue(configuration.settings, "fork") === true;
  const seen = new Map<string, Span>();
  for (const section of configuration.virtuals) {
    const wish = wishOf(section, configuration);
    checkDuplicate(wish, seen, report);
    checkProtocol(section, report);
    checkRealServers(wish, report);
    checkOwnInterval(section, forking, report);
    checkWithoutEffect(wish, report);
    checkQuiescent(wish, report);
    checkFalseAnswers(wish, report);
  }
  return diagnostics;
}

function checkDuplicate(wish: VirtualWish, seen: Map<string, Span>, report: ReportFinding): void {
  const { target, span, family } = wish.section;
  if (target === undefined) return;
  const name = targetName(target);
  const id = target.kind === "fwmark" ? `${name} IPv${family}` : `${wish.protocol} ${name}`;
  const before = seen.get(id);
  if (before !== undefined)
    report(span, "D15", {
      severity: "error",
      stops: true,
      message: `${name} is configured twice`,
      related: [{ span: before, label: "first here" }],
      effect: "ldirectord does not start with this, and a reload keeps what runs; so does Keelson",
      fix: "merge the two",
    });
  seen.set(id, before ?? span);
}

function targetName(target: VirtualTarget): string {
  return target.kind === "fwmark"
    ? `the mark ${target.fwmark}`
    : `${nameOf(target.host)}:${target.port}`;
}

function checkProtocol(section: VirtualSection, report: ReportFinding): void {
  const setting = settingOf(section.settings, "protocol");
  if (setting === undefined || section.target === undefined) return;
  const isMark = section.target.kind === "fwmark";
  if (isMark === (setting.value === "fwm")) return;
  report(setting.span, "D05", {
    severity: "error",
    stops: true,
    message: isMark
      ? `\`protocol=${setting.value}\` stands with a firewall mark`
      : "`protocol=fwm` stands with an address",
    effect: "ldirectord does not start with this, and a reload keeps what runs; so does Keelson",
    fix: isMark ? "write `protocol=fwm`, or leave it out" : "write `tcp` or `udp`",
  });
}

function checkRealServers(wish: VirtualWish, report: ReportFinding): void {
  const { settings, span } = wish.section;
  const written = settings.some(({ name }) => name === "real" || name === "real6");
  if (!written)
    report(span, "D32", {
      severity: "warning",
      message: "this virtual server has no real server",
      effect:
        wish.fallback === undefined
          ? "ldirectord refuses its clients; Keelson leaves it out"
          : "ldirectord sends its clients to the fallback server; Keelson leaves it out",
      fix: "add a `real` line, or remove the virtual server",
    });
  const reals = [...settingsOf(settings, "real"), ...settingsOf(settings, "real6")];
  const bare = reals.filter(({ value }) => value?.weight === undefined);
  const [first] = bare;
  if (first === undefined || bare.length === reals.length) return;
  const weighty = reals.find(({ value }) => (value?.weight ?? 1) > 1);
  if (weighty === undefined) return;
  for (const { span: place } of bare)
    report(place, "D21", {
      severity: "advice",
      message: "this server has no weight, and others of the virtual server have one",
      related: [{ span: weighty.span, label: `weight ${weighty.value?.weight}` }],
      effect: "it has weight 1, and gets so much less",
      fix: "write its weight behind the forwarding method",
    });
}

function checkOwnInterval(section: VirtualSection, forking: boolean, report: ReportFinding): void {
  const setting = settingOf(section.settings, "checkinterval");
  if (setting === undefined || forking) return;
  report(setting.span, "D30", {
    severity: "advice",
    message: "ldirectord ignores the `checkinterval` of a virtual server without `fork=yes`",
    effect: "Keelson checks the servers of this virtual server in this rhythm",
    fix: "write it at the top of the file, or leave it for Keelson",
  });
}

function checkWithoutEffect(wish: VirtualWish, report: ReportFinding): void {
  for (const setting of wish.section.settings) {
    if (setting.value === undefined || hasEffect(setting, wish)) continue;
    report(setting.nameSpan, "D19", {
      severity: "advice",
      message: `\`${describeSetting(setting)}\` has no effect here`,
      effect: reasonOf(setting.name, wish),
      fix: "remove the line",
    });
  }
}

function reasonOf(name: string, wish: VirtualWish): string {
  if (name === "netmask") return "it belongs to `persistent`, which is not written";
  if (name === "ops") return `it is for UDP, and this is ${wish.protocol}`;
  const { kind } = wish.checkType;
  const words = kind === "combined" ? "negotiate" : kind;
  const service =
    kind === "negotiate" || kind === "combined" ? ` of the service ${wish.service}` : "";
  return `a check by ${words}${service} does not look at it`;
}

/** ldirectord's manual says it too. */
function checkQuiescent(wish: VirtualWish, report: ReportFinding): void {
  const persistent = settingOf(wish.section.settings, "persistent");
  if (!wish.quiescent || persistent === undefined) return;
  const own = settingOf(wish.section.settings, "quiescent");
  report(own?.span ?? persistent.span, "D31", {
    severity: "advice",
    message: "`quiescent=yes` and `persistent` send clients to servers that are down",
    effect: `a client that was on a server goes on being sent there for ${persistent.value} s after its last connection`,
    fix: "write `quiescent=no`, or set net.ipv4.vs.expire_quiescent_template=1",
  });
}
