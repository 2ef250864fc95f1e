// The reference of keepalived.conf as Markdown, made from the table: an index and a page a block.

import { blocksIn, linesOf } from "./blocks.ts";
import {
  describeOtherwise,
  describeValue,
  factsOf,
  lineSyntaxOf,
  optionSyntaxOf,
  syntaxOf,
} from "./describe.ts";
import { jsonSchemaOf } from "./json-schema.ts";
import type { BlockSpec, KeywordSpec, LineSpec, OptionSpec } from "./keyword-spec.ts";
import { fileBlock } from "./root.ts";

/** What begins each page that is made from the table. */
export const madeMark = "<!-- Made from src/conf/keepalived/table by `make reference`. -->";

/** All files of the reference by their names below docs/reference. */
export function referencePages(): ReadonlyMap<string, string> {
  const pages = new Map<string, string>([["keepalived.conf.md", indexPage()]]);
  for (const block of blocksIn(fileBlock)) pages.set(pageName(block.path), blockPage(block));
  const schema = JSON.stringify(jsonSchemaOf(fileBlock), undefined, 2);
  pages.set("keepalived.schema.json", `${schema}\n`);
  return pages;
}

function pageName(path: string): string {
  return path === "/" ? "top-level.md" : `${path.replaceAll("/", ".")}.md`;
}

function blockTitle(path: string): string {
  return path === "/" ? "The top level" : path.replaceAll("/", " / ");
}

function link(path: string, keyword: string): string {
  return `${pageName(path)}#${keyword.toLowerCase()}`;
}

function indexPage(): string {
  const blocks = blocksIn(fileBlock);
  const byName = new Map<string, { readonly path: string; readonly keyword: KeywordSpec }[]>();
  for (const block of blocks)
    for (const keyword of block.keywords) {
      const places = byName.get(keyword.name) ?? [];
      byName.set(keyword.name, [...places, { path: block.path, keyword }]);
    }
  const rows = [...byName].toSorted(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return [
    madeMark,
    "# keepalived.conf",
    "Every keyword that Keelson reads, block by block. A keyword that is marked *not yet* is read and checked, and Keelson does not act on it yet; its page says what that means.",
    "Lines of the file end at `#` or `!`; one line holds one keyword. `keelson check FILE` says what is wrong with a file, and [keepalived.schema.json](keepalived.schema.json) describes its JSON form.",
    "## Blocks",
    blocks
      .map((block) => `- [${blockTitle(block.path)}](${pageName(block.path)}): ${block.summary}`)
      .join("\n"),
    "## Keywords",
    "| keyword | in | |\n|---|---|---|",
    ...[
      rows
        .map(([name, places]) => {
          const links = places
            .map(({ path }) => `[${lastOf(path)}](${link(path, name)})`)
            .join(", ");
          return `| \`${name}\` | ${links} | ${marks(places.map(({ keyword }) => keyword))} |`;
        })
        .join("\n"),
    ],
  ]
    .join("\n\n")
    .replace("|---|---|---|\n\n", "|---|---|---|\n")
    .concat("\n");
}

function lastOf(path: string): string {
  return path === "/" ? "the top level" : path.slice(path.lastIndexOf("/") + 1);
}

function marks(keywords: readonly KeywordSpec[]): string {
  const found: string[] = [];
  const [first] = keywords;
  if (keywords.every(({ deprecated }) => deprecated !== undefined)) found.push("deprecated");
  if (keywords.every(({ acts }) => !acts)) found.push("*not yet*");
  else if (keywords.some(({ acts }) => !acts)) found.push("*in some blocks not yet*");
  if (first?.ours === true && keywords.length === 1) found.push("Keelson's own");
  return found.join(", ");
}

function blockPage(block: BlockSpec): string {
  const parts = [madeMark, `# ${blockTitle(block.path)}`, block.summary];
  const around =
    block.path === "/"
      ? "keepalived.conf.md"
      : pageName(block.path.replace(/\/?[^/]+$/, "") || "/");
  parts.push(
    block.path === "/"
      ? `[All keywords](${around})`
      : `[Around it](${around}) - [All keywords](keepalived.conf.md)`,
  );
  for (const keyword of block.keywords) parts.push(...keywordParts(block, keyword));
  return `${parts.join("\n\n")}\n`;
}

function keywordParts(block: BlockSpec, keyword: KeywordSpec): readonly string[] {
  const parts = [
    `## ${keyword.name}`,
    `\`\`\`keepalived\n${syntaxOf(keyword)}\n\`\`\``,
    keyword.summary,
  ];
  const facts = factsOf(keyword);
  if (facts.length > 0) parts.push(facts.map((fact) => `- ${fact}`).join("\n"));
  if (keyword.contents?.kind === "keywords") {
    const path = block.path === "/" ? keyword.name : `${block.path}/${keyword.name}`;
    parts.push(`What stands inside: [${blockTitle(path)}](${pageName(path)}).`);
  }
  const lines = linesOf(keyword);
  if (lines !== undefined) parts.push(...lineParts(lines));
  return parts;
}

function lineParts(lines: LineSpec): readonly string[] {
  const parts = [
    `Inside: ${lines.summary}`,
    `\`\`\`keepalived\n${lineSyntaxOf(lines)}\n\`\`\``,
    [
      ...lines.leading.map((argument) => {
        const otherwise = describeOtherwise(argument.value);
        return `- \`${argument.name}\`: ${describeValue(argument.value)}.${otherwise === undefined ? "" : ` Otherwise ${otherwise}.`}`;
      }),
      ...(lines.variants ?? []).map((variant) => `- \`${variant.word}\`: ${variant.summary}`),
    ].join("\n"),
  ];
  if (lines.options.length > 0)
    parts.push(
      `| option | |\n|---|---|\n${lines.options.flatMap((option) => optionRows(option, "")).join("\n")}`,
    );
  return parts.filter((part) => part !== "");
}

function optionRows(option: OptionSpec, indent: string): readonly string[] {
  const notes = [
    option.summary,
    ...option.arguments
      .map(({ value }) => describeValue(value))
      .filter((text) => !text.startsWith("a word") && !text.startsWith("the word"))
      .map((text) => `Takes ${text}.`),
    ...(option.deprecated === undefined ? [] : [`Deprecated: ${option.deprecated.advice}.`]),
    ...(option.acts ? [] : ["*Not yet.*"]),
  ];
  const row = `| ${indent}\`${optionSyntaxOf(option).replaceAll("|", "\\|")}\` | ${notes.join(" ")} |`;
  return [row, ...(option.options ?? []).flatMap((inner) => optionRows(inner, `${indent}... `))];
}
