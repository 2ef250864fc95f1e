// `$NAME` and `${NAME}`: what they stand for.

/** Definitions that hold at one place of the text. */
export class Parameters {
  readonly #bodies = new Map<string, string>();

  define(name: string, body: string): void {
    this.#bodies.set(name, body);
  }

  /**
   * The text with each defined parameter replaced once; undefined when there is none to replace.
   * `file` gives `${_PWD}`; `undefinedName` hears of names without definition.
   */
  replace(
    text: string,
    file: string,
    undefinedName: (written: string, name: string) => void,
  ): string | undefined {
    if (!text.includes("$")) return undefined;
    let changed = false;
    const pattern = /\$\{([A-Za-z_]\w*)([^}]*)\}|\$([A-Za-z_]\w*)/g;
    const next = text.replaceAll(pattern, (written, braced, rest, plain) => {
      const name: string = braced ?? plain;
      const body = this.#bodies.get(name) ?? predefined(name, file);
      if (body === undefined || (rest !== undefined && rest !== "")) {
        undefinedName(written, name);
        return written;
      }
      changed = true;
      return body;
    });
    return changed ? next : undefined;
  }
}

function predefined(name: string, file: string): string | undefined {
  if (name === "_HASH") return "#";
  if (name === "_BANG") return "!";
  return name === "_PWD" && file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : undefined;
}
