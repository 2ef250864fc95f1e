// The outcome of a comparison as a page: what was compared, what differs, why.

import type { FileParity } from "./config.ts";
import type { Difference } from "./facts.ts";
import { complaintJustifications, justifications } from "./justified.ts";

interface Sorted {
  readonly justified: ReadonlyMap<string, readonly string[]>;
  readonly open: readonly string[];
}

/** The page, and how many things on it nobody has justified. */
export function renderReport(results: readonly FileParity[]): {
  readonly text: string;
  readonly failures: number;
} {
  const compared = results.filter(({ facts }) => facts > 0);
  const { justified, open } = sortDifferences(results);
  const clean = results.filter(({ judgement }) => [0, 6].includes(judgement.status));
  const refused = clean.filter(({ accepted }) => !accepted).map(({ name }) => name);
  const runs = results.filter(({ judgement }) => judgement.status === 5);
  const stopped = runs.filter(({ accepted }) => !accepted);
  const complaintsSorted = sortComplaints(results);
  const unspoken = complaintsSorted.open;
  const spokenElsewhere = sum([...complaintsSorted.justified.values()].map(({ length }) => length));
  const complaints = sum(results.map(({ judgement }) => judgement.complaints.length));
  const text = [
    "# Parity with keepalived: configuration",
    "",
    "Written by `make parity-config`: the real keepalived 2.2.7 and Keelson read the same files. keepalived's judgement is that of",
    "`keepalived -t`; its data are its own dump (SIGUSR1), taken under a kernel with IPVS.",
    "",
    "| | |",
    "| --- | --- |",
    `| files | ${results.length} |`,
    `| that keepalived accepts (status 0 or 6) | ${clean.length} |`,
    `| of these, Keelson accepts | ${clean.length - refused.length} |`,
    `| that keepalived runs in spite of errors (status 5) | ${runs.length} |`,
    `| of these, Keelson runs | ${runs.length - stopped.length} |`,
    `| lines that keepalived complains about | ${complaints} |`,
    `| of these, lines with a finding of Keelson | ${complaints - unspoken.length - spokenElsewhere} |`,
    `| of these, lines whose finding stands elsewhere, justified below | ${spokenElsewhere} |`,
    `| of these, lines without a finding | ${unspoken.length} |`,
    `| files whose data were compared | ${compared.length} |`,
    `| facts compared | ${sum(compared.map(({ facts }) => facts))} |`,
    `| facts that differ, justified below | ${sum([...justified.values()].map((list) => list.length))} |`,
    `| facts that differ, not justified | ${open.length} |`,
    "",
    "## Differences, and why",
    "",
    ...justifications.flatMap(({ id, reason }) => {
      const found = justified.get(id) ?? [];
      return found.length === 0
        ? []
        : [`### ${id} (${found.length})`, "", reason, "", ...items(found, 6), ""];
    }),
    "## Complaints of keepalived whose finding stands on another line",
    "",
    ...complaintJustifications.flatMap(({ id, reason }) => {
      const found = complaintsSorted.justified.get(id) ?? [];
      return found.length === 0
        ? []
        : [`### ${id} (${found.length})`, "", reason, "", ...items(found, 6), ""];
    }),
    ...section(
      "Files that keepalived runs in spite of errors, and Keelson refuses",
      stopped.map(({ name }) => name),
    ),
    ...section("Not justified: facts", open),
    ...section("Not justified: files that keepalived accepts and Keelson refuses", refused),
    ...section("Not justified: complaints of keepalived without a finding on the line", unspoken),
  ].join("\n");
  return { text: `${text.trimEnd()}\n`, failures: open.length + refused.length + unspoken.length };
}

function sortDifferences(results: readonly FileParity[]): Sorted {
  const justified = new Map<string, string[]>();
  const open: string[] = [];
  for (const { name, differences, around } of results) {
    for (const difference of differences) {
      const why = justifications.find(({ applies }) => applies(difference, around));
      const line = `${name}: ${describe(difference)}`;
      if (why === undefined) open.push(line);
      else justified.set(why.id, [...(justified.get(why.id) ?? []), line]);
    }
  }
  return { justified, open };
}

function sortComplaints(results: readonly FileParity[]): Sorted {
  const justified = new Map<string, string[]>();
  const open: string[] = [];
  for (const { name, unspoken, around } of results) {
    for (const complaint of unspoken) {
      const why = complaintJustifications.find(({ applies }) => applies(complaint, around));
      const line = `${name} line ${complaint.line}: ${complaint.text}`;
      if (why === undefined) open.push(line);
      else justified.set(why.id, [...(justified.get(why.id) ?? []), line]);
    }
  }
  return { justified, open };
}

function describe({ fact, keepalived, keelson }: Difference): string {
  return `${fact}: keepalived ${shown(keepalived)}, Keelson ${shown(keelson)}`;
}

function shown(value: string | undefined): string {
  return value === undefined ? "nothing" : `\`${value}\``;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`## ${title}`, "", ...items(lines, 400), ""];
}

function items(lines: readonly string[], most: number): readonly string[] {
  const more = lines.length - most;
  const listed = lines.slice(0, most).map((line) => `- ${line}`);
  return more > 0 ? [...listed, `- and ${more} more`] : listed;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
