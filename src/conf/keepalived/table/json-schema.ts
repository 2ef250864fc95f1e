// The JSON form of a configuration as a JSON Schema [draft 2020-12], made from the table.

import { blocksIn } from "./blocks.ts";
import { describeValue } from "./describe.ts";
import type {
  ArgumentSpec,
  BlockSpec,
  KeywordSpec,
  LineSpec,
  OptionSpec,
  ValueKind,
  Variant,
} from "./keyword-spec.ts";

/** A part of a schema: plain JSON. */
export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const mapping = `The JSON form of keepalived.conf. A block is an object whose properties are its keywords. What can stand more than \
once is an array. A keyword without argument is true, one with a single argument is its value: a number, a string, or a boolean \
for on and off. A keyword with several arguments or with options is an object whose properties are the arguments in lower case and \
the options, or just the first argument. The arguments of a block, such as its name, are properties in lower case beside its \
keywords; another argument list, such as \`fwmark MARK\`, is a property by its word. A line of a block of values is an object of \
the same kind, or the line as a string. Times are in seconds.`;

/** The schema of a whole file, whose block is `root`. */
export function jsonSchemaOf(root: BlockSpec): JsonObject {
  const definitions: Record<string, Json> = {};
  for (const block of blocksIn(root)) {
    if (block.path !== "/") definitions[definitionName(block.path)] = blockSchema(block, undefined);
    for (const keyword of block.keywords) {
      if (keyword.contents?.kind === "lines")
        definitions[linesName(keyword.contents.lines)] = lineSchema(keyword.contents.lines);
    }
  }
  for (const [path, opener] of openersIn(root))
    definitions[definitionName(path)] = blockSchema(opener.block, opener.keyword);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "urn:keelson:keepalived.conf",
    title: "keepalived.conf",
    description: mapping,
    ...withoutDescription(blockSchema(root, undefined)),
    $defs: definitions,
  };
}

/** The keywords that open blocks, by the path of the block. */
function openersIn(
  root: BlockSpec,
): ReadonlyMap<string, { readonly block: BlockSpec; readonly keyword: KeywordSpec }> {
  const found = new Map<string, { readonly block: BlockSpec; readonly keyword: KeywordSpec }>();
  for (const outer of blocksIn(root))
    for (const keyword of outer.keywords)
      if (keyword.contents?.kind === "keywords") {
        const { block } = keyword.contents;
        found.set(block.path, { block, keyword });
      }
  return found;
}

function definitionName(path: string): string {
  return path.replaceAll("/", ".");
}

/** The same kind of line may know other words in other blocks. */
function linesName(lines: LineSpec): string {
  const has = (name: string): boolean => lines.options.some((option) => option.name === name);
  if (lines.name === "track-line") return `${lines.name}.${argumentKey(lines.leading[0])}`;
  return has("track_group") ? `static-${lines.name}` : lines.name;
}

function blockSchema(block: BlockSpec, opener: KeywordSpec | undefined): JsonObject {
  const properties: Record<string, Json> = {};
  for (const argument of opener?.arguments ?? [])
    properties[argumentKey(argument)] = argumentSchema(argument);
  for (const variant of opener?.variants ?? []) properties[variant.word] = variantSchema(variant);
  for (const keyword of block.keywords) properties[keyword.name] = keywordSchema(keyword);
  const alternatives = opener?.variants !== undefined;
  const required = alternatives
    ? []
    : (opener?.arguments ?? []).filter(({ optional }) => optional !== true).map(argumentKey);
  return {
    description: block.summary,
    type: "object",
    properties,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function withoutDescription(schema: JsonObject): JsonObject {
  const { description: _, ...rest } = schema;
  return rest;
}

function keywordSchema(keyword: KeywordSpec): JsonObject {
  const { contents } = keyword;
  const about: JsonObject = {
    description: descriptionOf(keyword),
    ...(keyword.deprecated === undefined ? {} : { deprecated: true }),
  };
  if (contents?.kind === "keywords") {
    const reference = { $ref: `#/$defs/${definitionName(contents.block.path)}` };
    const several = keyword.arguments.length > 0 || isUrlOrCheck(keyword.name);
    return several ? { ...about, type: "array", items: reference } : { ...about, ...reference };
  }
  if (contents?.kind === "lines") return { ...about, ...linesSchema(keyword, contents.lines) };
  const value = valuesSchema(keyword.arguments, keyword.options ?? []);
  const single: JsonObject =
    keyword.default === undefined
      ? value
      : { ...value, default: defaultValue(keyword.default, keyword.arguments) };
  return keyword.repeats === true
    ? { ...about, type: "array", items: single }
    : { ...about, ...single };
}

/** Blocks without a name that may stand more than once. */
function isUrlOrCheck(name: string): boolean {
  return name === "url" || name === "host" || name === "garp_group" || /_(CHECK|GET)$/.test(name);
}

/** A block of values; one with a name is an object of such blocks by their names. */
function linesSchema(keyword: KeywordSpec, lines: LineSpec): JsonObject {
  const list: JsonObject = {
    type: "array",
    items: { anyOf: [{ type: "string" }, { $ref: `#/$defs/${linesName(lines)}` }] },
  };
  return keyword.arguments.length === 0 ? list : { type: "object", additionalProperties: list };
}

function lineSchema(lines: LineSpec): JsonObject {
  const properties: Record<string, Json> = {};
  for (const argument of lines.leading)
    properties[argumentKey(argument)] = argumentSchema(argument);
  for (const variant of lines.variants ?? []) properties[variant.word] = variantSchema(variant);
  for (const option of lines.options) properties[option.name] = optionSchema(option);
  return { description: lines.summary, type: "object", properties, additionalProperties: false };
}

function variantSchema(variant: Variant): JsonObject {
  return { description: variant.summary, ...valuesSchema(variant.arguments, []) };
}

function optionSchema(option: OptionSpec): JsonObject {
  const value = valuesSchema(option.arguments, option.options ?? []);
  return {
    description: option.summary,
    ...(option.name === "nexthop" ? { type: "array", items: value } : value),
    ...(option.deprecated === undefined ? {} : { deprecated: true }),
  };
}

/** What stands behind a word: nothing, one value, or an object of several. */
function valuesSchema(list: readonly ArgumentSpec[], options: readonly OptionSpec[]): JsonObject {
  const [first] = list;
  if (first === undefined && options.length === 0) return { const: true };
  const single = first === undefined ? undefined : argumentSchema(first);
  const orNothing =
    first?.optional === true && single !== undefined && single["type"] !== "boolean";
  if (single !== undefined && list.length === 1 && options.length === 0)
    return orNothing ? { anyOf: [{ const: true }, single] } : single;
  const properties: Record<string, Json> = {};
  for (const argument of list) properties[argumentKey(argument)] = argumentSchema(argument);
  for (const option of options) properties[option.name] = optionSchema(option);
  const object = { type: "object", properties, additionalProperties: false };
  const shortest = list.find(({ optional }) => optional !== true) ?? first;
  return {
    anyOf: [
      ...(first === undefined || first.optional === true ? [{ const: true }] : []),
      ...(shortest === undefined ? [] : [argumentSchema(shortest)]),
      object,
    ],
  };
}

/** The property that holds an argument. */
export function argumentKey(argument: ArgumentSpec | undefined): string {
  return (argument?.name ?? "").toLowerCase();
}

function argumentSchema(argument: ArgumentSpec): JsonObject {
  const value = valueSchema(argument.value);
  return argument.repeats === true ? { type: "array", items: value } : value;
}

function valueSchema(value: ValueKind): JsonObject {
  switch (value.kind) {
    case "integer":
      return { type: "integer", minimum: value.min, maximum: value.max };
    case "port":
      return { type: "integer", minimum: value.min, maximum: 65_535 };
    case "seconds":
      return {
        type: value.whole === true ? "integer" : "number",
        minimum: value.min,
        maximum: value.max,
      };
    case "boolean":
      return { type: "boolean" };
    case "choice":
      return { enum: value.choices };
    case "address":
      return value.family === undefined
        ? { type: "string", anyOf: [{ format: "ipv4" }, { format: "ipv6" }] }
        : { type: "string", format: `ipv${value.family}` };
    case "interface":
      return { type: "string", minLength: 1, maxLength: 15 };
    case "form":
      return { type: ["string", "number"], description: `${value.form}.` };
    case "text":
      return value.bytesMax === undefined
        ? { type: "string" }
        : { type: "string", maxLength: value.bytesMax };
    case "prefix":
    case "netmask":
    case "reference":
    case "command":
    case "path":
      return { type: "string", description: `Is ${describeValue(value)}.` };
  }
}

function defaultValue(text: string, list: readonly ArgumentSpec[]): Json {
  const kind = list[0]?.value.kind;
  if (kind === "boolean") return text === "on";
  return kind === "integer" || kind === "seconds" || kind === "port" ? Number(text) : text;
}

function descriptionOf(keyword: KeywordSpec): string {
  const parts = [keyword.summary];
  if (keyword.unset !== undefined) parts.push(`Without it: ${keyword.unset}.`);
  if (keyword.deprecated !== undefined) parts.push(`Deprecated: ${keyword.deprecated.advice}.`);
  if (keyword.missing !== undefined)
    parts.push(`Keelson does not act on it yet: ${keyword.missing}.`);
  return parts.join(" ");
}
