// Writes docs/rules from the catalogue: a page a rule and the list of all.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rulePages } from "../src/conf/rules/rule-pages.ts";

const folder = "docs/rules";
const pages = rulePages();
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(join(folder, name));
for (const [name, text] of pages) writeFileSync(join(folder, name), text);
console.log(`${folder}: ${pages.size} pages`);
