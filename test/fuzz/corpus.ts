// Inputs to begin with: the examples of rules, the golden cases, the examples of the repository; and the kept corpus,
// which reaches what they do not.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { catalogue } from "../../src/conf/rules/catalogue.ts";
import type { FuzzInput } from "./properties.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = join(root, "test/fuzz/corpus");

/** Inputs that stand elsewhere in the repository. */
export function seedInputs(): readonly FuzzInput[] {
  const examples = catalogue.flatMap(({ bad, good }) => [...bad, ...good]).flat();
  const golden = join(root, "test/golden/conf");
  const cases = readdirSync(golden)
    .filter((name) => name.endsWith(".case"))
    .map((name) => readFileSync(join(golden, name), "utf8").split("----------\n")[0] ?? "");
  const files = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(conf|cf)$/.test(name))
    .map((name) => readFileSync(join(root, "examples", name), "utf8"));
  return [...examples, ...cases, ...files].map((text) => ({ name: nameFor(text), text }));
}

/** The kept corpus, or the inputs of another folder. */
export function keptInputs(from: string = folder): readonly FuzzInput[] {
  return readdirSync(from)
    .sort()
    .map((file) => ({
      name: names.find((name) => file.endsWith(`-${name}`)) ?? "keepalived.conf",
      text: readFileSync(join(from, file), "utf8"),
    }));
}

/** Writes an input into the corpus; gives the name of its file. */
export function keepInput(input: FuzzInput, into: string = folder): string {
  mkdirSync(into, { recursive: true });
  const digest = createHash("sha256").update(input.text).digest("hex").slice(0, 10);
  const path = join(into, `${digest}-${input.name}`);
  writeFileSync(path, input.text);
  return path;
}

const names: readonly FuzzInput["name"][] = ["keepalived.conf", "ldirectord.cf", "table.rules"];

function nameFor(text: string): FuzzInput["name"] {
  if (/^virtual6?[ \t]*=/m.test(text)) return "ldirectord.cf";
  return /^\s*-[Aa] /m.test(text) ? "table.rules" : "keepalived.conf";
}
