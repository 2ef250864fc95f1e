// Words that are right for a kind of value, and words that are wrong.

import type { ArgumentSpec, ValueKind } from "../../src/conf/keepalived/table/keyword-spec.ts";

/** Names that the file of valid-file.ts defines. */
const defined: Readonly<Record<string, string>> = {
  vrrp_instance: "VI_1",
  vrrp_script: "chk",
  track_file: "tf",
  vrrp_track_process: "proc",
  bfd_instance: "bfd1",
  virtual_server_group: "grp",
  track_group: "tg",
  witness: "w1",
};

/** Words for the forms of the table: each is right for some of them, none for all. */
const formWords = [
  ...["0", "1", "40", "2000", "/run/x", "read", "MTU", "eth0.5", "200-299", "10-20", "example.com"],
  ...[
    "192.0.2.50",
    "192.0.2.0/24",
    "0123456789abcdef0123456789abcdef",
    "k".repeat(40),
    "low",
    "global",
  ],
  ...["+", "ab12"],
];
const formNonsense = [
  "???",
  "a..b",
  "-",
  "300.1.1.1/99",
  "relative",
  "a-very-long-name-of-nothing",
];

/** A word that is right; `argument` decides between several right ones. */
export function validWord(argument: ArgumentSpec): string {
  const { value } = argument;
  switch (value.kind) {
    case "integer":
      return String(Math.min(Math.max(value.min, 2), value.max));
    case "seconds":
      return String(Math.min(Math.max(value.min, 2), value.max));
    case "boolean":
      return "on";
    case "choice":
      return value.choices[0] ?? "";
    case "address":
      return validAddress(argument);
    case "prefix":
      return "192.0.2.55/24";
    case "netmask":
      return "255.255.255.0";
    case "port":
      return "8080";
    case "interface":
      return "eth1";
    case "reference":
      return defined[value.to] ?? "name";
    case "command":
      return '"/usr/bin/test -e /run/service"';
    case "path":
      return "/run/keelson";
    case "text":
      return argument.name === "VALUE" ? "cubic" : "word";
    case "form":
      return formWords.find((word) => value.read(word).ok) ?? "";
  }
}

function validAddress(argument: ArgumentSpec): string {
  if (argument.value.kind !== "address") return "";
  return argument.value.family === 6 ? "ff02::12" : "192.0.2.50";
}

/** Words that are wrong for a kind; none where any word is right. */
export function wrongWords(value: ValueKind): readonly string[] {
  switch (value.kind) {
    case "integer":
      return [String(value.min - 1), String(value.max + 1), "nonsense", "1.5", "1x"];
    case "seconds":
      return [
        ...(value.min > 0 ? ["0"] : []),
        "-1",
        String(Math.ceil(value.max) + 1),
        "nonsense",
        ...(value.whole === true ? ["1.5"] : ["1.5.5"]),
      ];
    case "boolean":
      return ["maybe", "1"];
    case "choice":
      return ["nonsense", `${value.choices[0]}x`];
    case "address":
      return ["192.0.2.300", "nonsense", value.family === 6 ? "192.0.2.1" : "192.0.2"];
    case "prefix":
      return ["192.0.2.300/24", "192.0.2.1/33", "192.0.2.1/x", "2001:db8::1/129"];
    case "netmask":
      return ["255.0.255.0", "129", "0", "nonsense"];
    case "port":
      return ["65536", "-1", "http", ...(value.min === 1 ? ["0"] : [])];
    case "interface":
      return ["a-name-of-16-byte", "eth0/1"];
    case "form":
      return formNonsense.filter((word) => !value.read(word).ok);
    case "text":
      return value.bytesMax === undefined ? [] : ["x".repeat(value.bytesMax + 1)];
    case "reference":
      return ["nobody_defines_this"];
    case "command":
    case "path":
      return [];
  }
}

/**
 * A word that is one too many: behind a list that takes any number of values a wrong one. Undefined where any word is a
 * value, so that a further one is no mistake.
 */
export function superfluousWord(last: ArgumentSpec | undefined): string | undefined {
  return last?.repeats === true ? wrongWords(last.value)[0] : "superfluous";
}

/** A name misspelt in three ways: a letter dropped, doubled, and two swapped. */
export function misspellings(name: string): readonly string[] {
  const middle = Math.floor(name.length / 2);
  const dropped = name.slice(0, middle) + name.slice(middle + 1);
  const doubled = name.slice(0, middle) + name.charAt(middle) + name.slice(middle);
  const swap = [...name].findIndex((letter, i) => i > 0 && letter !== name.charAt(i - 1));
  const swapped =
    swap < 1
      ? name
      : name.slice(0, swap - 1) + name.charAt(swap) + name.charAt(swap - 1) + name.slice(swap + 1);
  return [...new Set([dropped, doubled, swapped])].filter(
    (other) => other !== name && other !== "",
  );
}
