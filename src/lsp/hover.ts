// What the word under a position means.

import type { Hover, Position } from "vscode-languageserver";
import { blockAt, linesOf } from "../conf/keepalived/table/blocks.ts";
import { hoverText, optionSyntaxOf } from "../conf/keepalived/table/describe.ts";
import type { KeywordSpec, OptionSpec } from "../conf/keepalived/table/keyword-spec.ts";
import { fileBlock } from "../conf/keepalived/table/root.ts";
import { type Cursor, cursorAt } from "./cursor.ts";
import { namesOf } from "./names.ts";
import { contains } from "./places.ts";
import type { Workspace } from "./workspace.ts";

/** The text of a keyword, an option, or of the block that a name stands for. */
export function hoverAt(workspace: Workspace, path: string, position: Position): Hover | undefined {
  const text = workspace.text(path);
  if (text === undefined) return undefined;
  const cursor = cursorAt(text, position);
  const value = keywordHover(cursor) ?? nameHover(workspace, path, position) ?? optionHover(cursor);
  return value === undefined ? undefined : { contents: { kind: "markdown", value } };
}

/** The keyword whose line or block the cursor is in. */
export function specAt(blockPath: string, name: string): KeywordSpec | undefined {
  return blockAt(fileBlock, blockPath)?.keywords.find((keyword) => keyword.name === name);
}

/** The keyword whose block of values a path ends with. */
export function lineSpecAt(blockPath: string): KeywordSpec | undefined {
  const slash = blockPath.lastIndexOf("/");
  const outer = slash <= 0 ? "/" : blockPath.slice(0, slash);
  const keyword = specAt(outer, blockPath.slice(slash + 1));
  return keyword !== undefined && linesOf(keyword) !== undefined ? keyword : undefined;
}

function keywordHover({ blockPath, words, wordIndex }: Cursor): string | undefined {
  const first = words[0];
  if (wordIndex !== 0 || first === undefined) return undefined;
  const spec = specAt(blockPath, first.text);
  return spec === undefined ? undefined : hoverText(spec);
}

function optionHover({ blockPath, words, wordIndex }: Cursor): string | undefined {
  const word = words[wordIndex];
  const keyword = lineSpecAt(blockPath);
  const lines = keyword && linesOf(keyword);
  const options: readonly OptionSpec[] =
    lines?.options ?? specAt(blockPath, words[0]?.text ?? "")?.options ?? [];
  const option = options.find((candidate) => candidate.name === word?.text);
  if (option === undefined) return undefined;
  return `\`\`\`keepalived\n${optionSyntaxOf(option)}\n\`\`\`\n\n${option.summary}`;
}

/** A name shows the first lines of the block that defines it. */
function nameHover(workspace: Workspace, path: string, position: Position): string | undefined {
  for (const { configuration, sources } of workspace.loadAround(path)) {
    if (configuration === undefined) continue;
    const places = namesOf(configuration.root, sources);
    const here = places.find(({ span }) => span.file === path && contains(span, position));
    const definition = places.find(
      ({ role, kind, name }) => role === "definition" && kind === here?.kind && name === here.name,
    );
    if (definition === undefined) continue;
    const { file, line } = definition.span;
    const lines = (sources.get(file) ?? "").split("\n").slice(line - 1, line + 11);
    const end = lines.findIndex((text) => text.startsWith("}"));
    const shown = end < 0 ? lines : lines.slice(0, end + 1);
    const body = definition.kind === "$" ? (lines[0] ?? "") : shown.join("\n");
    return `\`\`\`keepalived\n${body}\n\`\`\`\n\n${file}:${line}`;
  }
  return undefined;
}
