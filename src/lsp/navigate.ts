// From a name to where it is defined, to where it is used, and to another name everywhere at once.

import type { Location, Position, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import type { LoadedConfiguration } from "../conf/load-configuration.ts";
import type { Span } from "../conf/text/diagnostic.ts";
import { type NamedPlace, namesOf } from "./names.ts";
import { contains, locationOf, rangeOf } from "./places.ts";
import { uriOf, type Workspace } from "./workspace.ts";

/** The name under a position with all of its places, in every open configuration that has it. */
interface FoundName {
  readonly here: NamedPlace;
  readonly places: readonly NamedPlace[];
}

function findName(workspace: Workspace, path: string, position: Position): FoundName | undefined {
  const all = workspace.loadAround(path).flatMap(placesOf);
  const here = all.find(({ span }) => span.file === path && contains(span, position));
  if (here === undefined) return undefined;
  const same = all.filter(({ kind, name }) => kind === here.kind && name === here.name);
  const once = new Map(same.map((place) => [JSON.stringify(place.span), place]));
  return { here, places: [...once.values()] };
}

function placesOf({ configuration, sources }: LoadedConfiguration): readonly NamedPlace[] {
  return configuration === undefined ? [] : namesOf(configuration.root, sources);
}

/** Where the name, the included file or the script under a position is defined. */
export function definitionsAt(
  workspace: Workspace,
  path: string,
  position: Position,
): readonly Location[] {
  const found = findName(workspace, path, position);
  if (found !== undefined) {
    const definitions = found.places.filter(({ role }) => role === "definition");
    return definitions.map(({ span }) => locationOf(span, workspace.text(span.file)));
  }
  return filesAt(workspace, path, position).map((file) => ({
    uri: uriOf(file),
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
  }));
}

/** Files that an include brings in, or the first absolute path of a word that exists. */
function filesAt(workspace: Workspace, path: string, position: Position): readonly string[] {
  const included = workspace
    .loadAround(path)
    .flatMap(({ includes }) => [...includes])
    .filter(([, span]) => span.file === path && span.line === position.line + 1)
    .map(([file]) => file);
  if (included.length > 0) return [...new Set(included)];
  const line = workspace.text(path)?.split("\n")[position.line] ?? "";
  const words = [...line.matchAll(/\/[^\s"'{}]+/g)];
  const word = words.find(
    ({ index, 0: text }) =>
      index <= position.character && position.character <= index + text.length,
  );
  return word !== undefined && workspace.text(word[0]) !== undefined ? [word[0]] : [];
}

/** Every place of the name under a position. */
export function referencesAt(
  workspace: Workspace,
  path: string,
  position: Position,
): readonly Location[] {
  const found = findName(workspace, path, position);
  return (found?.places ?? []).map(({ span }) => locationOf(span, workspace.text(span.file)));
}

/** The span of the name under a position, when it can be renamed. */
export function renameSpanAt(
  workspace: Workspace,
  path: string,
  position: Position,
): Span | undefined {
  return findName(workspace, path, position)?.here.span;
}

/** The edits that rename it; a sentence when the new name cannot be one. */
export function renameAt(
  workspace: Workspace,
  path: string,
  position: Position,
  newName: string,
): WorkspaceEdit | string | undefined {
  const found = findName(workspace, path, position);
  if (found === undefined) return undefined;
  const { kind } = found.here;
  const valid = kind === "$" ? /^[A-Za-z_]\w*$/ : /^[^\s{}"'#!]+$/;
  if (!valid.test(newName)) return `\`${newName}\` cannot be a name`;
  const taken = workspace
    .loadAround(path)
    .flatMap(placesOf)
    .some((place) => place.kind === kind && place.name === newName && place.role === "definition");
  if (taken) return `there is a ${kind === "$" ? "parameter" : kind} \`${newName}\` already`;
  const changes: Record<string, TextEdit[]> = {};
  for (const { span } of found.places) {
    const text = workspace.text(span.file);
    const edit = { range: rangeOf(span, text), newText: quotedAs(text, span, newName) };
    changes[uriOf(span.file)] = [...(changes[uriOf(span.file)] ?? []), edit];
  }
  return { changes };
}

/** A quoted name stays quoted. */
function quotedAs(text: string | undefined, span: Span, name: string): string {
  const line = text?.split("\n")[span.line - 1] ?? "";
  return line[span.column - 1] === '"' ? `"${name}"` : name;
}
