// What a configuration says that Keelson reads and does not act on, one text a line: two configurations can be compared
// by it.

import { optionsByName } from "./keyword-index.ts";
import type { Line } from "./language/line.ts";
import type { EntryOption, Section, Setting } from "./section.ts";
import type { KeywordSpec, OptionSpec } from "./table/keyword-spec.ts";

/** Stands in the place of a word that nobody but the file's readers shall see. */
export const maskedText = "****";

/** `vrrp_instance VI_1: accept`, with the blocks around it, in the order of the text. Passwords are masked. */
export function idleSettings(root: Section): readonly string[] {
  const visitor = new Visitor();
  visitor.section(root, true);
  return visitor.found;
}

class Visitor {
  readonly found: string[] = [];
  /** The blocks around what is visited; they become text only where something is found. */
  readonly #around: Setting[] = [];

  section(section: Section, acts: boolean): void {
    for (const setting of section.settings) this.#setting(setting, acts && setting.spec.acts);
  }

  #setting(setting: Setting, acts: boolean): void {
    const { spec, section, entries } = setting;
    const isEmpty = (section?.settings.length ?? entries?.length ?? 0) === 0;
    if (!acts && isEmpty) this.#add(lineText(setting.line, spec));
    if (acts && setting.options !== undefined && setting.options.length > 0)
      this.#options(lineText(setting.line, spec), setting, setting.options, spec.options ?? []);
    if (isEmpty) return;
    this.#around.push(setting);
    if (section !== undefined) this.section(section, acts);
    for (const entry of entries ?? [])
      if (!acts) this.#add(plainText(entry.line));
      else if (entry.options.length > 0)
        this.#options(plainText(entry.line), entry, entry.options, entry.spec.options);
    this.#around.pop();
  }

  /** A line that takes effect, without some of its options. */
  #options(
    text: string,
    { line }: Pick<Setting, "line">,
    options: readonly EntryOption[],
    list: readonly OptionSpec[],
  ): void {
    const idle = options.flatMap(({ name, wordIndex }) => {
      const written = line.text(wordIndex) ?? name;
      return optionsByName(list).get(written)?.acts === false ? [written] : [];
    });
    if (idle.length > 0) this.#add(`${text} (${idle.join(", ")})`);
  }

  #add(text: string): void {
    const around = this.#around.map(({ line, spec }) => lineText(line, spec)).join(", ");
    this.found.push(around === "" ? text : `${around}: ${text}`);
  }
}

/** A line as it is written, without its password. */
export function lineText(line: Line, spec: KeywordSpec): string {
  return Array.from({ length: line.wordCount }, (_, i) => {
    const value = i === 0 ? undefined : spec.arguments[i - 1]?.value;
    const secret = value?.kind === "text" && value.secret === true;
    return secret ? maskedText : (line.text(i) ?? "");
  }).join(" ");
}

function plainText(line: Line): string {
  return Array.from({ length: line.wordCount }, (_, i) => line.text(i)).join(" ");
}
