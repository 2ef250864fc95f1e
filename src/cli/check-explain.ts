// `keelson check --explain RULE` and `--list-rules`.

import { loadAnyConfiguration } from "../conf/load-any-configuration.ts";
import { catalogue, ruleOf } from "../conf/rules/catalogue.ts";
import type { Example, Rule } from "../conf/rules/rule.ts";
import { runPairRules } from "../conf/rules/run-rules.ts";
import { applySuppressions } from "../conf/suppression/apply-suppressions.ts";
import { nearestWord } from "../conf/text/nearest-word.ts";
import {
  type PaintText,
  paintText,
  severityStyles,
  type TextStyle,
} from "../conf/text/render-options.ts";
import type { CommandIo } from "./command-io.ts";
import { exitStatus } from "./command-line.ts";

const tab = "    ";

/** Explains one rule, named by id or name; gives the exit status. */
export function explainRuleByName(word: string, io: CommandIo, color: boolean): number {
  const rule = ruleOf(word);
  if (rule !== undefined) {
    io.stdout(explain(rule, paintText(color)));
    return exitStatus.ok;
  }
  const isId = /^[A-Za-z]\d+$/.test(word);
  const near = nearestWord(
    word,
    catalogue.map(({ id, name }) => (isId ? id : name)),
  );
  const hint =
    near === undefined ? "`keelson check --list-rules` shows all" : `did you mean ${near}?`;
  io.stderr(`keelson check: there is no rule ${JSON.stringify(word)}; ${hint}\n`);
  return exitStatus.usage;
}

/** Lists all rules, one a line; gives the exit status. */
export function listRules(io: CommandIo, color: boolean): number {
  const paint = paintText(color);
  const width = Math.max(0, ...catalogue.map(({ name }) => name.length));
  const lines = catalogue
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, name, severity, title }) => {
      const level = paint(severityStyles[severity], severity.padEnd(8));
      return `${paint("bold", id)}  ${level} ${name.padEnd(width)}  ${paint("dim", title)}\n`;
    });
  io.stdout(lines.join(""));
  return exitStatus.ok;
}

function explain(rule: Rule, paint: PaintText): string {
  const { id, name, severity, title, explanation, bad, good, sources } = rule;
  const head = `${paint(severityStyles[severity], `${severity}[${id}]`)}${paint("bold", `: ${title}`)}`;
  const [spokenAbout] = bad;
  const [fine] = good;
  const parts = [
    `${head}\n${paint("dim", name)}`,
    explanation,
    ...(spokenAbout === undefined ? [] : [example("This is found:", spokenAbout, rule, paint)]),
    ...(fine === undefined ? [] : [example("This is fine:", fine, rule, paint)]),
    ...(sources.length === 0
      ? []
      : [[paint("bold", "To read:"), ...sources.map((source) => `  ${source}`)].join("\n")]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** An example, with what the rule says about it under the lines that it speaks about. */
function example(title: string, text: Example, rule: Rule, paint: PaintText): string {
  const nodes = typeof text === "string" ? [text] : text;
  const style = severityStyles[rule.severity];
  const found = findingsIn(nodes, rule);
  const shown = nodes.flatMap((node, i) => [
    ...(nodes.length > 1 ? [paint("dim", `  ${nodeName(i)}`)] : []),
    ...node
      .trimEnd()
      .split("\n")
      .flatMap((line, at) => [
        `    ${line.replaceAll("\t", tab)}`.trimEnd(),
        ...(found.get(`${nodeName(i)}:${at + 1}`) ?? []).map((mark) => `    ${mark(paint, style)}`),
      ]),
  ]);
  return [paint("bold", title), ...shown].join("\n");
}

function nodeName(index: number): string {
  return `node${index + 1}`;
}

type Mark = (paint: PaintText, style: TextStyle) => string;

/** What the rule says about its own example, by node and line. */
function findingsIn(nodes: readonly string[], rule: Rule): ReadonlyMap<string, readonly Mark[]> {
  const nodeNames = nodes.map((_, i) => nodeName(i));
  const loaded = nodes.map((text, i) =>
    loadAnyConfiguration({
      path: nodeName(i),
      readFile: (path) =>
        path === nodeName(i)
          ? { ok: true, value: text }
          : { ok: false, fault: { kind: "no-such-file" } },
    }),
  );
  const diagnostics = loaded.flatMap((one) => one.diagnostics);
  const configurations = loaded.flatMap(({ configuration }) =>
    configuration === undefined ? [] : [configuration],
  );
  if (nodes.length > 1) runPairRules(configurations, diagnostics);
  const sources = new Map(loaded.flatMap((one) => [...one.sources]));
  const rules = catalogue.map(({ id, name }) => ({ id, name, judged: true }));
  const marks = new Map<string, readonly Mark[]>();
  for (const { code, span, message, label } of applySuppressions(diagnostics, sources, rules)
    .diagnostics) {
    if (code !== rule.id) continue;
    const text = label === undefined ? message : `${message} (${label})`;
    const sign = "^".repeat(Math.max(1, Math.min(span.length, 60)));
    const before = nodes[nodeNames.indexOf(span.file)]?.split("\n")[span.line - 1] ?? "";
    const indent = before.slice(0, span.column - 1).replaceAll("\t", tab).length;
    const mark: Mark = (paint, style) => `${" ".repeat(indent)}${paint(style, `${sign} ${text}`)}`;
    const key = `${span.file}:${span.line}`;
    marks.set(key, [...(marks.get(key) ?? []), mark]);
  }
  return marks;
}
