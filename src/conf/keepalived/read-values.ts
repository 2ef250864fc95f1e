// One word -> the value that its kind promises, or a finding that says what is wrong with the word.

import { familyOf, type IpAddress, parseIpAddress } from "../../base/address.ts";
import type { Finding } from "../text/diagnostic.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { utf8Length } from "../text/text-position.ts";
import type { Line } from "./language/expand.ts";
import { parseDecimal, parseInteger } from "./numbers.ts";
import { hasParameter, type Reading, spanAt, withEdits } from "./reading.ts";
import { isMild, ruleOfKeyword } from "./rule-of-keyword.ts";
import type { FormReading, Otherwise, SettingValue, ValueKind } from "./table/keyword-spec.ts";
import { hintFor, isAssignment, synonymOf } from "./value-hints.ts";
import { firstBytes, netmaskLength } from "./value-text.ts";

/** Whose value is read: `acts` is false where a bad value can hurt nobody yet. */
export interface ValueOwner {
  /** The path of the block in which the keyword stands. */
  readonly path: string;
  /** The keyword of the line, or of the block of values. */
  readonly keyword: string;
  /** What the value belongs to, for people: the keyword or option. */
  readonly name: string;
  readonly acts: boolean;
}

type KindOf<Name extends ValueKind["kind"]> = Extract<ValueKind, { kind: Name }>;

const semicolon = 59;
const interfaceBytesMax = 15;

/** Reads the word at `index`; undefined when it is of no use, which then has been said. */
export function readValue(
  line: Line,
  index: number,
  kind: ValueKind,
  owner: ValueOwner,
  reading: Reading,
): SettingValue | undefined {
  const text = line.text(index);
  if (text === undefined) return undefined;
  const last = text.length - 1;
  if (text.charCodeAt(last) === semicolon && last > 0 && !line.isQuoted(index)) {
    const rest = readEnded(line, index, kind, reading);
    if (rest === undefined) return undefined;
    return new ValueReader(line, index, owner, reading).read(rest, kind);
  }
  return readPlain(line, index, text, kind, owner, reading);
}

/** The common kinds, without a reader as long as nothing is wrong. */
function readPlain(
  line: Line,
  index: number,
  text: string,
  kind: ValueKind,
  owner: ValueOwner,
  reading: Reading,
): SettingValue | undefined {
  if (kind.kind === "integer") {
    const value = parseInteger(text);
    if (value >= kind.min && value <= kind.max) return value;
  } else if (kind.kind === "port") {
    const value = parseInteger(text);
    if (value >= kind.min && value <= 65_535) return value;
  } else if (kind.kind === "choice") {
    if (kind.choices.includes(text)) return text;
  } else if (kind.kind === "path" || kind.kind === "command" || kind.kind === "reference") {
    return text;
  }
  return new ValueReader(line, index, owner, reading).read(text, kind);
}

/** A word that ends in `;`: what it says without; undefined when nothing counts then. */
function readEnded(
  line: Line,
  index: number,
  kind: ValueKind,
  reading: Reading,
): string | undefined {
  const text = line.text(index)?.slice(0, -1) ?? "";
  const kept = kind.kind !== "choice" && kind.kind !== "boolean" && kind.kind !== "command";
  const numeric = kind.kind === "integer" || kind.kind === "seconds" || kind.kind === "port";
  reading.reportAt(line, index, "S08", {
    severity: "error",
    message: "a line needs no `;` at its end",
    effect: kept
      ? `keepalived takes it as a part of the value; Keelson reads \`${text}\``
      : kind.kind === "choice"
        ? kind.effect
        : kind.kind === "command"
          ? "it becomes a part of the command"
          : "the keyword is ignored",
    fix: "remove the `;`",
    ...withEdits(reading.replaceWord(line, index, text)),
    ...(numeric ? { stock: `invalid number '${text};'` } : {}),
  });
  if (kind.kind === "command") return `${text};`;
  return kept ? text : undefined;
}

/** Reads one word; only its findings need more than the word. */
class ValueReader {
  readonly #line: Line;
  readonly #index: number;
  readonly #owner: ValueOwner;
  readonly #reading: Reading;
  #kind: ValueKind["kind"] = "text";

  constructor(line: Line, index: number, owner: ValueOwner, reading: Reading) {
    this.#line = line;
    this.#index = index;
    this.#owner = owner;
    this.#reading = reading;
  }

  read(text: string, kind: ValueKind): SettingValue | undefined {
    this.#kind = kind.kind;
    if (isAssignment(text) && this.#line.wordCount > this.#index + 1) {
      this.#assignment(text, kind);
      return undefined;
    }
    switch (kind.kind) {
      case "integer":
        return this.#number(parseInteger(text), text, kind, kind.unit);
      case "port":
        return this.#number(parseInteger(text), text, { ...kind, max: 65_535, otherwise: "stop" });
      case "seconds": {
        const written = kind.whole === true ? parseInteger(text) : parseDecimal(text);
        const seconds = this.#number(written, text, kind, "seconds");
        return seconds === undefined ? undefined : Math.round(seconds * 1_000_000) / 1000;
      }
      case "boolean":
        return this.#boolean(text);
      case "choice":
        return this.#choice(text, kind);
      case "address":
        return this.#address(text, kind.family);
      case "prefix":
        return this.#prefix(text, kind.family);
      case "netmask":
        return this.#netmask(text);
      case "interface":
        return this.#interface(text);
      case "text":
        return this.#text(text, kind);
      case "form":
        return this.#form(text, kind.read(text));
      case "reference":
      case "command":
      case "path":
        return text;
    }
  }

  #report(code: string, finding: Finding): void {
    const { path, keyword } = this.#owner;
    const rule = ruleOfKeyword(path, keyword, code);
    const severity = isMild(rule) ? "warning" : finding.severity;
    const word = this.#line.text(this.#index) ?? "";
    const hint = hintFor(word, this.#kind);
    const { newText, ...texts } = hint;
    const edits =
      newText === undefined ? [] : this.#reading.replaceWord(this.#line, this.#index, newText);
    const said = { ...finding, ...texts, ...withEdits(edits), severity };
    this.#reading.reportAt(this.#line, this.#index, rule, said);
  }

  /** `priority = 100`: the sign is taken for the value. */
  #assignment(text: string, kind: ValueKind): void {
    const numeric = kind.kind === "integer" || kind.kind === "seconds" || kind.kind === "port";
    const word = this.#line.words[this.#index];
    const next = this.#line.words[this.#index + 1];
    const span = spanAt(this.#line, this.#index);
    const length = word?.line === next?.line ? (next?.column ?? 0) - span.column : 0;
    const { path, keyword, name } = this.#owner;
    const code = numeric ? "S23" : kind.kind === "address" ? "S24" : "S28";
    this.#reading.report(span, ruleOfKeyword(path, keyword, code), {
      severity: "error",
      message: `\`${text}\` is taken for the value of \`${name}\``,
      ...("otherwise" in kind ? this.#consequence(kind.otherwise) : {}),
      fix: `write \`${name} ${next?.text ?? "..."}\`: a blank stands between keyword and value`,
      ...(length > 0 ? { edits: [{ span: { ...span, length }, newText: "" }] } : {}),
      ...(numeric ? { stock: `invalid number '${text}'` } : {}),
    });
  }

  /** What follows from a value that cannot be used. */
  #consequence(otherwise: Otherwise): Pick<Finding, "effect" | "stops"> {
    if (otherwise !== "stop") return { effect: otherwise.instead };
    if (!this.#owner.acts) return {};
    return { effect: "keepalived goes on without it; Keelson does not start", stops: true };
  }

  #number(
    value: number,
    text: string,
    range: {
      readonly min: number;
      readonly max: number;
      readonly otherwise: Otherwise;
      readonly clamps?: true;
    },
    unit = "",
  ): number | undefined {
    if (value >= range.min && value <= range.max) return value;
    if (hasParameter(text)) return undefined;
    const none = Number.isNaN(value);
    const nearest = value < range.min ? range.min : range.max;
    const clamped = range.clamps === true && !none;
    const before = this.#line.text(this.#index - 1);
    const said = before === this.#owner.name ? `${before} ${text}` : text;
    this.#report(none ? "S23" : "S17", {
      severity: "error",
      message: none ? `\`${text}\` is not a number` : `\`${said}\` is out of range`,
      label: `${range.min} to ${range.max}${unit === "" ? "" : ` ${unit}`}`,
      ...(clamped ? { effect: `${nearest} counts` } : this.#consequence(range.otherwise)),
      stock: none
        ? `invalid number '${text}'`
        : `number '${text}' outside range [${range.min}, ${range.max}]`,
    });
    return clamped ? nearest : undefined;
  }

  #boolean(text: string): boolean | undefined {
    const lower = text.toLowerCase();
    if (lower === "on" || lower === "true" || lower === "yes") return true;
    if (lower === "off" || lower === "false" || lower === "no") return false;
    if (hasParameter(text)) return undefined;
    this.#report("S16", {
      severity: "error",
      message: `\`${text}\` is neither on nor off`,
      effect: "the keyword is ignored",
      fix: "write on, off, true, false, yes or no",
    });
    return undefined;
  }

  #choice(text: string, kind: KindOf<"choice">): string | undefined {
    const folded = text.toLowerCase();
    const alike = kind.choices.find((choice) => choice.toLowerCase() === folded);
    if (alike === text || (alike !== undefined && kind.ignoreCase === true)) return alike;
    if (hasParameter(text)) return undefined;
    const sure = alike ?? nearestWord(text, kind.choices);
    const near = sure ?? synonymOf(text, kind.choices);
    const { keyword, name } = this.#owner;
    const list = kind.choices.join(", ");
    const edits =
      sure === undefined ? [] : this.#reading.replaceWord(this.#line, this.#index, sure);
    this.#report("S16", {
      severity: "error",
      message: `\`${text}\` is no value of \`${this.#index === 0 ? keyword : name}\``,
      label: near === undefined ? list : `did you mean \`${near}\`?`,
      effect: kind.effect,
      fix: near === undefined ? `write one of ${list}` : `write \`${near}\``,
      ...withEdits(edits),
    });
    return undefined;
  }

  #address(text: string, family: 4 | 6 | undefined): IpAddress | undefined {
    const parsed = parseIpAddress(text);
    if (parsed.ok && (family === undefined || familyOf(parsed.value) === family))
      return parsed.value;
    if (hasParameter(text)) return undefined;
    const what = family === undefined ? "IP" : `IPv${family}`;
    this.#report("S24", {
      severity: "error",
      message: `\`${text}\` is not an ${what} address`,
      ...this.#consequence("stop"),
    });
    return undefined;
  }

  #prefix(text: string, family: 4 | 6 | undefined): string | undefined {
    const slash = text.indexOf("/");
    const parsed = parseIpAddress(slash < 0 ? text : text.slice(0, slash));
    if (!parsed.ok || (family !== undefined && familyOf(parsed.value) !== family)) {
      if (!hasParameter(text)) this.#notPrefix(text, family);
      return undefined;
    }
    if (slash < 0) return parsed.value;
    const lengthMax = familyOf(parsed.value) === 4 ? 32 : 128;
    const written = text.slice(slash + 1);
    const length = parseInteger(written);
    if (length >= 0 && length <= lengthMax) return `${parsed.value}/${length}`;
    if (hasParameter(text)) return undefined;
    const mask = lengthMax === 32 ? netmaskLength(written) : undefined;
    this.#report(Number.isNaN(length) ? "S28" : "S17", {
      severity: "error",
      message: Number.isNaN(length)
        ? `\`${written}\` is no prefix length`
        : `the prefix length \`${written}\` is outside 0 to ${lengthMax}`,
      effect: `${lengthMax} counts`,
      ...(mask === undefined ? {} : { fix: `write \`${parsed.value}/${mask}\`` }),
      ...(mask === undefined
        ? {}
        : withEdits(this.#reading.replaceWord(this.#line, this.#index, `${parsed.value}/${mask}`))),
    });
    return parsed.value;
  }

  /** What looks like an address was meant to be one; prose and placeholders in a list are skipped. */
  #notPrefix(text: string, family: 4 | 6 | undefined): void {
    const meant = this.#index > 0 || /^\d+\.|:/.test(text);
    this.#report("S24", {
      severity: meant ? "error" : "warning",
      message: `\`${text}\` is not an ${family === undefined ? "IP" : `IPv${family}`} address`,
      effect: meant ? "keepalived skips it" : "the line is ignored",
      fix: "write an address as in `192.0.2.1/24`, or remove the line",
      ...(meant && this.#owner.acts ? { stops: true } : {}),
      stock: `VRRP parsed invalid IP ${text}. skipping IP...`,
    });
  }

  #netmask(text: string): number | undefined {
    const length = text.includes(".") ? netmaskLength(text) : parseInteger(text);
    if (length !== undefined && length >= 1 && length <= 128) return length;
    if (hasParameter(text)) return undefined;
    this.#report("S28", {
      severity: "error",
      message: `\`${text}\` is not a netmask: its ones must stand together`,
      effect: "every address counts as a client of its own",
      fix: "write for instance 255.255.255.0",
    });
    return undefined;
  }

  #interface(text: string): string {
    const tooLong = utf8Length(text) > interfaceBytesMax;
    if ((tooLong || /[/\s]/.test(text)) && !hasParameter(text))
      this.#report(tooLong ? "S29" : "S28", {
        severity: "error",
        message: tooLong
          ? `\`${text}\` is too long for the name of an interface`
          : `\`${text}\` cannot be the name of an interface`,
        label: tooLong ? `at most ${interfaceBytesMax} bytes` : "no `/` and no blanks",
        effect: "there can be no such interface",
      });
    else if (parseIpAddress(text).ok)
      this.#report("S28", {
        severity: "warning",
        message: `\`${text}\` is an address, not the name of an interface`,
        effect: "keepalived looks for an interface of that name",
        fix: "write the name, as `ip link` shows it",
      });
    return text;
  }

  #text(text: string, kind: KindOf<"text">): string {
    const { bytesMax } = kind;
    if (bytesMax === undefined || utf8Length(text) <= bytesMax) return text;
    const kept = firstBytes(text, bytesMax);
    if (kind.secret !== true && !hasParameter(text))
      this.#report("S29", {
        severity: "warning",
        message: `\`${text}\` is too long for \`${this.#owner.name}\``,
        label: `at most ${bytesMax} bytes`,
        effect: `keepalived shortens or ignores it`,
        fix: `write \`${kept}\` or another short one`,
      });
    return kept;
  }

  #form(text: string, result: FormReading): SettingValue | undefined {
    if (result.ok) return result.value;
    if (hasParameter(text)) return undefined;
    this.#report("S28", {
      severity: "error",
      message: result.message,
      ...this.#consequence(result.otherwise),
    });
    return undefined;
  }
}
