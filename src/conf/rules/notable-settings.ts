// The few settings of a large file that most rules about settings look for, found in one walk.

import type { Section, Setting } from "../keepalived/section.ts";
import type { KeywordSpec } from "../keepalived/table/keyword-spec.ts";

/** A setting with the block that it stands in. */
export interface NotableSetting {
  readonly setting: Setting;
  readonly section: Section;
  /** The block of the file around it, or itself, and its index there. */
  readonly owner: Setting;
  readonly index: number;
}

const known = new WeakMap<Section, readonly NotableSetting[]>();

/** The settings that hold a list, name a command or another block, or say no; in the order of the text. */
export function notableSettings(root: Section): readonly NotableSetting[] {
  let notable = known.get(root);
  if (notable === undefined) {
    const walk = new Walk();
    walk.file(root);
    notable = walk.found;
    known.set(root, notable);
  }
  return notable;
}

class Walk {
  readonly found: NotableSetting[] = [];
  readonly #speaking = new Map<KeywordSpec, boolean>();

  file(root: Section): void {
    for (const [index, owner] of root.settings.entries()) {
      if (this.#isNotable(owner)) this.found.push({ setting: owner, section: root, owner, index });
      if (owner.section !== undefined) this.#block(owner.section, owner, index);
    }
  }

  #block(section: Section, owner: Setting, index: number): void {
    for (const setting of section.settings) {
      if (this.#isNotable(setting)) this.found.push({ setting, section, owner, index });
      if (setting.section !== undefined) this.#block(setting.section, owner, index);
    }
  }

  #isNotable({ entries, values, spec }: Setting): boolean {
    if (entries !== undefined || values[0] === false) return true;
    let speaks = this.#speaking.get(spec);
    if (speaks === undefined) {
      speaks = spec.arguments.some(
        ({ value: { kind } }) => kind === "command" || kind === "reference",
      );
      this.#speaking.set(spec, speaks);
    }
    return speaks;
  }
}
