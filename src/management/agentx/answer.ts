// Answers requests of a master agent from a view of the objects (RFC 2741 section 7.2.3).

import type { MibView } from "../snmp/mib-view.ts";
import type { Oid } from "../snmp/oid.ts";
import type { AnswerVarbind } from "./bytes.ts";
import { type AgentxAnswer, type AgentxInput, agentxError, type SearchRange } from "./message.ts";

/** More than this is not put into one answer; the master agent asks for the rest. */
const varbindsMax = 2000;

/** The answer; undefined for what has none. Nothing can be written. */
export function answerRequest<Facts>(
  input: AgentxInput,
  view: MibView<Facts>,
): AgentxAnswer | undefined {
  switch (input.kind) {
    case "get":
      return answer(input.ranges.map(({ start }) => ({ oid: start, value: view.get(start) })));
    case "get-next":
      return answer(input.ranges.map((range) => following(view, range)));
    case "get-bulk":
      return answer(bulk(view, input));
    case "test-set":
      return { error: agentxError.notWritable, index: 1, varbinds: [] };
    case "commit-set":
      return { error: agentxError.commitFailed, index: 1, varbinds: [] };
    case "undo-set":
      return answer([]);
    case "unknown":
      return { error: agentxError.parse, index: 0, varbinds: [] };
    case "cleanup-set":
    case "close":
    case "response":
      return undefined;
  }
}

function answer(varbinds: readonly AnswerVarbind[]): AgentxAnswer {
  return { error: agentxError.none, index: 0, varbinds };
}

function following<Facts>(view: MibView<Facts>, range: SearchRange): AnswerVarbind {
  const { start, include, end } = range;
  return view.next(start, include, end) ?? { oid: start, value: "end-of-mib-view" };
}

function bulk<Facts>(
  view: MibView<Facts>,
  input: Extract<AgentxInput, { readonly kind: "get-bulk" }>,
): AnswerVarbind[] {
  const { ranges, nonRepeaters, maxRepetitions } = input;
  const varbinds = ranges.slice(0, nonRepeaters).map((range) => following(view, range));
  let columns = ranges.slice(nonRepeaters);
  for (let i = 0; i < maxRepetitions && columns.length > 0; i++) {
    const found = columns.map((range) => following(view, range));
    varbinds.push(...found);
    const ended = found.every(({ value }) => value === "end-of-mib-view");
    if (ended || varbinds.length >= varbindsMax) break;
    columns = columns.map(({ end }, column): SearchRange => {
      const last: Oid = found[column]?.oid ?? [];
      return { start: last, include: false, end };
    });
  }
  return varbinds;
}
