// S30: words of an entry that are none of its options, and what people mean who write them.

import { parseIpAddress } from "../../base/address.ts";
import type { Edit, Finding } from "../text/diagnostic.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { optionsByName } from "./keyword-index.ts";
import type { Line } from "./language/expand.ts";
import { lineBreak } from "./one-line-block.ts";
import { type Reading, withEdits } from "./reading.ts";
import type { LineSpec } from "./table/keyword-spec.ts";

type Meaning = Pick<Finding, "label" | "fix" | "edits">;

/**
 * Reports the word at `index` and returns where reading goes on: one finding stands for what follows from it. `keyword` is
 * that of the list.
 */
export function reportUnknownOption(
  line: Line,
  index: number,
  spec: LineSpec,
  keyword: string,
  reading: Reading,
): number {
  const text = line.text(index) ?? "";
  const named = optionsByName(spec.options);
  const near = nearestWord(text, named.keys());
  const meaning =
    near === undefined
      ? meaningOf(line, index, spec, reading)
      : {
          label: `did you mean \`${near}\`?`,
          fix: `write \`${near}\``,
          ...withEdits(reading.replaceWord(line, index, near)),
        };
  reading.reportAt(line, index, "S30", {
    severity: "error",
    message: `\`${text}\` is no option of a line of \`${keyword}\``,
    effect: "it is ignored",
    ...meaning,
    stock: `Unknown configuration entry '${text}' for ip address - ignoring`,
  });
  if (near !== undefined) return index + 1 + (named.get(near)?.arguments.length ?? 0);
  const known = line.words.findIndex((word, i) => i > index && named.has(word.text));
  return known < 0 ? line.words.length : known;
}

function meaningOf(line: Line, index: number, spec: LineSpec, reading: Reading): Meaning {
  const text = line.text(index) ?? "";
  const named = optionsByName(spec.options);
  const others = line.words.slice(index);
  if (others.every((word) => isAddress(word.text))) {
    if (named.has("via") && others.length === 1) return before("via", line, index, reading);
    return {
      fix: "put each address on a line of its own",
      ...withEdits(others.flatMap((_, i) => lineBreak(line, index + i, reading))),
    };
  }
  if (/^(net)?mask$/i.test(text))
    return { fix: "write the length behind the address, as in `192.0.2.1/24`" };
  if (text === "/") return { fix: "write the length behind the address without blanks" };
  if (
    named.has("dev") &&
    /^(eth|ens|eno|enp|enx|em|bond|br|vlan|wlan|lo|team|veth)[\w.-]*$/.test(text)
  )
    return before("dev", line, index, reading);
  const names = spec.options.map((option) => option.name);
  if (names.length === 0) return { fix: "put it on a line of its own, or remove it" };
  return names.length > 8 ? {} : { fix: `write one of ${names.join(", ")}` };
}

/** The option that is missing in front of a word. */
function before(option: string, line: Line, index: number, reading: Reading): Meaning {
  const written = `${option} ${line.text(index) ?? ""}`;
  const edits: readonly Edit[] = reading.replaceWord(line, index, written);
  return { fix: `write \`${written}\``, ...withEdits(edits) };
}

function isAddress(text: string): boolean {
  return parseIpAddress(text.replace(/\/.*/, "")).ok;
}
