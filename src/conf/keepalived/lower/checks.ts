// TCP_CHECK and HTTP_GET. keepalived.conf(5), "Real server health checks".

import type { IpAddress } from "../../../base/address.ts";
import type { HttpRequest } from "../../../model/virtual-server.ts";
import type { Line } from "../language/expand.ts";
import { type TimingDraft, timingKeywords } from "./check-timing.ts";
import { address, block, integer, type Keyword, type KeywordTable, text } from "./keyword.ts";
import { lowerBlock } from "./lower-block.ts";
import type { Draft, Lowering } from "./lowering.ts";
import { lowerUrl } from "./url.ts";

/** A check under construction. */
export interface CheckDraft extends Draft, TimingDraft {
  readonly kind: "TCP_CHECK" | "HTTP_GET";
  connectAddress?: IpAddress;
  connectPort?: number;
  bindAddress?: IpAddress;
  bindPort?: number;
  virtualHost?: string;
  readonly requests: HttpRequest[];
}

const port = { min: 1, max: 65_535, otherwise: "stop" };

const retry: Keyword<CheckDraft> | undefined = timingKeywords<CheckDraft>(0)["retry"];

/** keepalived 2 has dropped this spelling from TCP_CHECK, where old files have it most. */
const oldRetry: Keyword<CheckDraft> = {
  wordsMax: 2,
  sameAs: "retry",
  lower: (line, draft, lowering) => {
    const inTcpCheck = draft.kind === "TCP_CHECK";
    lowering.report(lowering.keywordSpan(line), {
      severity: "advice",
      code: "deprecated-keyword",
      message: "`nb_get_retry` is an old name of `retry`",
      effect: inTcpCheck
        ? "Keelson honours it; keepalived 2 ignores it here, and tries again once"
        : "Keelson honours it, as keepalived does",
      fix: "write `retry`",
    });
    retry?.lower(line, draft, lowering);
  },
};

const commonKeywords: KeywordTable<CheckDraft> = {
  ...timingKeywords<CheckDraft>(0),
  nb_get_retry: oldRetry,
  connect_ip: address((draft, value) => {
    draft.connectAddress = value;
  }),
  connect_port: integer(port, (draft, value) => {
    draft.connectPort = value;
  }),
  bindto: address((draft, value) => {
    draft.bindAddress = value;
  }),
  bind_port: integer(port, (draft, value) => {
    draft.bindPort = value;
  }),
};

const httpKeywords: KeywordTable<CheckDraft> = {
  ...commonKeywords,
  virtualhost: text((draft, value) => {
    draft.virtualHost = value;
  }),
  url: block(1, (line, draft, lowering) => {
    const request = lowerUrl(line, lowering);
    if (request !== undefined) draft.requests.push(request);
  }),
};

/** Reads one check. */
export function lowerCheck(
  kind: CheckDraft["kind"],
  line: Line,
  lowering: Lowering,
): CheckDraft | undefined {
  const draft: CheckDraft = {
    kind,
    span: lowering.keywordSpan(line),
    places: new Map(),
    requests: [],
  };
  const table = kind === "HTTP_GET" ? httpKeywords : commonKeywords;
  lowerBlock(line, `virtual_server/real_server/${kind}`, table, draft, lowering);
  if (kind === "TCP_CHECK" || draft.requests.length > 0) return draft;
  lowering.report(draft.span, {
    severity: "error",
    code: "check-without-url",
    message: "this HTTP_GET has no `url` with a `path`",
    effect: "there is nothing to ask the server for",
    fix: "add `url { path / }` on lines of their own",
  });
  return undefined;
}
