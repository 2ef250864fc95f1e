// `make parity-tables`: the tables of IPVS that the real keepalived and Keelson make of many files, in the guest's kernel.
//   node dist/test/parity/tables.js [--corpus FOLDER] [--write]

import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  compareTables,
  hasVirtualServer,
  type TableParity,
  type TableSubject,
} from "./compare-tables.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

function inFolder(folder: string, prefix: string): readonly TableSubject[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.includes(".conf"))
    .toSorted()
    .map((file) => ({ name: `${prefix}${file}`, path: join(folder, file) }));
}

const { values } = parseArgs({
  options: {
    corpus: { type: "string", default: join(root, "../shared/corpus/keepalived") },
    write: { type: "boolean", default: false },
  },
});
const subjects = [
  ...inFolder(join(root, "examples"), "examples/"),
  ...inFolder(values.corpus, ""),
  ...inFolder("/usr/share/doc/keepalived/samples", "samples/"),
].filter(hasVirtualServer);
const results = await compareTables(subjects);
/** Why a file is not compared, as its cell of the table; undefined when it is. */
function whyNot({ services, faults }: TableParity): string | undefined {
  if (faults.length > 0) return `refused by Keelson: ${faults[0]}`;
  return services === 0 ? "keepalived makes no table here" : undefined;
}

const rows = results.map((result) => {
  const { name, services, missing, added } = result;
  const differences = [
    ...missing.map((line) => `only keepalived: \`${line.trim()}\``),
    ...added.map((line) => `only Keelson: \`${line.trim()}\``),
  ];
  const verdict = differences.length === 0 ? "same" : differences.slice(0, 6).join("<br>");
  return `| ${name} | ${services} | ${whyNot(result) ?? verdict} |`;
});
const compared = results.filter((result) => whyNot(result) === undefined);
const same = compared.filter(({ missing, added }) => missing.length + added.length === 0).length;
const text = `# The table of IPVS beside keepalived's

\`make parity-tables\` starts the real keepalived with each file in the guest, in a network namespace of its own, and brings the
same kernel to the table that Keelson wishes. \`ipvsadm -Sn\` and \`ipvsadm -Ln --thresholds\` are compared line by line while all
servers are taken to be alive (checks begin after an hour, \`alpha\` is left out).

${same} of ${compared.length} files that both take give the same table. Others are refused by Keelson, which names the line and
the remedy (decision 030), or keepalived finds a part of the host missing and ends.

| file | services | |
|---|---|---|
${rows.join("\n")}
`;
console.log(text);
if (values.write) writeFileSync(join(root, "docs/parity-tables.md"), text);
process.exitCode = same === compared.length ? 0 : 1;
