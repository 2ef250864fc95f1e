// Findings as SARIF 2.1.0 (OASIS), with what GitHub code scanning asks for: help texts, fingerprints, suppressions.

import type { Diagnostic, Edit, Severity, Sources, Span } from "./diagnostic.ts";
import { relativePath } from "./relative-path.ts";
import type { RenderOptions, RuleText, SuppressedDiagnostic } from "./render-options.ts";
import { positionsOf } from "./text-position.ts";

const levels: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  advice: "note",
};

/** Renders findings and the suppressed ones as one log with one run. */
export function renderSarif(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  options: RenderOptions,
): string {
  const suppressed = options.suppressed ?? [];
  const page = new SarifPage(sources, options);
  const results = [
    ...diagnostics.map((diagnostic) => page.result(diagnostic)),
    ...suppressed.map((one) => ({
      ...page.result(one.diagnostic),
      suppressions: [page.suppression(one)],
    })),
  ];
  const driver = {
    name: "keelson",
    ...(options.version === undefined ? {} : { version: options.version }),
    rules: page.rules,
  };
  const artifacts = [...sources.keys()].map((file) => ({ location: { uri: page.uri(file) } }));
  const run = {
    tool: { driver },
    columnKind: "utf16CodeUnits",
    artifacts,
    invocations: [{ executionSuccessful: true }],
    results,
  };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [run],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

class SarifPage {
  /** The rules of the results until here, each once. */
  readonly rules: object[] = [];
  readonly #options: RenderOptions;
  readonly #positions: ReturnType<typeof positionsOf>;
  readonly #indexes = new Map<string, number>();
  readonly #fingerprints = new Map<string, number>();

  constructor(sources: Sources, options: RenderOptions) {
    this.#options = options;
    this.#positions = positionsOf(sources);
  }

  /** A path as a URI reference: relative where it is, `file:` where it is absolute. */
  uri(file: string): string {
    const path = relativePath(file, this.#options.root);
    const encoded = path.split("/").map(encodeSegment).join("/");
    return path.startsWith("/") ? `file://${encoded}` : encoded;
  }

  result(diagnostic: Diagnostic): object {
    const { code, severity, message, span, label, effect, fix, edits = [] } = diagnostic;
    const { related = [], includedFrom = [] } = diagnostic;
    const text = [
      label === undefined ? message : `${message} (${label})`,
      ...(effect === undefined ? [] : [`Effect: ${effect}`]),
      ...(fix === undefined ? [] : [`Fix: ${fix}`]),
    ].join("\n");
    const others = [
      ...related.map((other) => ({ span: other.span, text: other.label })),
      ...includedFrom.map((from) => ({ span: from, text: "included from here" })),
    ];
    return {
      ruleId: code,
      ruleIndex: this.#ruleIndex(code, severity),
      level: levels[severity],
      message: { text },
      locations: [{ physicalLocation: this.#location(span) }],
      ...(others.length === 0
        ? {}
        : {
            relatedLocations: others.map((other, id) => ({
              id,
              physicalLocation: this.#location(other.span),
              message: { text: other.text },
            })),
          }),
      ...(edits.length === 0 ? {} : { fixes: [this.#fix(fix ?? message, edits)] }),
      partialFingerprints: { primaryLocationLineHash: this.#fingerprint(code, span) },
    };
  }

  suppression(one: SuppressedDiagnostic): object {
    return {
      kind: "inSource",
      status: "accepted",
      justification: one.reason,
      location: { physicalLocation: this.#location(one.span) },
    };
  }

  #location(span: Span): object {
    return { artifactLocation: { uri: this.uri(span.file) }, region: this.#region(span) };
  }

  #region(span: Span): object {
    const { line: startLine, column: startColumn, length } = span;
    const extent = this.#positions(span.file)?.extent(span);
    if (extent === undefined) return { startLine, startColumn };
    const { endLine, endColumn, byteStart, byteEnd, start } = extent;
    return {
      startLine,
      startColumn,
      endLine,
      endColumn,
      charOffset: start,
      charLength: Math.min(length, extent.end - start),
      byteOffset: byteStart,
      byteLength: byteEnd - byteStart,
    };
  }

  #fix(text: string, edits: readonly Edit[]): object {
    const files = [...new Set(edits.map((edit) => edit.span.file))];
    return {
      description: { text },
      artifactChanges: files.map((file) => ({
        artifactLocation: { uri: this.uri(file) },
        replacements: edits
          .filter((edit) => edit.span.file === file)
          .map(({ span, newText }) => ({
            deletedRegion: this.#region(span),
            insertedContent: { text: newText },
          })),
      })),
    };
  }

  #ruleIndex(code: string, severity: Severity): number {
    const known = this.#indexes.get(code);
    if (known !== undefined) return known;
    const index = this.rules.length;
    this.#indexes.set(code, index);
    this.rules.push(ruleObject(code, severity, this.#options.ruleOf?.(code)));
    return index;
  }

  /** The same as long as the line reads the same, wherever it moves; a counter tells equal lines apart. */
  #fingerprint(code: string, span: Span): string {
    const line = this.#positions(span.file)?.line(span.line).trim() ?? "";
    const id = `${code} ${span.file} ${line}`;
    const count = (this.#fingerprints.get(id) ?? 0) + 1;
    this.#fingerprints.set(id, count);
    return `${hash(`${code} ${line}`)}:${count}`;
  }
}

function ruleObject(code: string, severity: Severity, rule: RuleText | undefined): object {
  if (rule === undefined) {
    const text = { text: code };
    const defaultConfiguration = { level: levels[severity] };
    return {
      id: code,
      shortDescription: text,
      fullDescription: text,
      help: text,
      defaultConfiguration,
    };
  }
  const links = rule.sources.map((source) => `- ${source}`).join("\n");
  const help = links === "" ? rule.explanation : `${rule.explanation}\n\nSeen:\n\n${links}`;
  const [helpUri] = rule.sources;
  return {
    id: code,
    name: rule.name,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.title },
    help: { text: help, markdown: help },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: levels[rule.severity] },
    properties: {
      precision: rule.severity === "error" ? "very-high" : "high",
      "problem.severity": rule.severity === "advice" ? "recommendation" : rule.severity,
      tags: ["configuration", "keepalived"],
    },
  };
}

/** Lone surrogates have no UTF-8, and so no place in a URI. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.replaceAll(/\p{Surrogate}/gu, "\ufffd"));
}

/** FNV-1a over UTF-16 units, 64 bits as hexadecimal. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++)
    value = BigInt.asUintN(64, (value ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return value.toString(16).padStart(16, "0");
}
