// Draws the output of a terminal program as SVG: `node terminal-picture.js TITLE < output > picture.svg`.
// It understands the colours (SGR) that Keelson prints, and nothing that moves the cursor.

import { readFileSync } from "node:fs";

const CHARACTER_WIDTH = 7.8;
const LINE_HEIGHT = 17;
const MARGIN = 18;
const TITLE_HEIGHT = 30;

const COLOURS: Readonly<Record<number, string>> = {
  30: "#555b66",
  31: "#ff7b72",
  32: "#7ee787",
  33: "#f2cc60",
  34: "#79c0ff",
  35: "#d2a8ff",
  36: "#76e3ea",
  37: "#e6edf3",
  90: "#8b949e",
  91: "#ffa198",
  92: "#aff5b4",
  93: "#f8e3a1",
  94: "#a5d6ff",
  95: "#e2c5ff",
  96: "#b3f0ff",
  97: "#ffffff",
};

interface Style {
  readonly colour?: string;
  readonly bold?: boolean;
  readonly dim?: boolean;
}

function applyCodes(style: Style, codes: readonly number[]): Style {
  let next = style;
  for (const code of codes) {
    const colour = COLOURS[code];
    if (code === 0) next = {};
    else if (code === 1) next = { ...next, bold: true };
    else if (code === 2) next = { ...next, dim: true };
    else if (code === 22) next = next.colour === undefined ? {} : { colour: next.colour };
    else if (code === 39) next = { bold: next.bold ?? false, dim: next.dim ?? false };
    else if (colour !== undefined) next = { ...next, colour };
  }
  return next;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** One line of spans; `style` carries over from line to line. */
function drawLine(
  line: string,
  y: number,
  style: Style,
): { readonly svg: string; readonly style: Style } {
  let current = style;
  let column = 0;
  let svg = "";
  // Split at SGR sequences; the capture keeps their codes.
  const parts = line.split(new RegExp(`${String.fromCharCode(27)}\\[([0-9;]*)m`));
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 1) {
      current = applyCodes(current, part === "" ? [0] : part.split(";").map(Number));
      continue;
    }
    if (part === "") continue;
    const width = [...part].length;
    const fill = current.colour ?? "#e6edf3";
    const weight = current.bold === true ? ` font-weight="bold"` : "";
    const opacity = current.dim === true ? ` opacity="0.6"` : "";
    const x = MARGIN + column * CHARACTER_WIDTH;
    if (part.trim() !== "")
      svg += `<text x="${x.toFixed(1)}" y="${y}" fill="${fill}"${weight}${opacity} textLength="${(width * CHARACTER_WIDTH).toFixed(1)}">${escapeText(part)}</text>`;
    column += width;
  }
  return { svg, style: current };
}

const title = process.argv[2] ?? "keelson";
const visible = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
const lines = readFileSync(0, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => line.slice(line.lastIndexOf("\r") + 1));
const columns = Math.max(60, ...lines.map((line) => [...line.replaceAll(visible, "")].length));
const width = Math.ceil(2 * MARGIN + columns * CHARACTER_WIDTH);
const height = TITLE_HEIGHT + lines.length * LINE_HEIGHT + 2 * MARGIN;

let body = "";
let style: Style = {};
for (const [index, line] of lines.entries()) {
  const drawn = drawLine(line, TITLE_HEIGHT + MARGIN + (index + 0.75) * LINE_HEIGHT, style);
  body += `${drawn.svg}\n`;
  style = drawn.style;
}
const dots = ["#ff5f57", "#febc2e", "#28c840"]
  .map((fill, index) => `<circle cx="${MARGIN + index * 18}" cy="17" r="5.5" fill="${fill}"/>`)
  .join("");
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<rect width="${width}" height="${height}" rx="9" fill="#0d1117"/>
${dots}<text x="${width / 2}" y="21" fill="#8b949e" font-family="sans-serif" font-size="12" text-anchor="middle">${escapeText(title)}</text>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="13" xml:space="preserve">
${body}</g>
</svg>
`);
