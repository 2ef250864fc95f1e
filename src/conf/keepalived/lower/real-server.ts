// real_server: one destination of a virtual server.

import type { IpAddress } from "../../../base/address.ts";
import type { ForwardingMethod } from "../../../model/virtual-server.ts";
import type { Span } from "../../text/diagnostic.ts";
import type { Line } from "../language/expand.ts";
import { type TimingDraft, timingKeywords } from "./check-timing.ts";
import { type CheckDraft, lowerCheck } from "./checks.ts";
import { lowerForwarding } from "./forwarding.ts";
import { block, integer, type KeywordTable, synonym, text, toggle } from "./keyword.ts";
import { lowerBlock } from "./lower-block.ts";
import type { Draft, Lowering } from "./lowering.ts";

/** A real_server under construction. */
export interface RealServerDraft extends Draft, TimingDraft {
  readonly address: IpAddress;
  readonly addressSpan: Span;
  /** 0: none is written. */
  readonly port: number;
  weight?: number;
  forwarding?: ForwardingMethod;
  inhibitOnFailure?: boolean;
  upperThreshold?: number;
  lowerThreshold?: number;
  virtualHost?: string;
  /** True when some check stands in the block, even one that Keelson does not run. */
  hasCheck: boolean;
  readonly checks: CheckDraft[];
}

const threshold = { min: 0, max: 4_294_967_295, otherwise: "there is no threshold" };

const realServerKeywords: KeywordTable<RealServerDraft> = {
  weight: integer({ min: 0, max: 65_535, otherwise: "stop" }, (draft, value) => {
    draft.weight = value;
  }),
  lvs_method: {
    lower: (line, draft, lowering) => {
      const forwarding = lowerForwarding(line, "the virtual server's method counts", lowering);
      if (forwarding !== undefined) draft.forwarding = forwarding;
    },
  },
  inhibit_on_failure: toggle((draft, value) => {
    draft.inhibitOnFailure = value;
  }),
  uthreshold: integer(threshold, (draft, value) => {
    draft.upperThreshold = value;
  }),
  lthreshold: integer(threshold, (draft, value) => {
    draft.lowerThreshold = value;
  }),
  virtualhost: text((draft, value) => {
    draft.virtualHost = value;
  }),
  ...timingKeywords<RealServerDraft>(1),
  TCP_CHECK: block(1, (line, draft, lowering) => addCheck("TCP_CHECK", line, draft, lowering)),
  HTTP_GET: block(1, (line, draft, lowering) => addCheck("HTTP_GET", line, draft, lowering)),
};

/** `lb_kind` is not written in real servers, but means the same. */
const table: KeywordTable<RealServerDraft> = {
  ...realServerKeywords,
  ...(realServerKeywords["lvs_method"] === undefined
    ? {}
    : { lb_kind: synonym("lvs_method", realServerKeywords["lvs_method"]) }),
};

function addCheck(
  kind: CheckDraft["kind"],
  line: Line,
  draft: RealServerDraft,
  lowering: Lowering,
): void {
  draft.hasCheck = true;
  const check = lowerCheck(kind, line, lowering);
  if (check !== undefined) draft.checks.push(check);
}

/** Reads one real_server; undefined when its address cannot be read (reported). */
export function lowerRealServer(line: Line, lowering: Lowering): RealServerDraft | undefined {
  const addressWord = lowering.argument(line);
  const address = addressWord && lowering.address(line, addressWord);
  const portWord = line.words[2];
  const portRange = { min: 0, max: 65_535, otherwise: "stop" };
  const port = portWord === undefined ? 0 : lowering.integer(line, portWord, portRange);
  const draft: RealServerDraft = {
    address: address ?? ("0.0.0.0" as IpAddress),
    addressSpan:
      addressWord === undefined ? lowering.keywordSpan(line) : lowering.span(line, addressWord),
    port: port ?? 0,
    span: lowering.keywordSpan(line),
    places: new Map(),
    hasCheck: false,
    checks: [],
  };
  lowering.extraWords(line, 3);
  lowerBlock(line, "virtual_server/real_server", table, draft, lowering);
  draft.hasCheck ||= (line.block ?? []).some((inner) =>
    /_(CHECK|GET)$/.test(inner.words[0]?.text ?? ""),
  );
  const complete = address !== undefined && port !== undefined && line.block !== undefined;
  return complete ? draft : undefined;
}
