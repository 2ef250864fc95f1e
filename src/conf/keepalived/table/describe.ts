// The table for people: syntax, hover texts and completions. The reference and the language server use it.

import { blockAt } from "./blocks.ts";
import type {
  ArgumentSpec,
  BlockSpec,
  KeywordSpec,
  LineSpec,
  OptionSpec,
  ValueKind,
} from "./keyword-spec.ts";
import { fileBlock } from "./root.ts";

/** One thing that may stand next. */
export interface Completion {
  readonly name: string;
  /** A block follows. */
  readonly kind: "block" | "keyword" | "option" | "value";
  /** `priority PRIORITY`. */
  readonly syntax: string;
  /** Markdown. */
  readonly documentation: string;
  readonly deprecated: boolean;
}

/** A keyword with what may follow it: `weight WEIGHT [reverse]`, `virtual_server ADDRESS [PORT] {`. */
export function syntaxOf(spec: KeywordSpec): string {
  const parts = [spec.name, argumentSyntax(spec.arguments), optionSyntax(spec.options ?? [])];
  const alternatives = [
    parts.filter((part) => part !== "").join(" "),
    ...(spec.variants ?? []).map((variant) =>
      [spec.name, variant.word, argumentSyntax(variant.arguments)]
        .filter((part) => part !== "")
        .join(" "),
    ),
  ];
  return alternatives.map((text) => `${text}${spec.contents === undefined ? "" : " {"}`).join("\n");
}

/** A line of values with what may follow its first words: `ADDRESS [dev INTERFACE] ...`. */
export function lineSyntaxOf(lines: LineSpec): string {
  const options = lines.options.length === 0 ? "" : "[OPTION ...]";
  const plain = [argumentSyntax(lines.leading), options].filter((part) => part !== "");
  const variants = (lines.variants ?? []).map(
    (variant) => `${variant.word} ${argumentSyntax(variant.arguments)}`,
  );
  return [plain.join(" "), ...variants].join("\n");
}

/** An option with its arguments. */
export function optionSyntaxOf(option: OptionSpec): string {
  const inner = option.options === undefined ? "" : "[OPTION ...]";
  return [option.name, argumentSyntax(option.arguments), inner]
    .filter((part) => part !== "")
    .join(" ");
}

function argumentSyntax(list: readonly ArgumentSpec[]): string {
  return list
    .map((argument) => {
      const { value } = argument;
      // A short list says more than its name.
      const choices = value.kind === "choice" ? value.choices.join("|") : "";
      const short = choices !== "" && choices.length <= 40;
      const word = `${short ? choices : argument.name}${argument.repeats === true ? " ..." : ""}`;
      return argument.optional === true ? `[${word}]` : word;
    })
    .join(" ");
}

function optionSyntax(options: readonly OptionSpec[]): string {
  return options.map((option) => `[${optionSyntaxOf(option)}]`).join(" ");
}

/** A kind of value in words, with its range: `a whole number from 1 to 255`. */
export function describeValue(value: ValueKind): string {
  switch (value.kind) {
    case "integer": {
      const unit = value.unit === undefined ? "" : ` (${value.unit})`;
      return `a whole number from ${value.min} to ${value.max}${unit}`;
    }
    case "seconds":
      return `${value.whole === true ? "whole seconds" : "seconds"} from ${plain(value.min)} to ${value.max}`;
    case "boolean":
      return "`on`, `true` or `yes`, or `off`, `false` or `no`; on when it is missing";
    case "choice":
      return value.choices.length === 1
        ? `the word \`${value.choices[0]}\``
        : `one of ${value.choices.map((choice) => `\`${choice}\``).join(", ")}${value.ignoreCase === true ? ", in any letter case" : ""}`;
    case "address":
      return value.family === undefined ? "an IP address" : `an IPv${value.family} address`;
    case "prefix":
      return "an IP address with an optional `/length`";
    case "netmask":
      return "an IPv4 netmask or a prefix length from 1 to 128";
    case "port":
      return `a port from ${value.min} to 65535${value.min === 0 ? ", 0 meaning any" : ""}`;
    case "interface":
      return "the name of a network interface, at most 15 bytes";
    case "reference":
      return `the name of a \`${value.to}\``;
    case "command":
      return "a program; in quotes when it has arguments";
    case "path":
      return "a path";
    case "text":
      return value.bytesMax === undefined ? "a word" : `a word of at most ${value.bytesMax} bytes`;
    case "form":
      return value.form;
  }
}

/** A small number without exponent. */
function plain(value: number): string {
  return value.toString().includes("e") ? value.toFixed(6) : value.toString();
}

/** What counts when a number or word cannot be used; undefined where it stops the start, or is never wrong. */
export function describeOtherwise(value: ValueKind): string | undefined {
  if (value.kind === "choice") return value.effect;
  if (value.kind !== "integer" && value.kind !== "seconds") return undefined;
  if (value.clamps === true) return "the nearest one counts";
  return value.otherwise === "stop" ? undefined : value.otherwise.instead;
}

/** Everything about a keyword, in Markdown: syntax, summary, values, default, state. */
export function hoverText(spec: KeywordSpec): string {
  const lines = [
    `\`\`\`keepalived\n${syntaxOf(spec)}\n\`\`\``,
    spec.summary,
    ...factsOf(spec).map((fact) => `- ${fact}`),
  ];
  return lines.join("\n\n").replaceAll("\n\n- ", "\n- ").replace("\n- ", "\n\n- ");
}

/** The facts about a keyword, each a line of Markdown. */
export function factsOf(spec: KeywordSpec): readonly string[] {
  const facts = [
    ...valueFacts(spec.arguments),
    ...(spec.variants ?? []).flatMap((variant) => [
      `\`${variant.word}\`: ${variant.summary}`,
      ...valueFacts(variant.arguments),
    ]),
    ...(spec.options ?? []).map((option) => `\`${optionSyntaxOf(option)}\`: ${option.summary}`),
  ];
  if (spec.default !== undefined) facts.push(`Default: \`${spec.default}\`.`);
  else if (spec.unset !== undefined) facts.push(`Without it: ${spec.unset}.`);
  if (spec.withoutArgument !== undefined)
    facts.push(`Without an argument: ${spec.withoutArgument}.`);
  facts.push(...stateFacts(spec));
  return facts;
}

function valueFacts(list: readonly ArgumentSpec[]): readonly string[] {
  return list.map((argument) => {
    const otherwise = describeOtherwise(argument.value);
    const consequence = otherwise === undefined ? "" : ` Otherwise ${otherwise}.`;
    return `\`${argument.name}\`: ${describeValue(argument.value)}.${consequence}`;
  });
}

function stateFacts(spec: KeywordSpec): readonly string[] {
  const facts: string[] = [];
  if (spec.sameAs !== undefined) facts.push(`The same as \`${spec.sameAs}\`.`);
  if (spec.repeats === true && spec.contents === undefined)
    facts.push("It may stand more than once.");
  if (spec.deprecated !== undefined) facts.push(`Deprecated: ${spec.deprecated.advice}.`);
  if (spec.since !== undefined) facts.push(`keepalived has it since ${sinceText(spec.since)}.`);
  if (spec.ours === true) facts.push("keepalived does not know it here.");
  if (spec.missing !== undefined)
    facts.push(`Keelson reads it and does not act on it yet: ${spec.missing}.`);
  return facts;
}

function sinceText(since: string): string {
  return since.startsWith("after ")
    ? `a version after ${since.slice("after ".length)}`
    : `version ${since}`;
}

/** What may stand at the begin of a line of a block: its keywords; nothing where there is no such block. */
export function completionsOf(
  blockPath: string,
  root: BlockSpec = fileBlock,
): readonly Completion[] {
  return (blockAt(root, blockPath)?.keywords ?? []).map((keyword) => ({
    name: keyword.name,
    kind: keyword.contents === undefined ? "keyword" : "block",
    syntax: syntaxOf(keyword),
    documentation: hoverText(keyword),
    deprecated: keyword.deprecated !== undefined,
  }));
}

/** What may stand behind a keyword: words of its lists, variants and options. */
export function wordCompletionsOf(spec: KeywordSpec): readonly Completion[] {
  const choices = spec.arguments.flatMap((argument) => choicesOf(argument.value));
  const values = choices.map((name) => completion(name, "value", name, ""));
  const variants = (spec.variants ?? []).map((variant) =>
    completion(
      variant.word,
      "value",
      `${variant.word} ${argumentSyntax(variant.arguments)}`,
      variant.summary,
    ),
  );
  return [...values, ...variants, ...optionCompletionsOf(spec.options ?? [])];
}

/** What may stand in a line of values behind its first words. */
export function optionCompletionsOf(options: readonly OptionSpec[]): readonly Completion[] {
  return options.map((option) => ({
    ...completion(option.name, "option", optionSyntaxOf(option), option.summary),
    deprecated: option.deprecated !== undefined,
  }));
}

function choicesOf(value: ValueKind): readonly string[] {
  if (value.kind === "boolean") return ["on", "off"];
  return value.kind === "choice" ? value.choices : [];
}

function completion(
  name: string,
  kind: Completion["kind"],
  syntax: string,
  documentation: string,
): Completion {
  return { name, kind, syntax, documentation, deprecated: false };
}
