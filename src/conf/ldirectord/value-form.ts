// How values of directives are read and printed: one form a kind of value. A form takes every text, and reports what
// ldirectord would refuse, cut or misread.

import type { Family } from "../../base/address.ts";
import type { Finding } from "../text/diagnostic.ts";
import { nearestWord } from "../text/nearest-word.ts";

/** A value as it stands in the file, and what is around it. */
export interface ValueText {
  readonly directive: string;
  readonly text: string;
  /** Blanks and comment behind it, where ldirectord takes them for a part of the value. */
  readonly tail: string;
  readonly family: Family;
  /** Reports at a part of the value: `at` counts UTF-16 units from its beginning. */
  readonly report: (at: number, length: number, code: string, finding: Finding) => void;
}

/** One kind of value. */
export interface ValueForm<Value> {
  /** As the reference writes it: `SECONDS`. */
  readonly form: string;
  /** Undefined when the value cannot be used, which is reported. */
  readonly read: (value: ValueText) => Value | undefined;
  /** The text that reads as this value. */
  readonly print: (value: Value) => string;
  /** True: never shown in any output. */
  readonly secret?: true;
}

/** Reports at the whole value. */
export function reportValue(value: ValueText, code: string, finding: Finding): void {
  value.report(0, Math.max(1, value.text.length), code, finding);
}

const refused =
  "ldirectord does not start with this, and a reload keeps what runs; so does Keelson";

/** An integer; ldirectord takes the first digits that it finds, or, when `first`, those that the value begins with. */
export function integer(
  form: string,
  min: number,
  max: number,
  place: "first" | "anywhere" = "anywhere",
): ValueForm<number> {
  return {
    form,
    print: String,
    read: (value) => {
      const digits = (place === "first" ? /^\d+/ : /\d+/).exec(value.text);
      if (digits === null) {
        reportValue(value, "D06", {
          severity: "error",
          stops: true,
          message: `\`${value.text}\` is not a number`,
          label: `${form.toLowerCase()}, ${min} to ${max}`,
          effect: refused,
        });
        return undefined;
      }
      const number = Number(digits[0]);
      if (digits[0] !== value.text)
        reportValue(value, "D06", {
          severity: "warning",
          message: `\`${value.text}\` is more than a number`,
          effect: `${number} counts: ldirectord takes the first digits that it finds`,
          fix: `write \`${value.directive}=${number}\``,
        });
      if (number >= min && number <= max) return number;
      reportValue(value, "D07", {
        severity: "error",
        stops: true,
        message: `\`${value.directive}=${value.text}\` is out of range`,
        label: `${min} to ${max}`,
        effect: number < min ? refused : "ldirectord takes it, and ipvsadm or the check refuses it",
      });
      return undefined;
    },
  };
}

/** `yes` or `no`, exactly: ldirectord refuses even a blank behind it. */
export const yesOrNo: ValueForm<boolean> = {
  form: "yes|no",
  print: (value) => (value ? "yes" : "no"),
  read: (value) => {
    reportTail(value);
    if (value.text === "yes" || value.text === "no") return value.text === "yes";
    const meant = yesWords.get(value.text.toLowerCase());
    reportValue(value, "D05", {
      severity: "error",
      stops: meant === undefined,
      message: `\`${value.text}\` is neither \`yes\` nor \`no\``,
      effect:
        meant === undefined
          ? refused
          : `ldirectord does not start with this; Keelson reads \`${meant}\``,
      fix: `write \`${value.directive}=${meant ?? "yes"}\`${meant === undefined ? " or `no`" : ""}`,
    });
    return meant === undefined ? undefined : meant === "yes";
  },
};

const yesWords: ReadonlyMap<string, "yes" | "no"> = new Map([
  ["yes", "yes"],
  ["true", "yes"],
  ["on", "yes"],
  ["1", "yes"],
  ["no", "no"],
  ["false", "no"],
  ["off", "no"],
  ["0", "no"],
]);

/** Says that ldirectord takes what stands behind a value for a part of it. */
export function reportTail(value: ValueText): void {
  if (value.tail === "") return;
  const isComment = value.tail.includes("#");
  value.report(value.text.length, value.tail.length, "D11", {
    severity: "warning",
    message: isComment
      ? `ldirectord takes the comment for a part of \`${value.directive}\``
      : `ldirectord takes the blanks behind \`${value.text}\` for a part of the value`,
    effect: `ldirectord does not start with this; Keelson reads \`${value.text}\``,
    fix: isComment ? "put the comment on a line of its own" : "remove the blanks",
  });
}

/** What counts when a word is none of the list, and what ldirectord does then. */
export interface Instead {
  readonly counts: string;
  readonly ldirectord: string;
}

/**
 * One word of a list. ldirectord takes the first word that it finds, also between quotes. Without `instead` the file
 * is refused for another word.
 */
export function choice<Value extends string>(
  choices: readonly Value[],
  options: { readonly ignoreCase?: true; readonly instead?: Instead } = {},
): ValueForm<Value> {
  const { instead } = options;
  return {
    form: choices.join("|"),
    print: (value) => value,
    read: (value) => {
      if (value.text === "") return missing(value);
      const match = /^"?([^\s"]*)"?/.exec(value.text);
      const [whole = "", word = ""] = match ?? [];
      const wanted = options.ignoreCase === true ? word.toUpperCase() : word;
      const found = choices.find((candidate) => candidate === wanted);
      if (found !== undefined) {
        reportExtra(value, whole.length);
        return found;
      }
      const near = nearestWord(word, choices);
      value.report(0, Math.max(1, whole.length), "D05", {
        severity: "error",
        stops: instead === undefined,
        message: `\`${word}\` is no value of \`${value.directive}\``,
        ...(near === undefined ? {} : { label: `did you mean \`${near}\`?` }),
        effect:
          instead === undefined ? refused : `${instead.ldirectord}; with Keelson ${instead.counts}`,
        fix: near === undefined ? `write one of ${choices.join(", ")}` : `write \`${near}\``,
      });
      return undefined;
    },
  };
}

/** Words behind the one that counts. */
export function reportExtra(value: ValueText, from: number): void {
  const extra = value.text.slice(from);
  if (extra.trim() === "") return;
  const at = from + (extra.length - extra.trimStart().length);
  value.report(at, value.text.length - at, "D11", {
    severity: "warning",
    message: `\`${extra.trim()}\` is one word too many for \`${value.directive}\``,
    effect: "it is ignored",
    fix: "remove it",
  });
}

/** Any text to the end of the line. */
export const plainText: ValueForm<string> = {
  form: "TEXT",
  print: (value) => value,
  read: (value) => (value.text === "" ? missing(value) : value.text),
};

/** Text between quotes, which ldirectord insists on. */
export const quotedText: ValueForm<string> = {
  form: '"TEXT"',
  print: (value) => `"${value}"`,
  read: (value) => {
    const match = /^"(.*)"(.*)$/s.exec(value.text);
    const inside = match?.[1];
    if (inside === "") return missing(value);
    if (inside !== undefined) {
      reportExtra(value, inside.length + 2);
      return inside;
    }
    const text = value.text.replaceAll('"', "").trim();
    if (text === "") return missing(value);
    reportValue(value, "D09", {
      severity: "error",
      message: `the value of \`${value.directive}\` needs quotes`,
      effect:
        "ldirectord does not know the line and does not start; Keelson reads the text as it stands",
      fix: `write \`${value.directive}="..."\``,
    });
    return text;
  },
};

/** Text with quotes around it or not. */
export const freelyQuotedText: ValueForm<string> = {
  form: "TEXT",
  print: (value) => (/[#\s]/.test(value) ? `"${value}"` : value),
  read: (value) => {
    const text = /^"([^"]*)"$/.exec(value.text)?.[1] ?? value.text;
    return text === "" ? missing(value) : text;
  },
};

/** The name or the address of a host that is not looked up here. */
export const hostText: ValueForm<string> = {
  form: "HOST",
  print: (value) => value,
  read: (value) => {
    const text = value.text.replaceAll('"', "").trim();
    if (text === "") return missing(value);
    if (!/^[0-9A-Za-z._+-]/.test(value.text))
      reportValue(value, "D08", {
        severity: "warning",
        message: `\`${value.text}\` is not the name of a host`,
        effect: `ldirectord does not start with this; Keelson reads \`${text}\``,
        fix: `write \`${value.directive}=${text}\``,
      });
    return text;
  },
};

/** A text that no output shows. */
export const secretText: ValueForm<string> = { ...quotedText, secret: true };

/** Directives that ldirectord takes without a value. */
const mayBeEmpty: ReadonlySet<string> = new Set([
  "servicename",
  "comment",
  "virtualhost",
  "fallback",
  "fallback6",
  "emailalertstatus",
]);

/** Reports that there is no value. */
export function missing(value: ValueText): undefined {
  const taken = mayBeEmpty.has(value.directive);
  reportValue(value, "D04", {
    severity: taken ? "warning" : "error",
    ...(taken ? {} : { stops: true }),
    message: `\`${value.directive}\` has no value`,
    effect: taken ? "it is as if the line were not there" : refused,
    fix: "write the value, or remove the line",
  });
  return undefined;
}
