// `make parity-config`: the real keepalived's judgement and data of many files beside ours.
//   node dist/test/parity/config.js [--corpus FOLDER] [--dumps FOLDER] [--write]
// The data come from keepalived under a kernel with IPVS (tools/guest.sh), asked with SIGUSR1; the judgement from
// `keepalived -t` here, with the network interfaces that the file names. `--dumps` takes data of an earlier run.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadConfigurationFile } from "../../src/daemon/config-files.ts";
import { compareFacts, type Difference } from "./facts.ts";
import { interfacesNamedIn } from "./interfaces-named.ts";
import { type Complaint, type Judgement, judge } from "./judgement.ts";
import type { Surroundings } from "./justified.ts";
import { factsOfDumps } from "./keepalived-dump.ts";
import { factsOfConfiguration } from "./model-facts.ts";
import { renderReport } from "./report.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const samples = "/usr/share/doc/keepalived/samples";
const debianSample = "/etc/keepalived/keepalived.conf.sample";

/** What came of one file. */
export interface FileParity {
  readonly name: string;
  readonly judgement: Judgement;
  /** True when Keelson starts with the file. */
  readonly accepted: boolean;
  /** Lines that keepalived complains about and that we say nothing about. */
  readonly unspoken: readonly Complaint[];
  /** Facts that both hold; 0 when keepalived gave no data. */
  readonly facts: number;
  readonly differences: readonly Difference[];
  readonly around: Surroundings;
}

interface Subject {
  readonly name: string;
  readonly path: string;
}

function subjects(corpus: string): readonly Subject[] {
  const inFolder = (folder: string, prefix: string): readonly Subject[] =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((file) => file.includes(".conf"))
          .toSorted()
          .map((file) => ({ name: `${prefix}${file}`, path: join(folder, file) }))
      : [];
  return [
    ...inFolder(corpus, ""),
    ...inFolder(samples, "samples/"),
    ...(existsSync(debianSample) ? [{ name: "keepalived.conf.sample", path: debianSample }] : []),
  ];
}

/** Lets the guest's keepalived read every file; gives the folder with a folder of data for each. */
function dumpAll(files: readonly Subject[]): string {
  const out = mkdtempSync(join(tmpdir(), "keelson-parity-"));
  const list = files.map(({ path }, i) => {
    const interfaces = interfacesNamedIn(readFileSync(path, "latin1"));
    return `${i}\t${dirname(path)}\t${basename(path)}\t${interfaces.join(" ")}\n`;
  });
  writeFileSync(join(out, "list"), list.join(""));
  const script = join(root, "test/parity/dump-in-guest.sh");
  const run = spawnSync(join(root, "tools/guest.sh"), ["bash", script, "/mnt/list", "/mnt/dumps"], {
    env: { ...process.env, GUEST_OUT: out, GUEST_TIMEOUT: "1200" },
    stdio: "inherit",
  });
  if (run.status !== 0) throw new Error(`the guest ended with status ${run.status}`);
  return join(out, "dumps");
}

function dumpsOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /^keepalived(_check)?\.data$/.test(file))
    .map((file) => readFileSync(join(folder, file), "utf8"));
}

function compareFile({ name, path }: Subject, folder: string): FileParity {
  const dumps = dumpsOf(folder);
  const log = existsSync(join(folder, "log")) ? readFileSync(join(folder, "log"), "utf8") : "";
  const judgement = judge(path);
  const { configuration, diagnostics, sources } = loadConfigurationFile(path);
  const spoken = new Set(
    diagnostics.flatMap(({ span, related = [] }) => [
      `${span.file}:${span.line}`,
      ...related.map((other) => `${other.span.file}:${other.span.line}`),
    ]),
  );
  for (const { span, coversTo = 0 } of diagnostics)
    for (const line of coveredLines(sources.get(span.file) ?? "", span.line, coversTo))
      spoken.add(`${span.file}:${line}`);
  const unspoken = judgement.complaints.filter(({ file, line }) => !spoken.has(`${file}:${line}`));
  const theirs = factsOfDumps(dumps);
  const ours = configuration === undefined ? new Map() : factsOfConfiguration(configuration);
  const comparable = theirs.size > 0;
  return {
    name,
    judgement,
    accepted: !diagnostics.some(({ stops }) => stops === true),
    unspoken,
    facts: comparable ? [...theirs.keys()].filter((fact) => ours.has(fact)).length : 0,
    differences: comparable ? compareFacts(theirs, ours) : [],
    around: { name, log, diagnostics, ours },
  };
}

/** The lines of a block that is ignored, and the braces that close it. */
function coveredLines(text: string, from: number, to: number): readonly number[] {
  if (to === 0) return [];
  const lines = text.split("\n");
  let end = to;
  while (/^[\s}]*([#!].*)?$/.test(lines[end] ?? "x")) end++;
  return Array.from({ length: end - from + 1 }, (_, i) => from + i);
}

function main(): number {
  const { values } = parseArgs({
    options: {
      corpus: { type: "string", default: join(root, "../shared/corpus/keepalived") },
      dumps: { type: "string" },
      write: { type: "boolean", default: false },
    },
  });
  const files = subjects(values.corpus);
  if (files.length === 0) {
    console.error("no files to compare: give their folder, as in make parity-config CORPUS=FOLDER");
    return 2;
  }
  const dumps = values.dumps ?? dumpAll(files);
  const results = files.map((file, i) => compareFile(file, join(dumps, String(i))));
  const { text, failures } = renderReport(results);
  console.log(text);
  if (values.write) writeFileSync(join(root, "docs/parity-config.md"), text);
  return failures === 0 ? 0 : 1;
}

process.exitCode = main();
