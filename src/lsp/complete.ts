// What may stand at a position.

import {
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  InsertTextFormat,
  type Position,
} from "vscode-languageserver";
import { linesOf } from "../conf/keepalived/table/blocks.ts";
import {
  type Completion,
  completionsOf,
  optionCompletionsOf,
  wordCompletionsOf,
} from "../conf/keepalived/table/describe.ts";
import type { ArgumentSpec } from "../conf/keepalived/table/keyword-spec.ts";
import { type Cursor, cursorAt } from "./cursor.ts";
import { lineSpecAt, specAt } from "./hover.ts";
import { namesOf } from "./names.ts";
import type { Workspace } from "./workspace.ts";

/** Keywords of the block, words of the keyword, or names that are defined, whichever fits the position. */
export function completeAt(
  workspace: Workspace,
  path: string,
  position: Position,
): readonly CompletionItem[] {
  const text = workspace.text(path);
  if (text === undefined) return [];
  const cursor = cursorAt(text, position);
  const inLines = lineSpecAt(cursor.blockPath);
  const lines = inLines && linesOf(inLines);
  if (lines !== undefined) {
    const leading = lines.leading[Math.min(cursor.wordIndex, lines.leading.length - 1)];
    const isLeading = cursor.wordIndex < lines.leading.length || leading?.repeats === true;
    if (isLeading) return namesFor(leading, workspace, path);
    return optionCompletionsOf(lines.options).map(itemOf);
  }
  if (cursor.wordIndex === 0) return completionsOf(cursor.blockPath).map(itemOf);
  return completeWord(cursor, workspace, path);
}

function completeWord(
  cursor: Cursor,
  workspace: Workspace,
  path: string,
): readonly CompletionItem[] {
  const spec = specAt(cursor.blockPath, cursor.words[0]?.text ?? "");
  if (spec === undefined) return [];
  const variant = spec.variants?.find(({ word }) => word === cursor.words[1]?.text);
  const argument =
    variant === undefined
      ? spec.arguments[cursor.wordIndex - 1]
      : variant.arguments[cursor.wordIndex - 2];
  return [...wordCompletionsOf(spec).map(itemOf), ...namesFor(argument, workspace, path)];
}

/** Names that an argument can refer to. */
function namesFor(
  argument: ArgumentSpec | undefined,
  workspace: Workspace,
  path: string,
): readonly CompletionItem[] {
  if (argument?.value.kind !== "reference") return [];
  const { to } = argument.value;
  const names = new Set(
    workspace
      .loadAround(path)
      .flatMap(({ configuration, sources }) =>
        (configuration === undefined ? [] : namesOf(configuration.root, sources))
          .filter(({ kind, role }) => kind === to && role === "definition")
          .map(({ name }) => name),
      ),
  );
  return [...names].map((label) => ({ label, detail: to, kind: CompletionItemKind.Reference }));
}

const kinds: Readonly<Record<Completion["kind"], CompletionItemKind>> = {
  block: CompletionItemKind.Struct,
  keyword: CompletionItemKind.Property,
  option: CompletionItemKind.Field,
  value: CompletionItemKind.EnumMember,
};

function itemOf(completion: Completion): CompletionItem {
  const { name, kind, syntax, documentation, deprecated } = completion;
  return {
    label: name,
    kind: kinds[kind],
    detail: syntax,
    ...(documentation === "" ? {} : { documentation: { kind: "markdown", value: documentation } }),
    ...(deprecated ? { tags: [CompletionItemTag.Deprecated] } : {}),
    ...(kind === "block"
      ? { insertText: blockSnippet(syntax), insertTextFormat: InsertTextFormat.Snippet }
      : {}),
  };
}

/** A block with its braces, the cursor at its name or inside. */
function blockSnippet(syntax: string): string {
  const head = (syntax.split("\n")[0] ?? "").replace(/ ?\{$/, "");
  const words = head.split(" ").filter((word) => !word.startsWith("["));
  const filled = words.map((word, i) => (i === 0 ? word : `\${${i}:${word}}`));
  return `${filled.join(" ")} {\n\t$0\n}`;
}
