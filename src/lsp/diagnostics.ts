// Findings as the protocol has them, and the changes that mend them.

import {
  type CodeAction,
  CodeActionKind,
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic as ProtocolDiagnostic,
  type Range,
  type TextEdit,
} from "vscode-languageserver";
import type { LoadedConfiguration } from "../conf/load-configuration.ts";
import { shownFindings } from "../conf/suppression/shown-findings.ts";
import type { Diagnostic, Severity } from "../conf/text/diagnostic.ts";
import { locationOf, rangeOf } from "./places.ts";
import { uriOf } from "./workspace.ts";

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  advice: DiagnosticSeverity.Information,
};

/** Findings by file; files without any are there too, so that old ones go away. */
export function diagnosticsByFile(
  loaded: LoadedConfiguration,
): ReadonlyMap<string, readonly ProtocolDiagnostic[]> {
  const files = new Map<string, ProtocolDiagnostic[]>();
  for (const file of loaded.sources.keys()) files.set(file, []);
  for (const diagnostic of shownFindings(loaded).diagnostics) {
    const found = protocolDiagnostic(diagnostic, loaded);
    const list = files.get(diagnostic.span.file) ?? [];
    list.push(found);
    files.set(diagnostic.span.file, list);
  }
  return files;
}

function protocolDiagnostic(
  diagnostic: Diagnostic,
  { sources }: LoadedConfiguration,
): ProtocolDiagnostic {
  const { severity, code, message, label, effect, fix, span, related = [] } = diagnostic;
  const text = [
    label === undefined ? message : `${message}: ${label}`,
    ...(effect === undefined ? [] : [`effect: ${effect}`]),
    ...(fix === undefined ? [] : [`fix: ${fix}`]),
  ].join("\n");
  return {
    range: rangeOf(span, sources.get(span.file)),
    severity: severities[severity],
    code,
    source: "keelson",
    message: text,
    ...(code === "V50" ? { tags: [DiagnosticTag.Deprecated] } : {}),
    relatedInformation: related.map((other) => ({
      location: locationOf(other.span, sources.get(other.span.file)),
      message: other.label,
    })),
  };
}

/** Quick fixes for findings that touch a range. */
export function fixesFor(
  loaded: LoadedConfiguration,
  path: string,
  range: Range,
): readonly CodeAction[] {
  return loaded.diagnostics.flatMap((diagnostic): CodeAction[] => {
    const { span, edits = [], fix, message } = diagnostic;
    const text = loaded.sources.get(path);
    if (span.file !== path || edits.length === 0) return [];
    const own = rangeOf(span, text);
    if (own.end.line < range.start.line || own.start.line > range.end.line) return [];
    const changes: Record<string, TextEdit[]> = {};
    for (const edit of edits) {
      const uri = uriOf(edit.span.file);
      const change = {
        range: rangeOf(edit.span, loaded.sources.get(edit.span.file)),
        newText: edit.newText,
      };
      changes[uri] = [...(changes[uri] ?? []), change];
    }
    return [
      {
        title: `${diagnostic.code}: ${fix ?? message}`,
        kind: CodeActionKind.QuickFix,
        diagnostics: [protocolDiagnostic(diagnostic, loaded)],
        isPreferred: true,
        edit: { changes },
      },
    ];
  });
}
