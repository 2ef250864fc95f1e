// New inputs from old ones: lines and words are moved, cut, doubled, swapped for others of the language.

import { keywordsOf } from "../../src/conf/keepalived/keyword-index.ts";
import type { BlockSpec } from "../../src/conf/keepalived/table/keyword-spec.ts";
import { fileBlock } from "../../src/conf/keepalived/table/root.ts";
import { directiveNames } from "../../src/conf/ldirectord/directives.ts";

/** Numbers from 0 to below 1. */
export type Random = () => number;

const textLengthMax = 6000;

const signs: readonly string[] = [
  ..."{ } # ! \" ' \\ $ ~ @ = ; , ( ) / : - + * ? [ ] | % \t \r \v \0".split(" "),
  ..."\n \r\n {\n }\n }} $A $A= $A=\\ @here @^here @there".split(" "),
  ..."~SEQ(A,1,3) ~SEQx(A,9,12) ~LST(A,1,2) ~LST({A,B},{1,2}) include includea other.inc".split(
    " ",
  ),
  ..."\ufeff é 中 😀 \u2028".split(" "),
  ...["A", "_PWD", "_RANDOM", "_RANDOM 3 5", "_HASH", "_ENV HOME", ""].map((name) => `\${${name}}`),
  "\n",
  " ",
];

const values: readonly string[] = [
  ..."0 1 -1 255 256 65535 65536 4294967296 1e9 0.01 99999999999999999999 0x10 010 1.5.".split(" "),
  ..."10.0.0.1 10.0.0.1/24 10.0.0.1-20 fd00::1 fd00::1/64 ::ffff:1.2.3.4 256.1.1.1 eth0".split(" "),
  ..."on off true MASTER BACKUP NAT DR TUN TCP UDP rr wlc gate masq ipip negotiate fwmark group".split(
    " ",
  ),
  ..."__proto__ constructor toString hasOwnProperty".split(" "),
];

/** Words of the table, of ldirectord and of ipvsadm. */
const words: readonly string[] = [
  ...new Set([
    ...allKeywords(fileBlock, 0),
    ...directiveNames,
    ..."-A -a -t -u -f -r -s -p -m -g -i -w".split(" "),
  ]),
];

function allKeywords(block: BlockSpec, depth: number): readonly string[] {
  if (depth > 5) return [];
  return [...keywordsOf(block).values()].flatMap((spec) => [
    spec.name,
    ...(spec.contents?.kind === "keywords" ? allKeywords(spec.contents.block, depth + 1) : []),
  ]);
}

function pick<Item>(items: readonly Item[], random: Random): Item | undefined {
  return items[Math.floor(random() * items.length)];
}

/** One to some changes of a text; `other` is one to take parts from. */
export function mutate(text: string, other: string, random: Random): string {
  let next = text;
  for (let rounds = 1 + Math.floor(random() * random() * 8); rounds > 0; rounds--)
    next = pick(changes, random)?.(next, other, random) ?? next;
  return next.slice(0, textLengthMax);
}

type Change = (text: string, other: string, random: Random) => string;

const changes: readonly Change[] = [
  (text, _, random) => insertAt(text, pick(signs, random) ?? "", random),
  (text, _, random) => insertAt(text, ` ${pick(words, random)} `, random),
  (text, _, random) => insertAt(text, ` ${pick(values, random)} `, random),
  (text, _, random) =>
    replaceWord(text, pick(random() < 0.5 ? words : values, random) ?? "", random),
  (text, _, random) => replaceWord(text, "", random),
  (text, _, random) => {
    const from = Math.floor(random() * text.length);
    return text.slice(0, from) + text.slice(from + 1 + Math.floor(random() * random() * 40));
  },
  (text, _, random) => inLines(text, random, (line) => [line, line]),
  (text, _, random) => inLines(text, random, () => []),
  (text, _, random) =>
    inLines(text, random, (line) => [`${line} ${pick(words, random)} ${pick(values, random)}`]),
  (text, _, random) => inLines(text, random, (line) => [`$A=${line}`, "$A"]),
  (text, _, random) =>
    inLines(text, random, (line) => [`@${pick(["here", "^here", "x"], random)} ${line}`]),
  (text, _, random) =>
    inLines(text, random, (line) => [
      `~SEQ(A,${pick(["2", "3,1", "1,2,7", "-2", "300", "x"], random)}) ${line}\${A}`,
    ]),
  (text, other, random) => {
    const lines = other.split("\n");
    const from = Math.floor(random() * lines.length);
    const part = lines.slice(from, from + 1 + Math.floor(random() * 12)).join("\n");
    return inLines(text, random, (line) => [line, part]);
  },
  (text, other, random) =>
    text.slice(0, Math.floor(random() * text.length)) +
    other.slice(Math.floor(random() * other.length)),
  (text, _, random) => {
    const lines = text.split("\n");
    const from = Math.floor(random() * lines.length);
    const part = lines.slice(from, from + 1 + Math.floor(random() * 6));
    const count = Math.floor(random() * random() * 60);
    lines.splice(from, 0, ...Array.from({ length: count }, () => part).flat());
    return lines.join("\n");
  },
  (text) => text.replaceAll("\n", "\r\n"),
];

function insertAt(text: string, part: string, random: Random): string {
  const at = Math.floor(random() * (text.length + 1));
  return text.slice(0, at) + part + text.slice(at);
}

function inLines(
  text: string,
  random: Random,
  change: (line: string) => readonly string[],
): string {
  const lines = text.split("\n");
  const at = Math.floor(random() * lines.length);
  lines.splice(at, 1, ...change(lines[at] ?? ""));
  return lines.join("\n");
}

function replaceWord(text: string, word: string, random: Random): string {
  const found = [...text.matchAll(/[^\s{}]+/g)];
  const match = pick(found, random);
  if (match === undefined) return text;
  return text.slice(0, match.index) + word + text.slice(match.index + match[0].length);
}
