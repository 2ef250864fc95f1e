// A rule as Markdown: its page in docs/rules, and the list of all.

import type { Example, Rule } from "./rule.ts";

const scopes: Readonly<Record<Rule["scope"], string>> = {
  file: "one file",
  pair: "the files of several nodes together",
  topo: "the files, and what is known of the network around",
};

/** Titles of the families of rules, by their letter. */
const families: readonly (readonly [letter: string, title: string])[] = [
  ["S", "Structure and words"],
  ["V", "VRRP"],
  ["X", "Scripts, tracking, notification"],
  ["L", "Virtual and real servers"],
  ["P", "Nodes of one cluster together"],
  ["K", "What Keelson does not do yet"],
  ["C", "Comments that put findings aside"],
  ["D", "ldirectord.cf"],
  ["A", "ipvsadm"],
];

/** The page of a rule, in Markdown. */
export function renderRulePage(rule: Rule): string {
  const parts = [
    `# ${rule.id}: ${rule.title}`,
    `\`${rule.name}\` · ${rule.severity} · judges ${scopes[rule.scope]}`,
    rule.explanation,
    ...examples("It speaks about", rule.bad),
    ...examples("It is silent about", rule.good),
    ...(rule.sources.length === 0
      ? []
      : ["## To read", rule.sources.map((source) => `- <${source}>`).join("\n")]),
    `Where it is fine, say so above the line: \`# keelson-disable-next-line ${rule.id} <reason>\`.`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function examples(title: string, texts: readonly Example[]): readonly string[] {
  const shown = texts.filter((text) => text !== "");
  if (shown.length === 0) return [];
  return [
    `## ${title}`,
    ...shown.map((text) => (typeof text === "string" ? fenced(text) : nodes(text))),
  ];
}

function nodes(texts: readonly string[]): string {
  return texts.map((text, i) => `Node ${i + 1}:\n\n${fenced(text)}`).join("\n\n");
}

/** A fence longer than any in the text. */
function fenced(text: string): string {
  const fence = "`".repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map((run) => run.length + 1)));
  return `${fence}conf\n${text.trimEnd()}\n${fence}`;
}

/** The list of all rules, in Markdown. */
export function renderRuleList(rules: readonly Rule[]): string {
  const parts = [
    "# Rules",
    "What `keelson check` looks for. `keelson check --explain ID` prints a page in the terminal. An *error* makes the " +
      "check fail; a *warning* says that something has no effect, or another one than it seems; *advice* is for what " +
      "works and could work better.",
  ];
  for (const [letter, title] of families) {
    const members = rules
      .filter(({ id }) => id.startsWith(letter))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    if (members.length === 0) continue;
    const rows = members.map(
      (rule) =>
        `| [${rule.id}](${rule.id}.md) | ${rule.severity} | ${rule.scope} | ${rule.title.replaceAll("|", "\\|")} |`,
    );
    parts.push(
      `## ${title}`,
      ["| id | severity | judges | what |", "|---|---|---|---|", ...rows].join("\n"),
    );
  }
  return `${parts.join("\n\n")}\n`;
}
