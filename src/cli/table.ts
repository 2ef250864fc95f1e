// Text in columns, and text in lines that are not too long.

import type { Paint, Style } from "./paint.ts";

export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

/** A row of cells, and lines that belong under it. */
export interface Row {
  readonly cells: readonly Cell[];
  readonly notes?: readonly string[];
}

/** A title line and the rows, two blanks between columns; no blanks at the ends of lines. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly Row[],
  options: { readonly indent: string; readonly paint: Paint },
): string[] {
  const titles: Row = {
    cells: columns.map((column) => ({ text: column.title, style: "heading" })),
  };
  const widths = columns.map((_, i) =>
    Math.max(...[titles, ...rows].map((row) => row.cells[i]?.text.length ?? 0)),
  );
  const renderRow = (row: Row): string => {
    const cells = columns.map((column, i) => {
      const cell = row.cells[i] ?? { text: "" };
      const blanks = " ".repeat((widths[i] ?? 0) - cell.text.length);
      const text = options.paint(cell.text, cell.style ?? "plain");
      if (column.align === "right") return blanks + text;
      return i === columns.length - 1 ? text : text + blanks;
    });
    return (options.indent + cells.join("  ")).trimEnd();
  };
  const lines = [renderRow(titles)];
  for (const row of rows) lines.push(renderRow(row), ...(row.notes ?? []));
  return lines;
}

/** Breaks at blanks so that lines have at most `width` columns; a longer word stays whole. */
export function wrapText(text: string, width: number, first: string, rest: string): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = rest;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  lines.push(line.trimEnd());
  return lines;
}
