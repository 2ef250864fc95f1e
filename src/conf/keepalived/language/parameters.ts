// `$NAME` and `${NAME}`: what they stand for.

import type { Part } from "./placement.ts";

/** What predefined parameters are made of. */
export interface Surroundings {
  /** For `${_INSTANCE}`; absent: not known. */
  readonly instance?: string | undefined;
  /** For `${_ENV NAME}`. */
  readonly environment?: ((name: string) => string | undefined) | undefined;
  /** For `${_RANDOM}`: from 0 to below 1. */
  readonly random: () => number;
}

/** A text with parameters replaced, and where its parts come from: offsets of the text before, and widths there. */
export interface Replaced {
  readonly text: string;
  readonly parts: readonly Part[];
}

/** A parameter that was not replaced, and why. */
export interface Unreplaced {
  readonly written: string;
  readonly name: string;
  readonly start: number;
  readonly why: "undefined" | "followed" | "several-lines";
}

const pattern = /\$\{([A-Za-z_]\w*)([^{}\n]*)\}|\$([A-Za-z_]\w*)/g;

/** Definitions that hold at one place of the text. */
export class Parameters {
  readonly #bodies = new Map<string, string>();
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  define(name: string, body: string): void {
    this.#bodies.set(name, body);
  }

  /**
   * One line with each defined parameter replaced once; undefined when there is none to replace. `$NAME` counts
   * before a blank or at the end, `${NAME}` everywhere; a value of several lines only at the end.
   * `file` gives `${_PWD}`; `unreplaced` hears of what is left as it stands.
   */
  replace(
    text: string,
    file: string,
    unreplaced: (parameter: Unreplaced) => void,
  ): Replaced | undefined {
    if (!text.includes("$")) return undefined;
    const parts: Part[] = [];
    let next = "";
    let from = 0;
    for (const match of text.matchAll(pattern)) {
      const [written, braced, rest = "", plain] = match;
      const name = braced ?? plain ?? "";
      const start = match.index;
      const end = start + written.length;
      const body = this.#bodyOf(name, rest, file);
      const why = this.#obstacle(body, text, plain === undefined, end);
      if (body === undefined || why !== undefined) {
        unreplaced({ written, name, start, why: why ?? "undefined" });
        continue;
      }
      if (start > from) {
        parts.push({ start: next.length, origin: from, width: start - from, literal: true });
        next += text.slice(from, start);
      }
      parts.push({ start: next.length, origin: start, width: written.length, literal: false });
      next += body;
      from = end;
      // What now begins the line may condition, define or repeat the rest: that is read as such first.
      if (start === 0 && /^[@$~]/.test(body)) break;
    }
    if (from === 0) return undefined;
    parts.push({ start: next.length, origin: from, width: text.length - from, literal: true });
    return { text: next + text.slice(from), parts };
  }

  /** The text of a repetition's arguments, where a name needs nothing behind it. */
  replaceAll(text: string, file: string): string {
    return text.replaceAll(
      pattern,
      (written: string, braced?: string, rest = "", plain?: string) =>
        this.#bodyOf(braced ?? plain ?? "", rest, file) ?? written,
    );
  }

  #obstacle(
    body: string | undefined,
    text: string,
    isBraced: boolean,
    end: number,
  ): Unreplaced["why"] | undefined {
    if (body === undefined) return "undefined";
    if (!isBraced && end < text.length && !/[\s{}]/.test(text.charAt(end))) return "followed";
    return body.includes("\n") && text.slice(end).trim() !== "" ? "several-lines" : undefined;
  }

  #bodyOf(name: string, rest: string, file: string): string | undefined {
    if (rest === "") {
      const body = this.#bodies.get(name);
      if (body !== undefined) return body;
      if (name === "_HASH") return "#";
      if (name === "_BANG") return "!";
      if (name === "_INSTANCE") return this.#surroundings.instance;
      if (name === "_PWD") return directoryOf(file);
    }
    if (name === "_RANDOM") return this.#random(rest);
    if (name === "_ENV") return this.#surroundings.environment?.(rest.trim());
    return undefined;
  }

  /** `[MIN [MAX]]`, both included; 0 to 32767 without them. */
  #random(bounds: string): string | undefined {
    const match = /^(?:\s+(\d{1,9})(?:\s+(\d{1,9}))?)?\s*$/.exec(bounds);
    if (match === null) return undefined;
    const min = Number(match[1] ?? 0);
    const max = Number(match[2] ?? Math.max(min, 32_767));
    if (max < min) return undefined;
    return `${min + Math.floor(this.#surroundings.random() * (max - min + 1))}`;
  }
}

function directoryOf(file: string): string {
  const slash = file.lastIndexOf("/");
  if (slash < 0) return ".";
  return slash === 0 ? "/" : file.slice(0, slash);
}
