// The configuration as it counts, as keepalived.conf text: each value with where it comes from behind it.

import type { EffectiveBlock, EffectiveSetting, Origin } from "../conf/keepalived/effective.ts";
import { maskedText } from "../conf/keepalived/idle-settings.ts";
import type { BlockSpec } from "../conf/keepalived/table/keyword-spec.ts";
import { fileBlock } from "../conf/keepalived/table/root.ts";
import type { Span } from "../conf/text/diagnostic.ts";
import { printableText } from "../conf/text/display.ts";
import type { PaintText } from "../conf/text/render-options.ts";

/** What is shown. */
export interface EffectiveOptions {
  /** `set`: only what is written; `acting`: also what counts without being written; `all`: every keyword. */
  readonly what: "set" | "acting" | "all";
  /** What is to be said about a line: rules that found something there. */
  readonly remarks: ReadonlyMap<string, readonly string[]>;
  readonly paint: PaintText;
}

const indentBlanks = 4;
/** Comments begin here, or two blanks behind longer lines. */
const commentColumn = 48;

/** Text that stands for a place in remarks. */
export function placeOf({ file, line }: Span): string {
  return `${file}:${line}`;
}

/** Renders the whole configuration. Passwords are masked. */
export function renderEffective(root: EffectiveBlock, options: EffectiveOptions): string {
  const renderer = new Renderer(options);
  renderer.contents(root, 0);
  return renderer.text;
}

class Renderer {
  readonly #options: EffectiveOptions;
  readonly #lines: string[] = [];

  constructor(options: EffectiveOptions) {
    this.#options = options;
  }

  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  contents(block: EffectiveBlock, depth: number): void {
    for (const setting of block.settings)
      if (isShown(setting, block, this.#options.what)) this.#setting(setting, depth);
    for (const line of block.lines) this.#setting(line, depth, block.keyword);
    for (const inner of block.blocks) this.#block(inner, depth);
  }

  #block(block: EffectiveBlock, depth: number): void {
    // What is not written is shown only as far as something in it counts.
    const nothing =
      block.span === undefined &&
      !block.settings.some((setting) => isShown(setting, block, this.#options.what));
    if (nothing) return;
    if (depth === 0 && this.#lines.length > 0) this.#lines.push("");
    const head = `${[block.keyword, block.name].filter((word) => word !== "").join(" ")} {`;
    const where = block.span === undefined ? "default" : placeOf(block.span);
    this.#line(head, where, depth);
    this.contents(block, depth + 1);
    this.#lines.push(`${blanks(depth)}}`);
  }

  #setting(setting: EffectiveSetting, depth: number, within = ""): void {
    const { keyword, origin, acts, instead } = setting;
    const masked = secretKeywords.has(keyword === "" ? within : keyword);
    const text = masked ? maskedText : setting.text;
    const words = [keyword, text].filter((word) => word !== "").join(" ");
    const idle = acts || origin.kind === "unset" ? "" : ", not acted on yet";
    const ignored = instead === undefined ? "" : `, not what ${placeOf(instead)} says`;
    const said = this.#options.remarks.get(placeOfOrigin(setting)) ?? [];
    const remarks = `${ignored}${said.length === 0 ? "" : `; see ${said.join(", ")}`}`;
    if (origin.kind === "unset")
      this.#line(`# ${keyword}`, `${text === "" ? "not set" : text}${remarks}`, depth);
    else this.#line(words, `${originText(origin)}${idle}${remarks}`, depth);
  }

  #line(text: string, comment: string, depth: number): void {
    const printable = printableText(`${blanks(depth)}${text}`);
    const gap = " ".repeat(Math.max(2, commentColumn - printable.length));
    const { paint } = this.#options;
    this.#lines.push(`${printable}${gap}${paint("dim", `# ${printableText(comment)}`)}`);
  }
}

/** Whether a keyword is shown; what counts in words only is no line of a configuration. */
function isShown(
  { keyword, origin, acts, text, instead }: EffectiveSetting,
  block: EffectiveBlock,
  what: EffectiveOptions["what"],
): boolean {
  if (origin.kind === "line") return true;
  // A mark says which packets; there is no default to fill in.
  if (what === "set" || (keyword === "protocol" && block.name.startsWith("fwmark"))) return false;
  if (instead !== undefined) return true;
  if (what === "all") return true;
  return acts && (origin.kind === "inherited" || (origin.kind === "default" && isValue(text)));
}

/** False for a sentence in the place of a value. */
function isValue(text: string): boolean {
  return /^\S+$/.test(text) && !text.endsWith(";");
}

function originText(origin: Origin): string {
  switch (origin.kind) {
    case "line":
      return placeOf(origin.span);
    case "inherited":
      return `${origin.from} ${placeOf(origin.span)}`;
    case "default":
    case "unset":
      return "default";
  }
}

function placeOfOrigin({ origin, instead }: EffectiveSetting): string {
  if (instead !== undefined) return placeOf(instead);
  return origin.kind === "line" ? placeOf(origin.span) : "";
}

function blanks(depth: number): string {
  return " ".repeat(depth * indentBlanks);
}

/** Keywords that take a password or key, or whose lines do. */
const secretKeywords: ReadonlySet<string> = findSecrets(fileBlock);

function findSecrets(root: BlockSpec): ReadonlySet<string> {
  const secrets = new Set<string>();
  const seen = new Set<BlockSpec>([root]);
  // Blocks that are found while others are visited are visited too.
  for (const block of seen)
    for (const { name, arguments: own, contents } of block.keywords) {
      const words = contents?.kind === "lines" ? [...own, ...contents.lines.leading] : own;
      if (words.some(({ value }) => value.kind === "text" && value.secret === true))
        secrets.add(name);
      if (contents?.kind === "keywords") seen.add(contents.block);
    }
  return secrets;
}

/** The same for programs. */
export function effectiveAsJson(
  block: EffectiveBlock,
  what: EffectiveOptions["what"],
): Readonly<Record<string, unknown>> {
  const plain = (setting: EffectiveSetting, within: string): Readonly<Record<string, unknown>> => {
    const { keyword, text, origin, acts, instead } = setting;
    const masked = secretKeywords.has(keyword === "" ? within : keyword);
    return {
      ...(keyword === "" ? {} : { keyword }),
      text: masked ? maskedText : text,
      origin: originAsJson(origin),
      acts,
      ...(instead === undefined ? {} : { instead: { file: instead.file, line: instead.line } }),
    };
  };
  return {
    ...(block.keyword === "" ? {} : { keyword: block.keyword, name: block.name }),
    ...(block.span === undefined ? {} : { file: block.span.file, line: block.span.line }),
    settings: block.settings
      .filter((setting) => isShown(setting, block, what))
      .map((setting) => plain(setting, block.keyword)),
    ...(block.lines.length === 0
      ? {}
      : { lines: block.lines.map((line) => plain(line, block.keyword)) }),
    blocks: block.blocks.map((inner) => effectiveAsJson(inner, what)),
  };
}

function originAsJson(origin: Origin): Readonly<Record<string, unknown>> {
  switch (origin.kind) {
    case "line":
      return { kind: "line", file: origin.span.file, line: origin.span.line };
    case "inherited":
      return {
        kind: "inherited",
        from: origin.from,
        file: origin.span.file,
        line: origin.span.line,
      };
    case "default":
    case "unset":
      return { kind: origin.kind };
  }
}
