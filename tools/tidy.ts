// The rules of the house that neither the compiler nor the linter can see. Prints each breach.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const LINES_MAX = 400;
const TEST_LINES_MAX = 800;
const ROOM_README_LINES_MAX = 10;

/** Words that must not be committed, with the reason. */
const BANNED: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  { pattern: new RegExp(`/${"work"}/(main|shared)`), reason: "a path of one machine" },
  { pattern: new RegExp(`\\b(${"FIX"}ME|${"XX"}X|TO${"DO"})\\b`), reason: "unfinished work" },
  { pattern: /\b(it|test|describe)\.only\(/, reason: "a test that shuts out the others" },
  { pattern: /registry\.npmjs\.org|deb\.debian\.org/, reason: "the host of a package registry" },
];

function trackedFiles(): string[] {
  const listed = execFileSync("git", [
    "ls-files",
    "-z",
    "--cached",
    "--others",
    "--exclude-standard",
  ]);
  return listed
    .toString("utf8")
    .split("\0")
    .filter((name) => name !== "" && existsSync(name));
}

function checkLines(file: string, text: string): string[] {
  if (!/\.(ts|c|h)$/.test(file) || file.includes("/generated/")) return [];
  const lines = text.split("\n").length - 1;
  const limit = /\.test\.ts$/.test(file) ? TEST_LINES_MAX : LINES_MAX;
  return lines > limit ? [`${file}: ${lines} lines, more than ${limit}`] : [];
}

function checkWords(file: string, text: string): string[] {
  if (!/\.(ts|js|c|h|md|json|sh|conf|cf|service|case|scene)$|Makefile$|\.ci\/run$/.test(file))
    return [];
  if (file === "package-lock.json") return [];
  const breaches: string[] = [];
  for (const [index, line] of text.split("\n").entries())
    for (const { pattern, reason } of BANNED)
      if (pattern.test(line)) breaches.push(`${file}:${index + 1}: ${reason}: ${line.trim()}`);
  return breaches;
}

function checkRooms(): string[] {
  const breaches: string[] = [];
  for (const room of readdirSync("src")) {
    const readme = join("src", room, "README.md");
    if (!existsSync(readme)) {
      breaches.push(`${readme}: every room says what it is for`);
      continue;
    }
    const lines = readFileSync(readme, "utf8").trimEnd().split("\n").length;
    if (lines > ROOM_README_LINES_MAX)
      breaches.push(`${readme}: ${lines} lines, more than ${ROOM_README_LINES_MAX}`);
  }
  return breaches;
}

const breaches = checkRooms();
for (const file of trackedFiles()) {
  const text = readFileSync(file, "utf8");
  breaches.push(...checkLines(file, text), ...checkWords(file, text));
}
for (const breach of breaches) console.log(breach);
console.log(breaches.length === 0 ? "tidy: in order" : `tidy: ${breaches.length} to mend`);
process.exitCode = breaches.length === 0 ? 0 : 1;
