// Colour, where the reader has a terminal and wants it.

/** What a piece of text is, not how it looks. */
export type Style = "good" | "bad" | "doubtful" | "calm" | "quiet" | "heading" | "plain";

/** Gives text in a style, or as it is. */
export type Paint = (text: string, style: Style) => string;

const codes: Readonly<Record<Style, string>> = {
  good: "1;32",
  bad: "1;31",
  doubtful: "33",
  calm: "36",
  quiet: "2",
  heading: "1",
  plain: "",
};

export const paintNothing: Paint = (text) => text;

/** ANSI colours. */
export const paintAnsi: Paint = (text, style) =>
  style === "plain" || text === "" ? text : `\u001b[${codes[style]}m${text}\u001b[0m`;

/** Colours on a terminal, unless NO_COLOR (no-color.org) says otherwise. */
export function choosePaint(isTerminal: boolean, noColor: string | undefined): Paint {
  const refused = noColor !== undefined && noColor !== "";
  return isTerminal && !refused ? paintAnsi : paintNothing;
}
