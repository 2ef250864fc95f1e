// Text of an ldirectord.cf -> its value, with everything that is to be said about single lines. Never throws.

import type { Family } from "../../base/address.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import type {
  DirectiveName,
  LdirectordConfiguration,
  Setting,
  VirtualSection,
} from "./configuration.ts";
import type { Scope } from "./directive-spec.ts";
import { directiveOf, specOf } from "./directives.ts";
import { LineFindings } from "./line-findings.ts";
import {
  reportDeprecated,
  reportHash,
  reportLineEnds,
  reportMisplaced,
  reportRepeated,
} from "./line-reports.ts";
import { reportStray, reportUnreadable } from "./misplaced-lines.ts";
import { type ScannedLine, scanLines } from "./scan-lines.ts";
import { virtualTarget } from "./virtual-form.ts";

/** What came of a text. */
export interface ParsedLdirectord {
  readonly configuration: LdirectordConfiguration;
  readonly diagnostics: readonly Diagnostic[];
}

/** A section under construction. */
interface SectionDraft extends Omit<VirtualSection, "settings"> {
  readonly settings: Setting[];
}

/** Reads a text; `file` is what places say. */
export function parseLdirectord(text: string, file: string): ParsedLdirectord {
  const scanned = scanLines(text);
  const findings = new LineFindings(file);
  const settings: Setting[] = [];
  const virtuals: SectionDraft[] = [];
  for (const line of scanned.lines) {
    if (line.kind === "stray") {
      reportStray(line, virtuals.length > 0, findings);
      continue;
    }
    const section = virtuals.at(-1);
    if (line.kind === "top" && /^virtual6?$/.test(line.name) && line.value !== undefined)
      virtuals.push(readVirtual(line, findings));
    else if (line.kind === "top") addSetting(line, settings, "global", 4, findings);
    else if (section !== undefined) {
      const scope = section.family === 6 ? "virtual6" : "virtual";
      addSetting(line, section.settings, scope, section.family, findings);
    }
  }
  reportLineEnds(scanned.carriageReturnAt, scanned.longBlankLines, findings);
  return {
    configuration: { file, settings, virtuals, commentsBelow: scanned.commentsBelow },
    diagnostics: findings.diagnostics,
  };
}

function readVirtual(line: ScannedLine, findings: LineFindings): SectionDraft {
  const family: Family = line.name === "virtual6" ? 6 : 4;
  const target = virtualTarget.read(findings.valueOf({ ...line, tail: "" }, family));
  return {
    family,
    ...(target === undefined ? {} : { target }),
    span: findings.valueSpan(line),
    settings: [],
    comments: line.comments,
  };
}

function addSetting(
  line: ScannedLine,
  settings: Setting[],
  scope: Scope,
  family: Family,
  findings: LineFindings,
): void {
  const name = directiveOf(line.name);
  if (name === undefined) {
    reportUnreadable(line, scope, findings);
    return;
  }
  const spec = specOf(name);
  const nameSpan = findings.nameSpan(line);
  if (!spec.scopes.includes(scope)) {
    reportMisplaced(name, scope, nameSpan, findings);
    return;
  }
  reportRepeated(name, nameSpan, settings, findings);
  if (spec.deprecated !== undefined) reportDeprecated(name, spec.deprecated, nameSpan, findings);
  if (line.hashInQuotes) reportHash(line, findings);
  const value =
    line.value === undefined
      ? bareValue(line, findings)
      : readValue(line, name, { scope, family }, findings);
  settings.push({
    name,
    ...(value === undefined ? {} : { value }),
    nameSpan,
    span: line.value === undefined ? nameSpan : findings.valueSpan(line),
    comments: line.comments,
  } as Setting);
}

/** `fallback6=` is of IPv6 wherever it stands, everything else as its section. */
function readValue(
  line: ScannedLine,
  name: DirectiveName,
  place: { readonly scope: Scope; readonly family: Family },
  findings: LineFindings,
): unknown {
  const family = name === "fallback6" ? 6 : place.family;
  return specOf(name).value.read(findings.valueOf(line, family));
}

/** A directive without `=`. */
function bareValue(line: ScannedLine, findings: LineFindings): unknown {
  const span = findings.nameSpan(line);
  if (line.name === "supervised") {
    reportDeprecated("supervised", "it wants a value", span, findings, "write `supervised=yes`");
    return true;
  }
  findings.report(span, "D04", {
    severity: "error",
    stops: true,
    message: `\`${line.name}\` has no value`,
    effect: "ldirectord does not start with this, and a reload keeps what runs; so does Keelson",
    fix: `write \`${line.name}=VALUE\``,
  });
  return undefined;
}
