// `make parity-mutants`: files with one mistake each, read by the real keepalived and by Keelson.
//   node dist/test/parity/mutants.js [--seconds N] [--seed N] [--only KIND] [--keep FOLDER]
// KEELSON_CORPUS may name a folder with more files to spoil. `--keep` writes one spoiled file for each cause.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { seededRandom } from "../../src/conf/keepalived/language/random.ts";
import { judgeTexts } from "./judge-batch.ts";
import { type Category, disagreements, judgeOurselves } from "./judge-mutant.ts";
import { type Mutant, mutate } from "./mutations.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folders = ["test/golden", "examples", "/usr/share/doc/keepalived/samples"];
const mutantsPerFile = 40;
const bytesMax = 20_000;

/** keepalived leaves its namespace, or never ends; what counts depends on the name of the host. */
const unfit = /net_namespace|\$\{A\} \$\{A\}|vrrp_instance \$A|^\s*@/m;

interface Base {
  readonly path: string;
  readonly text: string;
}

/** What is known of one cause. */
interface Found {
  readonly category: Category;
  readonly cause: string;
  count: number;
  /** The first mutant that shows it. */
  readonly example: { readonly base: Base; readonly mutant: Mutant; readonly line: number };
}

function bases(): readonly Base[] {
  const corpus = process.env["KEELSON_CORPUS"];
  const places = [...folders, ...(corpus === undefined ? [] : [corpus])];
  return places.flatMap((place) => basesIn(place.startsWith("/") ? place : join(root, place)));
}

function basesIn(folder: string): readonly Base[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .toSorted()
    .filter((name) => /\.(conf|case)|^keepalived\.conf/.test(name) && !name.includes("ldirectord"))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path, text: readFileSync(path, "utf8").split("----------\n")[0] ?? "" }))
    .filter(({ text }) => text.length < bytesMax && /\{/.test(text) && !unfit.test(text));
}

class Comparison {
  mutants = 0;
  readonly totals = new Map<Category, number>();
  readonly causes = new Map<string, Found>();

  file(base: Base, random: () => number, only: string): void {
    const mutants = Array.from({ length: mutantsPerFile }, () => mutate(base.text, random, only));
    const spoiled = mutants.flatMap((mutant) => mutant ?? []);
    const judgements = judgeTexts(base.text, [base.text, ...spoiled.map(({ text }) => text)]);
    const usual = new Set(judgeOurselves(base.text).diagnostics.map(({ code }) => code));
    for (const [i, mutant] of spoiled.entries()) {
      const theirs = judgements[i + 1];
      if (theirs === undefined) continue;
      this.mutants++;
      const found = disagreements(mutant.text, theirs, judgeOurselves(mutant.text), usual);
      for (const { category } of new Map(found.map((one) => [one.category, one])).values())
        this.totals.set(category, (this.totals.get(category) ?? 0) + 1);
      for (const { category, cause, line } of found) {
        const key = `${category} ${cause}${category === "unspoken" ? mutant.kind : ""}`;
        const known = this.causes.get(key);
        const example = { base, mutant, line };
        if (known === undefined) this.causes.set(key, { category, cause, count: 1, example });
        else known.count++;
      }
    }
  }
}

function report({ mutants, totals, causes }: Comparison, keep: string | undefined): void {
  console.log(`${mutants} mutants`);
  for (const [category, count] of totals)
    console.log(`  ${category}: ${count} (${((100 * count) / mutants).toFixed(2)} %)`);
  const sorted = [...causes.values()].toSorted(
    (a, b) => a.category.localeCompare(b.category) || b.count - a.count,
  );
  if (keep !== undefined) mkdirSync(keep, { recursive: true });
  for (const [i, { category, cause, count, example }] of sorted.entries()) {
    const { base, mutant, line } = example;
    const lines = mutant.text.split("\n");
    console.log(`\n${i} [${category}] ${count} x ${cause}`);
    console.log(`  ${base.path}: ${mutant.kind}, line ${mutant.line}: ${lines[mutant.line - 1]}`);
    if (line !== mutant.line) console.log(`  said of line ${line}: ${lines[line - 1] ?? ""}`);
    if (keep !== undefined) writeFileSync(join(keep, `${i}.conf`), mutant.text);
  }
}

function main(): number {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "60" },
      seed: { type: "string", default: "1" },
      only: { type: "string", default: "" },
      keep: { type: "string" },
    },
  });
  const files = bases();
  const random = seededRandom(Number(values.seed));
  const until = Date.now() + Number(values.seconds) * 1000;
  const comparison = new Comparison();
  while (Date.now() < until) {
    const base = files[Math.floor(random() * files.length)];
    if (base === undefined) break;
    comparison.file(base, random, values.only);
  }
  report(comparison, values.keep);
  const failed: readonly Category[] = ["unspoken", "does not stop", "crash", "slow"];
  return failed.some((category) => comparison.totals.has(category)) ? 1 : 0;
}

process.exitCode = main();
