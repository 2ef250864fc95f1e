// What people mean who write a line in the manner of another language, where its first word is no keyword.

/** What is worth saying about such a word; `newText` may stand in its place without further thought. */
export interface KeywordHint {
  readonly label: string;
  readonly fix: string;
  readonly newText?: string;
}

/** Other languages begin comments with these. */
const foreignComment = /^(\/\/|\/\*|--|;|<!--)/;

/** The sign with which a comment of another language begins; undefined for any other word. */
export function commentSign(word: string): string | undefined {
  return foreignComment.exec(word)?.[0];
}

/** A hint about the first word of a line; `keywords` are those of the block. */
export function keywordHint(
  word: string,
  keywords: { has(name: string): boolean },
): KeywordHint | undefined {
  const [, name = "", sign = "", value = ""] = /^["']?(\w+)["']?(:=|=>|[=:])(.*)$/.exec(word) ?? [];
  if (sign !== "" && keywords.has(name))
    return {
      label: `\`${sign}\` belongs to other languages`,
      fix: `write \`${name} ${value === "" ? "..." : value}\`: a blank stands between keyword and value`,
      ...(value === "" ? { newText: name } : { newText: `${name} ${value}` }),
    };
  if (/^(<{7}|={7}|>{7}|\|{7})$/.test(word))
    return { label: "a merge conflict was left here", fix: "keep one side of it" };
  if (word === ")" || word === "]")
    return { label: "a block ends with `}`", fix: "write `}`", newText: "}" };
  if (word.startsWith("```")) return { label: "a mark of Markdown", fix: "remove the line" };
  return undefined;
}

/** The keyword that means the same in this block: those of `global_defs` for all instances begin with `vrrp_`. */
export function siblingOf(
  name: string,
  keywords: { has(name: string): boolean },
): string | undefined {
  if (keywords.has(`vrrp_${name}`)) return `vrrp_${name}`;
  const short = name.replace(/^vrrp_/, "");
  if (short !== name && keywords.has(short)) return short;
  return name === "vrrp_strict" && keywords.has("strict_mode") ? "strict_mode" : undefined;
}
