// The page of docs/reference about ldirectord.cf, made from the table of directives.

import type { DirectiveName } from "./configuration.ts";
import { directiveNames, specOf } from "./directives.ts";

const introduction = `# ldirectord.cf

Made from the table of directives by \`make reference\`. Keelson runs such a file as it is; see
[Migrating from ldirectord](../migrating-from-ldirectord.md).

## The language

- A line is \`name = value\`. Global directives begin at the beginning of a line.
- \`virtual = ADDRESS:PORT\`, \`virtual = MARK\` and \`virtual6 = [ADDRESS]:PORT\` begin a virtual server. The lines of it
  follow, indented with a tab or with at least four blanks. An empty line ends it; lines of comment do not.
- A comment begins with \`#\`. Behind a global value ldirectord takes it for a part of the value.
- Of two lines with one directive the last one counts, except where every line does.
- What a virtual server says for itself goes before what is said globally.
- Hosts are addresses or names, ports numbers or their usual names. Names of hosts are looked up when the file is
  loaded.
`;

/** The page. */
export function ldirectordReference(): string {
  const global = directiveNames.filter((name) => specOf(name).scopes.includes("global"));
  const own = directiveNames.filter((name) => !specOf(name).scopes.includes("global"));
  const sections = [
    section("Of the whole file", global),
    section("Of one virtual server", own),
    dropped,
  ];
  return `${introduction}\n${sections.join("\n")}`;
}

const dropped = `## Out of use

\`timeout\` and \`connecttimeout\` are refused, with ldirectord as with Keelson: write \`checktimeout\` and
\`negotiatetimeout\`.
`;

function section(title: string, names: readonly DirectiveName[]): string {
  return `## ${title}\n\n${names.map(entry).join("\n")}`;
}

function entry(name: DirectiveName): string {
  const { scopes, summary, value, repeats, deprecated, missing, ...rest } = specOf(name);
  const where = scopes.length > 1 && scopes.includes("global") ? "also in a virtual server" : "";
  const six = scopes.includes("virtual") || scopes.length > 1 ? "" : sectionOf(scopes);
  const facts = [where, six, repeats === true ? "every line counts" : ""].filter((x) => x !== "");
  const lines = [`### ${name}`, "", `\`${name} = ${value.form}\``, "", summary];
  if (facts.length > 0) lines.push("", `${capital(facts.join("; "))}.`);
  lines.push("", `Default: ${rest.default ?? "none"}.`);
  if (deprecated !== undefined) lines.push("", `Out of use: ${deprecated}.`);
  if (missing !== undefined) lines.push("", `Not acted on yet: ${missing}.`);
  return `${lines.join("\n")}\n`;
}

function sectionOf(scopes: readonly string[]): string {
  return scopes.includes("virtual6") ? "only in `virtual6`" : "";
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
