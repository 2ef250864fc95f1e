// Mistakes that operators make: each changes a text in one place, or gives undefined where it does not apply.

import { allKeywords } from "./known-keywords.ts";

/** Numbers from 0 to below 1. */
export type Random = () => number;

/** A text with one mistake. */
export interface Mutant {
  readonly kind: string;
  /** The line that was changed, counted from 1. */
  readonly line: number;
  readonly text: string;
}

type Mutation = (lines: string[], at: number, random: Random) => boolean;

const triesMax = 20;

/** One random mistake, of the kinds whose name contains `only`; undefined when none fits after some tries. */
export function mutate(text: string, random: Random, only = ""): Mutant | undefined {
  const names = Object.keys(mutations).filter((name) => name.includes(only));
  for (let tries = 0; tries < triesMax; tries++) {
    const kind = pick(names, random);
    const lines = text.split("\n");
    const written = lines.flatMap((line, i) => (/^\s*([#!].*)?$/.test(line) ? [] : [i]));
    const at = pick(written, random);
    if (kind === undefined || at === undefined) return undefined;
    if (mutations[kind]?.(lines, at, random) !== true) continue;
    const mutated = lines.join("\n");
    if (mutated !== text) return { kind, line: at + 1, text: mutated };
  }
  return undefined;
}

function pick<Item>(items: readonly Item[], random: Random): Item | undefined {
  return items[Math.floor(random() * items.length)];
}

/** Changes one word of a line; `words` are what stands between blanks, the blanks are kept. */
function onWord(from: number, change: (word: string, random: Random) => string): Mutation {
  return (lines, at, random) => {
    const parts = (lines[at] ?? "").split(/(\s+)/);
    const places = parts.flatMap((part, i) => (/^[^\s{}#!]/.test(part) ? [i] : []));
    const place = pick(places.slice(from), random);
    if (place === undefined) return false;
    parts[place] = change(parts[place] ?? "", random);
    lines[at] = parts.join("");
    return true;
  };
}

/** Changes the first word of a line. */
function onKeyword(change: (word: string, random: Random) => string): Mutation {
  return (lines, at, random) => {
    const match = /^(\s*)([^\s{}#!"]+)(.*)$/s.exec(lines[at] ?? "");
    if (match === null) return false;
    lines[at] = `${match[1]}${change(match[2] ?? "", random)}${match[3]}`;
    return true;
  };
}

/** Puts a text in place of what a pattern finds in a line. */
function onPattern(pattern: RegExp, newTexts: readonly string[]): Mutation {
  return (lines, at, random) => {
    const line = lines[at] ?? "";
    if (!pattern.test(line)) return false;
    lines[at] = line.replace(pattern, pick(newTexts, random) ?? "");
    return true;
  };
}

function typo(word: string, random: Random): string {
  const at = Math.floor(random() * word.length);
  const letter = String.fromCharCode(97 + Math.floor(random() * 26));
  const before = word.slice(0, at);
  const after = word.slice(at + 1);
  const here = word[at] ?? "";
  const next = word[at + 1] ?? "";
  const spoiled = [
    `${before}${after}`,
    `${before}${here}${here}${after}`,
    `${before}${letter}${after}`,
    `${before}${next}${here}${word.slice(at + 2)}`,
  ];
  return pick(spoiled, random) ?? word;
}

const oddValues =
  "0 -1 1 255 256 65535 65536 99999999999 abc 1.5 0x10 10s 1,5 yes off 010 - + 1e3 999 10.0.0.1 10.0.0.300 10.0.0.1/33 fe80::1 ::g master /32 eth0 all 100% root:root $X".split(
    " ",
  );
const superfluous = "foo 7 { } ; = , \\ -5 10.9.8.7 weight dev no_track # ! // \" ' on".split(" ");

/** Every mistake by its name. */
const mutations: Readonly<Record<string, Mutation>> = {
  "keyword misspelt": onKeyword(typo),
  "word misspelt": onWord(1, typo),
  "keyword in another case": onKeyword((word, random) =>
    random() < 0.5 ? word.toUpperCase() : `${word[0]?.toUpperCase()}${word.slice(1)}`,
  ),
  "value in another case": onWord(1, (word) => word.toUpperCase()),
  "separator of keyword": onKeyword((word, random) =>
    word.replace("_", pick(["-", "", " ", "."], random) ?? ""),
  ),
  "other keyword": onKeyword((word, random) => pick(allKeywords, random) ?? word),
  "word dropped": onWord(1, () => ""),
  "first word dropped": onKeyword(() => ""),
  "arguments dropped": onPattern(/^(\s*[^\s{}#!]+)[^{}#!]*/, ["$1 "]),
  "word doubled": onWord(0, (word) => `${word} ${word}`),
  "value replaced": onWord(1, (word, random) => pick(oddValues, random) ?? word),
  "word added": (lines, at, random) => {
    lines[at] = `${lines[at]} ${pick(superfluous, random)}`;
    return true;
  },
  "word added before brace": onPattern(/ \{/, [" foo {", " 7 {", " { {", " = {"]),
  "sign at word": onWord(
    0,
    (word, random) => `${word}${pick([";", "=", ",", ":", "#x", "!"], random)}`,
  ),
  "sign before word": onWord(
    1,
    (word, random) => `${pick(["=", ",", "-", "+", "#", "!", ":", "$"], random)}${word}`,
  ),
  "blank for equals": onPattern(/(\S)\s+(\S)/, ["$1=$2", "$1 = $2", "$1: $2", "$1,$2", "$1$2"]),
  "line moved": (lines, at, random) => {
    const [line = ""] = lines.splice(at, 1);
    lines.splice(Math.floor(random() * lines.length), 0, line);
    return !/[{}]/.test(line);
  },
  "line doubled": (lines, at) => {
    lines.splice(at, 0, lines[at] ?? "");
    return true;
  },
  "line dropped": (lines, at) => {
    lines.splice(at, 1);
    return true;
  },
  "lines joined": (lines, at) => {
    const next = lines[at + 1];
    if (next === undefined) return false;
    lines.splice(at, 2, `${lines[at]} ${next.trim()}`);
    return true;
  },
  "line halved": (lines, at) => {
    const match = /^(\s*\S+)\s+(\S.*)$/s.exec(lines[at] ?? "");
    if (match === null) return false;
    lines.splice(at, 1, match[1] ?? "", match[2] ?? "");
    return true;
  },
  "closing brace dropped": onPattern(/\}/, [""]),
  "closing brace doubled": onPattern(/\}/, ["}}", "}\n}", "} }"]),
  "opening brace dropped": onPattern(/\{/, ["", "\n"]),
  "opening brace doubled": onPattern(/\{/, ["{{", "{ {", "{\n{"]),
  "brace glued": onPattern(/\s+\{/, ["{", "\n{", "\n\n{"]),
  "brace of another kind": onPattern(/[{}]/, ["(", ")", "[", "]"]),
  "brace added": (lines, at, random) => {
    lines.splice(at, 0, pick(["{", "}", "};"], random) ?? "");
    return true;
  },
  "quote dropped": onPattern(/"/, [""]),
  "quote of another kind": onPattern(/"/g, ["'", "`", "\u201c"]),
  "quotes added": onWord(1, (word) => `"${word}"`),
  "comment sign": onPattern(/^(\s*)/, ["$1# ", "$1! ", "$1// ", "$1; ", "$1/* ", "$1-- "]),
  "address mangled": onPattern(/\d+\.\d+\.\d+\.\d+/, [
    "10.0.0",
    "10.0.0.0.1",
    "10.0.0.256",
    "10,0,0,1",
    "10.0.0.1/",
    "10.0.0.1/24/24",
    "10.0.0.1/33",
    "10.0.0.1:80",
    "10..0.1",
    "10.0.0.01",
    "::1",
    "example",
    "10.0.0.1-5",
    "10.0.0.1 - 10.0.0.5",
  ]),
  "length mangled": onPattern(/\/\d+\b/, [
    "/33",
    "/-1",
    "/",
    "/abc",
    "/255.255.255.0",
    " /24",
    "/024",
  ]),
  "name dropped": onPattern(/^(\s*\w+)\s+\S+(\s*\{)/, ["$1$2"]),
  "carriage return": (lines, at) => {
    lines[at] = `${lines[at]}\r`;
    return true;
  },
  "backslash at end": (lines, at) => {
    lines[at] = `${lines[at]} \\`;
    return true;
  },
  "blank of another kind": onPattern(/(\S) +(\S)/, [
    "$1\u00a0$2",
    "$1\t$2",
    "$1\f$2",
    "$1\u200b$2",
  ]),
};
