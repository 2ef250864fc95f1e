// Two texts -> the lines that differ, as `diff -u` shows them.

/** Lines of context around a change. */
const contextLines = 3;

/** Beyond this many changed lines the changed region is shown as one, instead of the shortest difference. */
const distanceMax = 400;

/** One line of a difference. */
interface Step {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/** The difference between two texts in unified form; empty when there is none. */
export function renderLineDiff(name: string, before: string, after: string): string {
  if (before === after) return "";
  const steps = stepsBetween(linesOf(before), linesOf(after));
  const hunks: string[] = [];
  let oldLine = 1;
  let newLine = 1;
  for (let i = 0; i < steps.length; ) {
    if (steps[i]?.sign === " ") {
      i++;
      oldLine++;
      newLine++;
      continue;
    }
    const start = Math.max(0, i - contextLines);
    const end = endOfHunk(steps, i);
    const part = steps.slice(start, end);
    const back = i - start;
    const oldCount = part.filter(({ sign }) => sign !== "+").length;
    const newCount = part.filter(({ sign }) => sign !== "-").length;
    const head = `@@ -${rangeOf(oldLine - back, oldCount)} +${rangeOf(newLine - back, newCount)} @@`;
    hunks.push(`${head}\n${part.map(({ sign, text }) => `${sign}${text}\n`).join("")}`);
    oldLine += oldCount - back;
    newLine += newCount - back;
    i = end;
  }
  return `--- ${name}\n+++ ${name}\n${hunks.join("")}`;
}

function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  else lines[lines.length - 1] += "\n\\ No newline at end of file";
  return lines;
}

function rangeOf(line: number, count: number): string {
  if (count === 1) return String(line);
  return `${count === 0 ? line - 1 : line},${count}`;
}

/** Behind the last change that fewer than twice the context separate from the one before. */
function endOfHunk(steps: readonly Step[], from: number): number {
  let last = from;
  for (let i = from; i < steps.length && i - last <= 2 * contextLines; i++)
    if (steps[i]?.sign !== " ") last = i;
  return Math.min(steps.length, last + 1 + contextLines);
}

function stepsBetween(before: readonly string[], after: readonly string[]): readonly Step[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const room = Math.min(before.length, after.length) - head;
  while (tail < room && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const same = (text: string): Step => ({ sign: " ", text });
  const oldMiddle = before.slice(head, before.length - tail);
  const newMiddle = after.slice(head, after.length - tail);
  return [
    ...before.slice(0, head).map(same),
    ...(shortestSteps(oldMiddle, newMiddle) ?? replacement(oldMiddle, newMiddle)),
    ...before.slice(before.length - tail).map(same),
  ];
}

function replacement(before: readonly string[], after: readonly string[]): readonly Step[] {
  return [
    ...before.map((text): Step => ({ sign: "-", text })),
    ...after.map((text): Step => ({ sign: "+", text })),
  ];
}

/** Myers, "An O(ND) Difference Algorithm" (1986); undefined when more lines differ than is worth the time. */
function shortestSteps(
  before: readonly string[],
  after: readonly string[],
): readonly Step[] | undefined {
  const furthest = new Map<number, number>([[1, 0]]);
  const trace: ReadonlyMap<number, number>[] = [];
  const at = (rows: ReadonlyMap<number, number>, k: number): number => rows.get(k) ?? -1;
  for (
    let distance = 0;
    distance <= Math.min(distanceMax, before.length + after.length);
    distance++
  ) {
    trace.push(new Map(furthest));
    for (let k = -distance; k <= distance; k += 2) {
      const down = k === -distance || (k !== distance && at(furthest, k - 1) < at(furthest, k + 1));
      let x = down ? at(furthest, k + 1) : at(furthest, k - 1) + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x++;
      furthest.set(k, x);
      if (x >= before.length && x - k >= after.length) return backtrack(before, after, trace);
    }
  }
  return undefined;
}

function backtrack(
  before: readonly string[],
  after: readonly string[],
  trace: readonly ReadonlyMap<number, number>[],
): readonly Step[] {
  const steps: Step[] = [];
  let x = before.length;
  let y = after.length;
  for (let distance = trace.length - 1; distance >= 0; distance--) {
    const rows = trace[distance] ?? new Map<number, number>();
    const at = (k: number): number => rows.get(k) ?? -1;
    const k = x - y;
    const down = k === -distance || (k !== distance && at(k - 1) < at(k + 1));
    const oldX = at(down ? k + 1 : k - 1);
    const oldY = oldX - (down ? k + 1 : k - 1);
    while (x > Math.max(oldX, 0) && y > Math.max(oldY, 0)) {
      steps.push({ sign: " ", text: before[x - 1] ?? "" });
      x--;
      y--;
    }
    if (distance === 0) break;
    if (down) steps.push({ sign: "+", text: after[y - 1] ?? "" });
    else steps.push({ sign: "-", text: before[x - 1] ?? "" });
    x = oldX;
    y = oldY;
  }
  return steps.toReversed();
}
