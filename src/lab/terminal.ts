// Words on a terminal: colour where there is a terminal for it, a line that changes in place while
// something takes its time, plain lines everywhere else.

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Paint = keyof typeof codes;

const beats = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const width = 88;

/** What is written to; a terminal says so, and how wide it is. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export class Terminal {
  readonly #stream: TerminalStream;
  readonly #colour: boolean;
  readonly #live: boolean;
  #liveShown = false;

  constructor(stream: TerminalStream) {
    this.#stream = stream;
    const plain = process.env["NO_COLOR"] !== undefined && process.env["NO_COLOR"] !== "";
    const forced = process.env["FORCE_COLOR"] !== undefined && process.env["FORCE_COLOR"] !== "0";
    this.#colour = !plain && (stream.isTTY === true || forced) && process.env["TERM"] !== "dumb";
    this.#live = stream.isTTY === true && process.env["TERM"] !== "dumb";
  }

  paint(paint: Paint, text: string): string {
    return this.#colour ? `\x1b[${codes[paint]}m${text}\x1b[0m` : text;
  }

  /** One line, or several. */
  line(text = ""): void {
    this.#clearLive();
    this.#stream.write(`${text}\n`);
  }

  /** A line with something at its right edge. `left` and `right` are measured unpainted. */
  spread(left: string, right: string, paints: { left: Paint; right: Paint }): void {
    const gap = " ".repeat(Math.max(2, width - left.length - right.length));
    this.line(`${this.paint(paints.left, left)}${gap}${this.paint(paints.right, right)}`);
  }

  rule(): void {
    this.line(this.paint("dim", `  ${"─".repeat(width - 2)}`));
  }

  /** Replaces the line at the bottom; nothing where lines cannot be replaced. */
  live(text: string): void {
    if (!this.#live) return;
    const beat = beats[Math.floor(performance.now() / 100) % beats.length] ?? "";
    const columns = Math.max(20, (this.#stream.columns ?? 80) - 8);
    const shown = text.length > columns ? `${text.slice(0, columns - 1)}…` : text;
    this.#stream.write(`\r\x1b[2K     ${this.paint("cyan", beat)} ${this.paint("dim", shown)}`);
    this.#liveShown = true;
  }

  #clearLive(): void {
    if (this.#liveShown) this.#stream.write("\r\x1b[2K");
    this.#liveShown = false;
  }
}

/** Text in lines of at most `columns`, broken at blanks. */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
