// Walks the lines of one block with its table, and says what it thinks of keywords that are not in it.

import { nearestWord } from "../../text/nearest-word.ts";
import { blocksThatHave, deprecatedKeywords, type KnownKeyword, keywordsOf } from "../known.ts";
import type { Line } from "../language/expand.ts";
import type { Keyword, KeywordTable } from "./keyword.ts";
import type { Draft, Lowering } from "./lowering.ts";

/** Reads the block of `line`, which stands at `path` (`virtual_server/real_server`), into `target`. */
export function lowerBlock<Target extends Draft>(
  line: Line,
  path: string,
  table: KeywordTable<Target>,
  target: Target,
  lowering: Lowering,
): void {
  if (line.block === undefined) {
    lowering.report(lowering.keywordSpan(line), {
      severity: "error",
      code: "missing-block",
      message: `\`${line.words[0]?.text ?? ""}\` needs a block`,
      fix: "open it with `{`",
    });
    return;
  }
  lowerLines(line.block ?? [], path, table, target, lowering);
}

/** Reads lines that stand at `path`; the path of the file itself is `/`. */
export function lowerLines<Target extends Draft>(
  lines: readonly Line[],
  path: string,
  table: KeywordTable<Target>,
  target: Target,
  lowering: Lowering,
): void {
  for (const line of lines) {
    const name = line.words[0]?.text ?? "";
    const keyword = Object.hasOwn(table, name) ? table[name] : undefined;
    checkCut(line, lowering);
    if (keyword === undefined) reportOther(line, name, path, table, lowering);
    else lowerKnown(line, name, path, keyword, target, lowering);
  }
}

function lowerKnown<Target extends Draft>(
  line: Line,
  name: string,
  path: string,
  keyword: Keyword<Target>,
  target: Target,
  lowering: Lowering,
): void {
  const span = lowering.keywordSpan(line);
  const canonical = keyword.sameAs ?? name;
  const before = target.places.get(canonical);
  if (before !== undefined && keyword.repeats !== true)
    lowering.report(span, {
      severity: "warning",
      code: "keyword-repeated",
      message: `\`${name}\` is given twice; the last one counts`,
      related: [{ span: before, label: "this one has no effect" }],
      fix: "keep one of them",
    });
  target.places.set(canonical, span);
  if (line.block !== undefined && keyword.hasBlock !== true) reportBlock(line, name, lowering);
  if (keyword.wordsMax !== undefined) lowering.extraWords(line, keyword.wordsMax, keywordsOf(path));
  keyword.lower(line, target, lowering);
}

function reportBlock(line: Line, name: string, lowering: Lowering): void {
  lowering.report(lowering.keywordSpan(line), {
    severity: "error",
    code: "unexpected-block",
    message: `\`${name}\` takes no block`,
    effect: "keepalived ignores the `{`; the `}` that belongs to it then closes another block",
    fix: "remove the braces, or quote them when they belong to the argument",
  });
}

/** `ab!cd` is `ab` and a comment. */
function checkCut(line: Line, lowering: Lowering): void {
  for (const word of line.words) {
    if (!word.cut) continue;
    lowering.report(lowering.span(line, word), {
      severity: "warning",
      code: "comment-cuts-word",
      message: `\`${word.text}\` ends at a comment sign`,
      effect: "everything behind it on this line is a comment",
      fix: "quote the whole word, or put a blank before the comment",
    });
  }
}

function reportOther<Target extends Draft>(
  line: Line,
  name: string,
  path: string,
  table: KeywordTable<Target>,
  lowering: Lowering,
): void {
  const known = keywordsOf(path)?.get(name);
  if (known !== undefined) {
    reportNotActedOn(line, name, known, path, lowering);
    return;
  }
  reportUnknown(line, name, path, Object.keys(table), lowering);
}

/** What follows from not acting on some keywords; the others change little. */
const effects: Readonly<Record<string, string>> = {
  unicast_peer:
    "adverts go to the multicast group, where a peer that listens for unicast misses them",
  auth_hmac: "adverts carry no authentication",
  virtual_server_group: "no virtual server of this group takes connections",
  vrrp_sync_group: "its instances change state each on its own",
  use_vmac: "the addresses use the interface's own MAC address; gratuitous ARP announces them",
  vrrp_strict: "what the strict mode forbids stays allowed",
  strict_mode: "what the strict mode forbids stays allowed",
  virtual_routes: "the routes are not installed",
  virtual_rules: "the rules are not installed",
  static_ipaddress: "the addresses are not installed",
  static_routes: "the routes are not installed",
  static_rules: "the rules are not installed",
};

function reportNotActedOn(
  line: Line,
  name: string,
  known: KnownKeyword,
  path: string,
  lowering: Lowering,
): void {
  const replacement = deprecatedKeywords[name];
  const effect = effects[name] ?? checkEffect(name, path);
  lowering.report(lowering.keywordSpan(line), {
    severity: "warning",
    code: "keyword-not-acted-on",
    message: `\`${name}\` is read, but Keelson does not act on it yet`,
    ...(effect === undefined ? {} : { effect }),
    ...(replacement === undefined ? {} : { fix: `it is deprecated: ${replacement}` }),
  });
  if (known.form === "needs-argument" && line.words.length < 2) lowering.argument(line);
  if (known.form === "none") lowering.extraWords(line, 1);
  if (known.form === "block") walkUnread(line, path === "/" ? name : `${path}/${name}`, lowering);
}

function checkEffect(name: string, path: string): string | undefined {
  if (path !== "virtual_server/real_server" || !/_(CHECK|GET)$/.test(name)) return undefined;
  return "this check does not run";
}

/** Inside a block that nothing acts on, unknown keywords are still worth a word. */
function walkUnread(line: Line, path: string, lowering: Lowering): void {
  const keywords = keywordsOf(path);
  if (keywords === undefined || keywords.size === 0) return;
  for (const inner of line.block ?? []) {
    const name = inner.words[0]?.text ?? "";
    const known = keywords.get(name);
    if (known === undefined) reportUnknown(inner, name, path, [], lowering);
    else if (known.form === "block") walkUnread(inner, `${path}/${name}`, lowering);
    else if (known.form === "needs-argument" && inner.words.length < 2) lowering.argument(inner);
  }
}

function reportUnknown(
  line: Line,
  name: string,
  path: string,
  ours: readonly string[],
  lowering: Lowering,
): void {
  const span = lowering.keywordSpan(line);
  const where = path === "/" ? "the top level" : path.slice(path.lastIndexOf("/") + 1);
  const effect = line.block === undefined ? "the line is ignored" : "the whole block is ignored";
  const homes = blocksThatHave(name);
  if (homes.length > 0) {
    lowering.report(span, {
      severity: "warning",
      code: "misplaced-keyword",
      message: `\`${name}\` does not belong in ${where}`,
      effect,
      fix: `it belongs in ${homes.map(describePath).join(" or ")}`,
    });
    return;
  }
  const candidates = [...(keywordsOf(path)?.keys() ?? []), ...ours];
  const near = nearestWord(name, candidates);
  lowering.report(span, {
    severity: "warning",
    code: "unknown-keyword",
    message: `\`${name}\` is not a keyword of ${where}`,
    ...(near === undefined ? {} : { label: `did you mean \`${near}\`?` }),
    effect,
    ...unknownFix(name, near),
  });
}

function unknownFix(name: string, near: string | undefined): { fix?: string } {
  if (near !== undefined) return { fix: `write \`${near}\`` };
  if (name.startsWith("//") || name.startsWith("/*")) return { fix: "begin comments with `#`" };
  if (/^~(SEQ|LST)/.test(name))
    return { fix: "write the lines out: Keelson does not repeat lines yet" };
  return {};
}

function describePath(path: string): string {
  return path === "/" ? "the top level" : path.slice(path.lastIndexOf("/") + 1);
}
