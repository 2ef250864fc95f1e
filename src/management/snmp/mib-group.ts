// Scalars and tables as data: columns that know how to read a value, rows that facts give.

import { compareOids, type Oid } from "./oid.ts";
import type { SnmpValue } from "./value.ts";

/** One accessible object: the last number of its identifier, its name in the MIB, its value. */
export interface Column<Row> {
  readonly number: number;
  readonly name: string;
  /** Undefined: this row has no such value. */
  readonly value: (row: Row) => SnmpValue | undefined;
}

/** One row with its index. */
export interface IndexedRow<Row> {
  readonly index: Oid;
  readonly row: Row;
}

/** One row, whatever it holds. */
export interface MibRow {
  readonly index: Oid;
  value(column: number): SnmpValue | undefined;
}

/** Objects that share their rows. */
export interface MibGroup<Facts> {
  readonly name: string;
  /** The entry of a table, or the parent of scalars; a column's number follows. */
  readonly root: Oid;
  readonly columns: readonly { readonly number: number; readonly name: string }[];
  /** Sorted by index; no two have the same one. */
  rows(facts: Facts): readonly MibRow[];
}

/** A column. */
export function column<Row>(
  number: number,
  name: string,
  value: (row: Row) => SnmpValue | undefined,
): Column<Row> {
  return { number, name, value };
}

/** A table, whose rows may come in any order; of two with the same index the first counts. */
export function table<Facts, Row>(options: {
  readonly name: string;
  readonly entry: Oid;
  readonly columns: readonly Column<Row>[];
  readonly rows: (facts: Facts) => readonly IndexedRow<Row>[];
}): MibGroup<Facts> {
  const { name, entry, columns } = options;
  const byNumber = new Map(columns.map((one) => [one.number, one]));
  return {
    name,
    root: entry,
    columns,
    rows: (facts) =>
      options
        .rows(facts)
        .map(({ index, row }) => ({
          index,
          value: (number: number) => byNumber.get(number)?.value(row),
        }))
        .sort((a, b) => compareOids(a.index, b.index))
        .filter((row, i, rows) => compareOids(rows[i - 1]?.index ?? [], row.index) !== 0),
  };
}

/** Objects that exist once; their instance is 0. */
export function scalars<Facts>(
  name: string,
  parent: Oid,
  columns: readonly Column<Facts>[],
): MibGroup<Facts> {
  return table({ name, entry: parent, columns, rows: (facts) => [{ index: [0], row: facts }] });
}
