// Values of directives that have a form of their own.

import { nearestWord } from "../text/nearest-word.ts";
import { maskLength } from "../text/netmask.ts";
import type { CheckType, CheckTypeWord } from "./configuration.ts";
import { missing, reportExtra, reportTail, reportValue, type ValueForm } from "./value-form.ts";

const checkTypeWords: readonly CheckTypeWord[] = [
  "negotiate",
  "connect",
  "ping",
  "external",
  "external-perl",
  "on",
  "off",
];

const refused =
  "ldirectord does not start with this, and a reload keeps what runs; so does Keelson";

/** A word, or how many connects come before a negotiation. */
export const checkType: ValueForm<CheckType> = {
  form: `${checkTypeWords.join("|")}|N`,
  print: (type) => (type.kind === "combined" ? `${type.negotiateEvery}` : type.kind),
  read: (value) => {
    const [whole = "", word = ""] = /^"?([^\s"]*)"?/.exec(value.text) ?? [];
    reportExtra(value, whole.length);
    const digits = /\d+/.exec(value.text)?.[0];
    if (digits !== undefined) {
      if (digits !== value.text)
        reportValue(value, "D06", {
          severity: "warning",
          message: `\`${value.text}\` is more than a number`,
          effect: `${digits} counts: ldirectord takes the first digits that it finds`,
          fix: `write \`checktype=${digits}\``,
        });
      return { kind: "combined", negotiateEvery: Number(digits) };
    }
    const found = checkTypeWords.find((candidate) => candidate === word);
    if (found !== undefined) return { kind: found };
    const near = nearestWord(word, checkTypeWords);
    value.report(0, Math.max(1, word.length), "D05", {
      severity: "error",
      stops: true,
      message: `\`${word}\` is no value of \`checktype\``,
      ...(near === undefined ? {} : { label: `did you mean \`${near}\`?` }),
      effect: refused,
      fix:
        near === undefined
          ? `write one of ${checkTypeWords.join(", ")}, or a number`
          : `write \`${near}\``,
    });
    return undefined;
  },
};

/** The granularity of persistence, as it is written: its text depends on the family. */
export const netmask: ValueForm<string> = {
  form: "A.B.C.D | 1..128",
  print: (text) => text,
  read: (value) => {
    reportTail(value);
    const length = value.family === 4 ? maskLength(value.text) : prefixLength(value.text);
    if (typeof length === "number") return value.text;
    reportValue(value, value.family === 4 ? "D08" : "D07", {
      severity: "error",
      stops: true,
      message: `\`${value.text}\` ${length}`,
      label: value.family === 4 ? "such as 255.255.255.0" : "1 to 128",
      effect: refused,
    });
    return undefined;
  },
};

function prefixLength(text: string): number | string {
  const length = /^\d+$/.test(text) ? Number(text) : 0;
  return length >= 1 && length <= 128 ? length : "is no length of a prefix";
}

const statusWords = ["all", "none", "starting", "running", "stopping", "reloading"] as const;

/** At which times an alert is sent. */
export const alertStatuses: ValueForm<readonly string[]> = {
  form: "all|none|starting|running|stopping|reloading[, ...]",
  print: (words) => words.join(","),
  read: (value) => {
    reportTail(value);
    const words = [...value.text.matchAll(/[^\s,]+/g)];
    if (words.length === 0) return missing(value);
    const read: string[] = [];
    for (const { 0: word, index } of words) {
      if (statusWords.some((candidate) => candidate === word)) {
        read.push(word);
        continue;
      }
      const near = nearestWord(word, statusWords);
      value.report(index, word.length, "D05", {
        severity: "error",
        stops: true,
        message: `\`${word}\` is no value of \`${value.directive}\``,
        ...(near === undefined ? {} : { label: `did you mean \`${near}\`?` }),
        effect: refused,
        fix: `write some of ${statusWords.join(", ")}`,
      });
    }
    if (read.includes("none") && read.length > 1)
      reportValue(value, "D05", {
        severity: "error",
        stops: true,
        message: "`none` stands together with other words",
        effect: refused,
        fix: "remove `none` or the others",
      });
    return read;
  },
};

const flags = ["sh-fallback", "sh-port", "mh-fallback", "mh-port", "flag-1", "flag-2", "flag-3"];

/** Flags for the scheduler, separated by commas. */
export const schedulerFlags: ValueForm<readonly string[]> = {
  form: "FLAG[,FLAG]",
  print: (words) => words.join(","),
  read: (value) => {
    const [word = ""] = value.text.split(/\s/, 1);
    if (word === "") return missing(value);
    reportExtra(value, word.length);
    const words = word.split(",").filter((flag) => flag !== "");
    for (const flag of words)
      if (!flags.includes(flag)) {
        const near = nearestWord(flag, flags);
        value.report(word.indexOf(flag), flag.length, "D05", {
          severity: "error",
          message: `\`${flag}\` is no flag of a scheduler`,
          label: near === undefined ? flags.join(", ") : `did you mean \`${near}\`?`,
          effect: "ipvsadm refuses the virtual server; with Keelson the flag does not count",
          fix: near === undefined ? "remove it" : `write \`${near}\``,
        });
      }
    return words.filter((flag) => flags.includes(flag));
  },
};
