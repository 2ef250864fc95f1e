// Patterns of file names as glob(3) with braces has them: `*`, `?`, `[...]`, `{a,b}`. Node 20 has none of its own.

/** The part of a file system that matching needs. */
export interface FileTree {
  /** Names in a directory; empty when there is none. */
  readonly names: (directory: string) => readonly string[];
  readonly isFile: (path: string) => boolean;
}

const alternativesMax = 1000;

/** Linux knows no longer paths. */
const patternLengthMax = 4096;

/** The files that match, each once; those of one alternative sorted, alternatives in their order. */
export function matchPaths(pattern: string, tree: FileTree): readonly string[] {
  if (pattern.length > patternLengthMax) return [];
  const found = new Set<string>();
  for (const alternative of alternativesOf(pattern))
    for (const path of matchOne(alternative, tree)) found.add(path);
  return [...found];
}

/** `a{b,c{d,e}}` becomes `ab`, `acd`, `ace`. */
export function alternativesOf(pattern: string): readonly string[] {
  const done: string[] = [];
  const pending = [pattern];
  // Braces inside braces bring the same text about again and again.
  const seen = new Set<string>();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const match = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(next);
    const [, before = "", inside = "", after = ""] = match ?? [];
    if (match === null || done.length + pending.length > alternativesMax) done.push(next);
    else
      for (const part of inside.split(",").reverse()) {
        const alternative = `${before}${part}${after}`;
        if (!seen.has(alternative)) pending.push(alternative);
        seen.add(alternative);
      }
  }
  // The innermost braces open first, which brings some texts about twice.
  return [...new Set(done)];
}

function matchOne(pattern: string, tree: FileTree): readonly string[] {
  const [first = "", ...rest] = pattern.split("/");
  let paths = first === "" ? ["/"] : matchName("", first, tree);
  for (const name of rest)
    paths = paths.flatMap((path) => matchName(path.endsWith("/") ? path : `${path}/`, name, tree));
  return paths.filter((path) => tree.isFile(path)).sort();
}

function matchName(directory: string, pattern: string, tree: FileTree): readonly string[] {
  if (!/[*?[]/.test(pattern)) return [`${directory}${pattern}`];
  const expression = expressionOf(pattern);
  return tree
    .names(directory === "" ? "." : directory)
    .filter((name) => expression.test(name) && (pattern.startsWith(".") || !name.startsWith(".")))
    .map((name) => `${directory}${name}`);
}

function expressionOf(pattern: string): RegExp {
  const parts = pattern.match(/\[[!^]?\]?[^\]]*\]|[\s\S]/g) ?? [];
  const source = parts.map((part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    if (part.length > 2) return part.replace(/^\[[!^]/, "[^").replaceAll("\\", "\\\\");
    return part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`, "su");
}
