// The configuration as a director takes it: read and judged whole, or refused whole.

import { fail, ok, type Result } from "../base/result.ts";
import type { LoadedConfiguration } from "../conf/load-configuration.ts";
import { shownFindings } from "../conf/suppression/shown-findings.ts";
import type { Diagnostic, Sources } from "../conf/text/diagnostic.ts";
import { renderDiagnostics } from "../conf/text/render-diagnostics.ts";
import type { Model } from "../model/model.ts";
import type { LogLevel } from "../world/log.ts";
import { refuseEngineChoice } from "./engine-choice.ts";

/** A configuration that can be run, and everything that is to be said about it. */
export interface JudgedConfiguration {
  readonly model: Model;
  readonly remarks: readonly Remark[];
  /** The texts of its files, as they were read. */
  readonly sources: Sources;
}

/** A finding as lines of text. */
export interface Remark {
  readonly level: LogLevel;
  readonly text: string;
}

/** Why a configuration is refused. */
export interface ConfigurationFault {
  readonly kind: "configuration-refused";
  /** One line, for the status page. */
  readonly summary: string;
  readonly remarks: readonly Remark[];
}

/** How findings are written: for people at a terminal, or one line each for a log. */
export interface RemarkStyle {
  readonly format: "pretty" | "short";
  readonly color: boolean;
}

/** Decides whether a configuration can be run by this build. */
export function judgeConfiguration(
  loaded: LoadedConfiguration,
  style: RemarkStyle,
): Result<JudgedConfiguration, ConfigurationFault> {
  const remarks = shownFindings(loaded).diagnostics.map(
    (diagnostic): Remark => ({
      level: levelOf(diagnostic),
      text: renderOne(diagnostic, loaded, style),
    }),
  );
  if (loaded.model === undefined) {
    const reasons = loaded.diagnostics.filter(({ stops }) => stops === true);
    return fail({ kind: "configuration-refused", summary: summarize(reasons), remarks });
  }
  const refusal = refuseEngineChoice(loaded.model);
  if (refusal === undefined) return ok({ model: loaded.model, remarks, sources: loaded.sources });
  const remark: Remark = { level: "error", text: refusal };
  return fail({ kind: "configuration-refused", summary: refusal, remarks: [...remarks, remark] });
}

/** True when both ask for the same, whatever their texts look like. */
export function sameModel(a: Model, b: Model): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function levelOf(diagnostic: Diagnostic): LogLevel {
  switch (diagnostic.severity) {
    case "error":
      return "error";
    case "warning":
      return "warning";
    case "advice":
      return "info";
  }
}

function renderOne(
  diagnostic: Diagnostic,
  loaded: LoadedConfiguration,
  style: RemarkStyle,
): string {
  const text = renderDiagnostics([diagnostic], loaded.sources, style).trimEnd();
  // The line that sums up belongs to a whole list of findings.
  return style.format === "pretty" ? text.slice(0, text.lastIndexOf("\n")).trimEnd() : text;
}

function summarize(reasons: readonly Diagnostic[]): string {
  const [first] = reasons;
  if (first === undefined) return "the configuration cannot be used";
  const { file, line, column } = first.span;
  const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : "";
  return `${file}:${line}:${column}: ${first.message}${more}`;
}
