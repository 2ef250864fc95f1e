// Writes docs/reference from the table of keywords: a page a block, the index and the JSON Schema.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { madeMark, referencePages } from "../src/conf/keepalived/table/reference-pages.ts";

const folder = "docs/reference";
const pages = referencePages();
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) {
  const file = join(folder, name);
  if (!pages.has(name) && readFileSync(file, "utf8").startsWith(madeMark)) rmSync(file);
}
for (const [name, text] of pages) writeFileSync(join(folder, name), text);
console.log(`${folder}: ${pages.size} files`);
