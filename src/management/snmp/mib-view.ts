// What an agent answers from: the objects in their order, over one set of facts. Rows are made once
// a group and only when somebody asks; values are read one by one.

import type { MibGroup, MibRow } from "./mib-group.ts";
import { compareOids, type Oid, oidStartsWith } from "./oid.ts";
import type { SnmpValue, Varbind } from "./value.ts";

interface Place<Facts> {
  readonly root: Oid;
  readonly number: number;
  readonly group: MibGroup<Facts>;
}

/** The columns of groups in the order of their identifiers. */
export class MibTree<Facts> {
  readonly places: readonly Place<Facts>[];

  constructor(groups: readonly MibGroup<Facts>[]) {
    this.places = groups
      .flatMap((group) =>
        group.columns.map(({ number }) => ({ root: [...group.root, number], number, group })),
      )
      .sort((a, b) => compareOids(a.root, b.root));
  }
}

/** Answers over facts that do not change. */
export class MibView<Facts> {
  readonly #tree: MibTree<Facts>;
  readonly #facts: Facts;
  readonly #rows = new Map<MibGroup<Facts>, readonly MibRow[]>();

  constructor(tree: MibTree<Facts>, facts: Facts) {
    this.#tree = tree;
    this.#facts = facts;
  }

  /** The value at exactly this identifier (RFC 2741 section 7.2.3.1). */
  get(wanted: Oid): SnmpValue | "no-such-object" | "no-such-instance" {
    const place = this.#tree.places[this.#placeAt(wanted)];
    if (place === undefined || !oidStartsWith(wanted, place.root)) return "no-such-object";
    const index = wanted.slice(place.root.length);
    const rows = this.#rowsOf(place.group);
    const row = rows[firstFrom(rows, (one) => compareOids(one.index, index))];
    const isIt = row !== undefined && compareOids(row.index, index) === 0;
    return (isIt ? row.value(place.number) : undefined) ?? "no-such-instance";
  }

  /**
   * The first value behind an identifier, or at it with `include`; undefined when there is none
   * before `end` (RFC 2741 section 7.2.3.2). An empty `end` is no limit.
   */
  next(start: Oid, include: boolean, end: Oid): Varbind | undefined {
    const { places } = this.#tree;
    for (let i = this.#placeAt(start); i < places.length; i++) {
      const place = places[i];
      if (place === undefined) return undefined;
      if (end.length > 0 && compareOids(place.root, end) >= 0) return undefined;
      const found = this.#nextInPlace(place, start, include);
      if (found === undefined) continue;
      return end.length > 0 && compareOids(found.oid, end) >= 0 ? undefined : found;
    }
    return undefined;
  }

  #nextInPlace(place: Place<Facts>, start: Oid, include: boolean): Varbind | undefined {
    const rows = this.#rowsOf(place.group);
    const inside = oidStartsWith(start, place.root);
    const index = inside ? start.slice(place.root.length) : [];
    let i = inside ? firstFrom(rows, (one) => compareOids(one.index, index)) : 0;
    if (inside && !include) {
      const row = rows[i];
      if (row !== undefined && compareOids(row.index, index) === 0) i++;
    }
    for (; i < rows.length; i++) {
      const row = rows[i];
      const value = row?.value(place.number);
      if (row !== undefined && value !== undefined)
        return { oid: [...place.root, ...row.index], value };
    }
    return undefined;
  }

  /** The first column that holds the identifier or comes behind it. */
  #placeAt(wanted: Oid): number {
    return firstFrom(this.#tree.places, ({ root }) =>
      oidStartsWith(wanted, root) ? 0 : compareOids(root, wanted),
    );
  }

  #rowsOf(group: MibGroup<Facts>): readonly MibRow[] {
    const known = this.#rows.get(group);
    if (known !== undefined) return known;
    const rows = group.rows(this.#facts);
    this.#rows.set(group, rows);
    return rows;
  }
}

/** The first of sorted entries that is not before; the length when all are. */
function firstFrom<Entry>(entries: readonly Entry[], order: (entry: Entry) => number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && order(entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
