// `include` and its variants: which files one names, and what is said when some are missing.

import type { Diagnostic, Finding, Span } from "../../text/diagnostic.ts";
import { alternativesOf } from "../../text/glob.ts";
import type { FileReader } from "./file-reader.ts";

/** What a variant calls an error; keepalived itself goes on in any case. */
interface IncludePolicy {
  /** A file without wildcard that is not there, or cannot be read. */
  readonly match: boolean;
  /** A wildcard that matches nothing. */
  readonly wildcard: boolean;
  /** An alternative of braces that matches nothing. */
  readonly brace: boolean;
}

const policies: Readonly<Record<string, IncludePolicy>> = {
  include: { match: false, wildcard: false, brace: false },
  includer: { match: false, wildcard: false, brace: false },
  includem: { match: true, wildcard: false, brace: false },
  includew: { match: true, wildcard: true, brace: false },
  includeb: { match: false, wildcard: false, brace: true },
  includea: { match: true, wildcard: true, brace: true },
};

/** One include line. */
export interface IncludeRequest {
  readonly keyword: string;
  /** What stands behind the keyword: quotes are a part of the name, as keepalived has it. */
  readonly argument: string;
  readonly span: Span;
  /** The file that says it. */
  readonly file: string;
}

/** The files of an include line that are to be read; what is missing is reported. */
export function includedPaths(
  request: IncludeRequest,
  reader: FileReader,
  diagnostics: Diagnostic[],
): readonly string[] {
  const { argument, file } = request;
  const folder = folderOf(argument, file);
  const hasBraces = /\{[^{}]*\}/.test(argument);
  if (!hasBraces && !/[*?[]/.test(argument))
    return [`${folder}${argument.replaceAll(/\\(.)/g, "$1")}`];
  const policy = policies[request.keyword] ?? policies["include"];
  const found = new Set<string>();
  const missing: string[] = [];
  for (const alternative of alternativesOf(argument)) {
    const paths = reader.listFiles?.(`${folder}${alternative}`) ?? [];
    for (const path of paths) found.add(path);
    if (paths.length === 0) missing.push(alternative);
  }
  if (missing.length > 0 && (hasBraces || found.size === 0)) {
    const isError = hasBraces && found.size > 0 ? policy?.brace : policy?.wildcard;
    reportMissing(request, "no file matches", missing, isError === true, diagnostics);
  }
  return [...found];
}

/** A file of an include line that cannot be read. */
export function reportUnreadable(
  request: IncludeRequest,
  path: string,
  reason: string,
  reader: FileReader,
  diagnostics: Diagnostic[],
): void {
  const isError = policies[request.keyword]?.match === true;
  const unquoted = existingWithoutQuotes(request, reader);
  diagnostics.push({
    ...finding(request, path, reason, isError),
    ...(unquoted === undefined
      ? {}
      : {
          fix: "write the name without quotes: keepalived takes them as a part of it",
          edits: [{ span: request.span, newText: unquoted }],
        }),
    code: "S13",
    span: request.span,
    stock: `Config files missing '${request.argument}'.`,
  });
}

/** The name between quotes, when there is such a file: keepalived takes the quotes for a part of the name. */
function existingWithoutQuotes(request: IncludeRequest, reader: FileReader): string | undefined {
  const name = /^"([^"]+)"$/.exec(request.argument)?.[1];
  if (name === undefined) return undefined;
  return reader.readFile(`${folderOf(name, request.file)}${name}`).ok ? name : undefined;
}

/** Names are relative to the file that includes. */
function folderOf(name: string, file: string): string {
  return name.startsWith("/") ? "" : file.slice(0, file.lastIndexOf("/") + 1);
}

function reportMissing(
  request: IncludeRequest,
  reason: string,
  missing: readonly string[],
  isError: boolean,
  diagnostics: Diagnostic[],
): void {
  const isWildcard = !request.argument.includes("{");
  // keepalived says nothing about a wildcard without match, unless it was asked to.
  const stock = isWildcard
    ? isError
      ? { stock: `No config files matched '${request.argument}'.` }
      : {}
    : { stock: `Some config files missing: "${request.argument}".` };
  const shown = missing.slice(0, 3).join("`, `");
  diagnostics.push({
    ...finding(request, shown, reason, isError),
    code: "S13",
    span: request.span,
    ...stock,
  });
}

function finding(request: IncludeRequest, what: string, reason: string, isError: boolean): Finding {
  return {
    severity: isError ? "error" : "warning",
    message: `\`${what}\` is not included: ${reason}`,
    ...(isError ? { label: `\`${request.keyword}\` takes that for an error` } : {}),
    effect: "everything that it would configure is missing",
    fix: "create the file, or remove the include",
  };
}
