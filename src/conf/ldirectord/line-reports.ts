// What is said about a directive whatever its value.

import type { Span } from "../text/diagnostic.ts";
import type { DirectiveName, Setting } from "./configuration.ts";
import type { Scope } from "./directive-spec.ts";
import { directiveOf, specOf } from "./directives.ts";
import type { LineFindings } from "./line-findings.ts";
import type { ScannedLine } from "./scan-lines.ts";

/** A directive in a place that has no such directive. */
export function reportMisplaced(
  name: DirectiveName,
  scope: Scope,
  span: Span,
  findings: LineFindings,
): void {
  const other = otherSpelling(name, scope);
  const global = scope === "global";
  findings.report(span, "D03", {
    severity: "error",
    stops: true,
    message: global
      ? `\`${name}\` belongs to a virtual server, and stands outside of one`
      : `\`${name}\` cannot stand in a \`${scope}\` section`,
    effect: "ldirectord does not start with this, and a reload keeps what runs; so does Keelson",
    fix:
      other !== undefined
        ? `write \`${other}\``
        : global
          ? "indent it with a tab or four blanks under its `virtual=`, without an empty line between"
          : "put it at the beginning of a line, in front of the first `virtual=`",
  });
}

/** `real` for `real6` and the like, where that is what the section wants. */
function otherSpelling(name: DirectiveName, scope: Scope): string | undefined {
  const other = name.endsWith("6") ? name.slice(0, -1) : `${name}6`;
  const directive = directiveOf(other);
  return directive !== undefined && specOf(directive).scopes.includes(scope) ? other : undefined;
}

/** A directive that counts once and stands twice. */
export function reportRepeated(
  name: DirectiveName,
  span: Span,
  settings: readonly Setting[],
  findings: LineFindings,
): void {
  if (specOf(name).repeats === true) return;
  const before = settings.findLast((setting) => setting.name === name);
  if (before === undefined) return;
  findings.report(span, "D12", {
    severity: "warning",
    message: `\`${name}\` stands here for the second time`,
    related: [{ span: before.nameSpan, label: "first here" }],
    effect: "the last one counts",
    fix: "remove one of them",
  });
}

/** A directive that better is not written. */
export function reportDeprecated(
  name: DirectiveName,
  reason: string,
  span: Span,
  findings: LineFindings,
  fix = "remove the line",
): void {
  findings.report(span, "D13", {
    severity: "advice",
    message: `\`${name}\` is out of use: ${reason}`,
    fix,
  });
}

/** A `#` between quotes. */
export function reportHash(line: ScannedLine, findings: LineFindings): void {
  const value = line.value ?? "";
  const at = value.indexOf("#");
  findings.report(
    { ...findings.valueSpan(line), column: line.valueColumn + at, length: 1 },
    "D10",
    {
      severity: "warning",
      message: "ldirectord cuts the line at `#`, also between quotes",
      effect:
        "ldirectord does not start, or takes the part in front of it; Keelson reads all of it",
      fix: "find a text without `#`",
    },
  );
}

/** What is wrong with the ends of lines. */
export function reportLineEnds(
  carriageReturnAt: number | undefined,
  longBlankLines: readonly number[],
  findings: LineFindings,
): void {
  if (carriageReturnAt !== undefined)
    findings.report(findings.lineSpan(carriageReturnAt), "D27", {
      severity: "warning",
      message: "lines end with a carriage return",
      effect:
        "ldirectord takes it for a part of the value and refuses `yes` and `no`; Keelson skips it",
      fix: "save the file with Unix line ends",
    });
  for (const line of longBlankLines)
    findings.report(findings.lineSpan(line), "D02", {
      severity: "warning",
      message: "a line of blanks in a section",
      effect: "ldirectord takes it for a directive and does not start; Keelson skips it",
      fix: "remove the line",
    });
}
