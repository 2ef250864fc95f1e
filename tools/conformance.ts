// Writes docs/conformance-vrrp.md: each requirement, what it says in our words, which tests hold it and
// where we differ. `--check` writes nothing and tells what is missing or out of date.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One requirement, or one rule of our own. */
interface Requirement {
  readonly id: string;
  readonly level: string;
  /** RFC number and section. */
  readonly section: string;
  readonly text: string;
  readonly profile: string;
  /** A page under docs/deviations. */
  readonly deviation?: string;
  readonly note?: string;
}

interface NamedTest {
  readonly file: string;
  readonly name: string;
}

const LEDGER = "test/conformance/ledger.json";
const PAGE = "docs/conformance-vrrp.md";
const FOLDERS = ["test/conformance", "test/root", "src/vrrp"];
/** `P1 (RFC ...): text`, `B-5, B-6 (...): text`, `E-1: text`. */
const NUMBERED =
  /^((?:[A-Z]+-?\d+|\d+\.\d+(?:\.\d+)?)(?:, (?:[A-Z]+-?\d+))*)(?: \([^)]*(?:\([^)]*\)[^)]*)*\))?: /;

function testsById(): Map<string, NamedTest[]> {
  const found = new Map<string, NamedTest[]>();
  for (const folder of FOLDERS)
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".test.ts"))) {
      const path = join(folder, file);
      for (const [, name = ""] of readFileSync(path, "utf8").matchAll(/\btest\(\s*"([^"]+)"/g)) {
        const ids = NUMBERED.exec(name)?.[1]?.split(", ") ?? [];
        for (const id of ids) found.set(id, [...(found.get(id) ?? []), { file: path, name }]);
      }
    }
  return found;
}

function renderRow(row: Requirement, tests: readonly NamedTest[]): string {
  const files = [...new Set(tests.map(({ file }) => file))].map((file) => {
    const count = tests.filter((one) => one.file === file).length;
    const short = file.replace(/^.*\//, "").replace(".test.ts", "");
    return `[${short}](../${file})${count > 1 ? ` (${count})` : ""}`;
  });
  const held = files.length === 0 ? "" : files.join(", ");
  const differs =
    row.deviation === undefined
      ? tests.length > 0
        ? "passes"
        : "-"
      : `[differs](deviations/${row.deviation})${row.note === undefined ? "" : `; ${row.note}: passes`}`;
  return `| ${row.id} | ${row.level} | ${row.section} | ${row.text} | ${row.profile} | ${held} | ${differs} |`;
}

function renderPage(rows: readonly Requirement[], tests: Map<string, NamedTest[]>): string {
  const musts = rows.filter(({ level }) => level.startsWith("MUST"));
  const clean = musts.filter(({ deviation }) => deviation === undefined);
  return `# VRRP: what the RFCs ask for

Written by \`tools/conformance.ts\` from the names of the tests and \`test/conformance/ledger.json\`; do not edit.
Profiles: v2 is RFC 3768, v3 is RFC 9568 with its verified errata (and RFC 5798 where they agree). Levels are the RFC's; \`own\` marks
rules of ours. The tests write their packets by themselves, from the RFCs, and look at what a router sends and holds.
${rows.length} rows; ${musts.length} are a MUST, of which ${clean.length} pass without a deviation.

| row | level | RFC | in our words | profile | tests | result |
|---|---|---|---|---|---|---|
${rows.map((row) => renderRow(row, tests.get(row.id) ?? [])).join("\n")}
`;
}

const rows = JSON.parse(readFileSync(LEDGER, "utf8")) as readonly Requirement[];
const tests = testsById();
const problems: string[] = [];
for (const { id, deviation } of rows) {
  if (deviation !== undefined && !existsSync(join("docs/deviations", deviation)))
    problems.push(`${id}: docs/deviations/${deviation} does not exist`);
  if (deviation === undefined && !tests.has(id)) problems.push(`${id}: no test and no deviation`);
}
const known = new Set(rows.map(({ id }) => id));
for (const [id, named] of tests)
  if (!known.has(id) && named.some(({ file }) => file.startsWith("test/conformance")))
    problems.push(`${id}: "${named[0]?.name}" is in no row of ${LEDGER}`);
const page = renderPage(rows, tests);
if (!process.argv.includes("--check")) writeFileSync(PAGE, page);
else if (!existsSync(PAGE) || readFileSync(PAGE, "utf8") !== page)
  problems.push(`${PAGE} is not what tools/conformance.ts writes`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
