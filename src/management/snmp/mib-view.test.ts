import assert from "node:assert/strict";
import { test } from "node:test";
import { column, table } from "./mib-group.ts";
import { MibTree, MibView } from "./mib-view.ts";
import { oid, printOid } from "./oid.ts";
import { integer } from "./value.ts";

interface Row {
  readonly first: number | undefined;
  readonly second: number;
}

const rows: readonly { readonly index: readonly number[]; readonly row: Row }[] = [
  { index: [10], row: { first: 110, second: 210 } },
  { index: [2], row: { first: undefined, second: 202 } },
  { index: [1, 7], row: { first: 117, second: 217 } },
];

const small = table<null, Row>({
  name: "small",
  entry: oid("1.3.9.1"),
  columns: [
    column(3, "second", ({ second }) => integer(second)),
    column(2, "first", ({ first }) => (first === undefined ? undefined : integer(first))),
  ],
  rows: () => rows,
});
const view = new MibView(new MibTree([small]), null);

function walk(start: string, end = ""): string[] {
  const found: string[] = [];
  let at = oid(start);
  for (;;) {
    const next = view.next(at, false, end === "" ? [] : oid(end));
    if (next === undefined) return found;
    found.push(printOid(next.oid));
    at = next.oid;
  }
}

test("a walk goes column by column, each in the order of its indices, over values that are there", () => {
  assert.deepEqual(walk("1"), [
    "1.3.9.1.2.1.7",
    "1.3.9.1.2.10",
    "1.3.9.1.3.1.7",
    "1.3.9.1.3.2",
    "1.3.9.1.3.10",
  ]);
});

test("a search begins anywhere: before, between and behind what there is", () => {
  assert.equal(walk("1.3.9.1.2.1")[0], "1.3.9.1.2.1.7", "inside an index");
  assert.equal(walk("1.3.9.1.2.2")[0], "1.3.9.1.2.10", "at a row without this value");
  assert.equal(walk("1.3.9.1.2.99")[0], "1.3.9.1.3.1.7", "behind the last row of a column");
  assert.deepEqual(walk("1.3.9.1.3.10"), []);
  assert.deepEqual(walk("1.4"), []);
});

test("a search that may end where it begins does so", () => {
  const at = oid("1.3.9.1.3.2");
  assert.deepEqual(view.next(at, true, [])?.oid, at);
  assert.deepEqual(view.next(at, false, [])?.oid, oid("1.3.9.1.3.10"));
});

test("a search ends before its limit", () => {
  assert.deepEqual(walk("1.3.9.1.2", "1.3.9.1.2.10"), ["1.3.9.1.2.1.7"]);
  assert.deepEqual(walk("1.3.9.1.2", "1.3.9.1.3"), ["1.3.9.1.2.1.7", "1.3.9.1.2.10"]);
});

test("what is asked for exactly is there, or the object or the instance is missing", () => {
  assert.deepEqual(view.get(oid("1.3.9.1.3.2")), integer(202));
  assert.equal(view.get(oid("1.3.9.1.3.3")), "no-such-instance");
  assert.equal(view.get(oid("1.3.9.1.2.2")), "no-such-instance", "a row without this value");
  assert.equal(view.get(oid("1.3.9.1.3")), "no-such-instance", "a column is no instance");
  assert.equal(view.get(oid("1.3.9.1.4.2")), "no-such-object");
  assert.equal(view.get(oid("1.3")), "no-such-object");
});

test("rows are made once for a view, and only when somebody asks", () => {
  let made = 0;
  const counted = table<null, Row>({
    name: "counted",
    entry: oid("1.3.9.1"),
    columns: [column(1, "second", ({ second }) => integer(second))],
    rows: () => {
      made++;
      return rows;
    },
  });
  const fresh = new MibView(new MibTree([counted]), null);
  assert.equal(fresh.get(oid("1.3.8")), "no-such-object");
  assert.equal(made, 0);
  for (let i = 0; i < 5; i++) fresh.get(oid("1.3.9.1.1.2"));
  assert.equal(made, 1);
});

test("two rows with the same index cannot hold up a walk: the first one counts", () => {
  const double = table<null, number>({
    name: "double",
    entry: oid("1.3.9.1"),
    columns: [column(1, "one", (row) => integer(row))],
    rows: () => [7, 8].map((row) => ({ index: [5], row })),
  });
  const both = new MibView(new MibTree([double]), null);
  assert.deepEqual(both.next(oid("1"), false, [])?.value, integer(7));
  assert.equal(both.next(oid("1.3.9.1.1.5"), false, []), undefined);
});
