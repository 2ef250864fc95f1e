// Writes what is made from the table of keywords: docs/reference (a page a block, the index, the JSON Schema) and the
// grammar by which editors colour.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { madeMark, referencePages } from "../src/conf/keepalived/table/reference-pages.ts";
import { textmateGrammar } from "../src/conf/keepalived/table/textmate-grammar.ts";
import { ldirectordReference } from "../src/conf/ldirectord/reference-page.ts";

const folder = "docs/reference";
const pages = referencePages();
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) {
  const file = join(folder, name);
  if (!pages.has(name) && readFileSync(file, "utf8").startsWith(madeMark)) rmSync(file);
}
for (const [name, text] of pages) writeFileSync(join(folder, name), text);
writeFileSync(join(folder, "ldirectord.cf.md"), ldirectordReference());
console.log(`${folder}: ${pages.size} files`);

writeFileSync("editors/vscode/syntaxes/keepalived.tmLanguage.json", textmateGrammar());
