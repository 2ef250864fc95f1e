// virtual_server: the keywords. What they mean together is in finish-virtual-server.ts.

import { type IpAddress, parseIpAddress } from "../../../base/address.ts";
import type {
  ForwardingMethod,
  SchedulerName,
  TransportProtocol,
} from "../../../model/virtual-server.ts";
import type { Span } from "../../text/diagnostic.ts";
import type { Line } from "../language/expand.ts";
import { type TimingDraft, timingKeywords } from "./check-timing.ts";
import { lowerForwarding } from "./forwarding.ts";
import {
  block,
  choice,
  flag,
  integer,
  type Keyword,
  type KeywordTable,
  repeating,
  synonym,
  text,
} from "./keyword.ts";
import { lowerBlock } from "./lower-block.ts";
import type { Draft, Lowering } from "./lowering.ts";
import { lowerRealServer, type RealServerDraft } from "./real-server.ts";

/** What stands behind `virtual_server`. */
export type KeyDraft =
  | { readonly kind: "address"; readonly address: IpAddress; readonly port: number }
  | { readonly kind: "fwmark"; readonly fwmark: number };

/** A virtual_server under construction. */
export interface VirtualServerDraft extends Draft, TimingDraft {
  readonly key: KeyDraft;
  readonly keySpan: Span;
  family?: 4 | 6;
  scheduler?: SchedulerName;
  forwarding?: ForwardingMethod;
  protocol?: TransportProtocol;
  persistenceTimeoutS?: number;
  persistencePrefixLength?: number;
  onePacket?: boolean;
  alpha?: boolean;
  omega?: boolean;
  quorum?: number;
  hysteresis?: number;
  weight?: number;
  inhibitOnFailure?: boolean;
  virtualHost?: string;
  sorry?: { address: IpAddress; port: number; span: Span };
  sorryForwarding?: ForwardingMethod;
  sorryInhibit?: boolean;
  readonly realServers: RealServerDraft[];
}

const schedulers: readonly SchedulerName[] = [
  "rr",
  "wrr",
  "lc",
  "wlc",
  "lblc",
  "lblcr",
  "dh",
  "sh",
  "sed",
  "nq",
  "fo",
  "ovf",
  "mh",
  "twos",
];

const scheduler = choice<VirtualServerDraft, SchedulerName>(
  schedulers,
  "wlc counts",
  (draft, value) => {
    draft.scheduler = value;
  },
);

const forwarding: Keyword<VirtualServerDraft> = {
  lower: (line, draft, lowering) => {
    const method = lowerForwarding(line, "NAT counts", lowering);
    if (method !== undefined) draft.forwarding = method;
  },
};

const portRange = { min: 0, max: 65_535, otherwise: "stop" };

const virtualServerKeywords: KeywordTable<VirtualServerDraft> = {
  lb_algo: scheduler,
  lvs_sched: synonym("lb_algo", scheduler),
  lb_kind: forwarding,
  lvs_method: synonym("lb_kind", forwarding),
  ip_family: choice(["inet", "inet6"], "the real servers decide", (draft, value) => {
    draft.family = value === "inet" ? 4 : 6;
  }),
  protocol: {
    wordsMax: 2,
    lower: (line, draft, lowering) => {
      const word = lowering.argument(line);
      if (word === undefined) return;
      const upper = { ...word, text: word.text.toUpperCase() };
      const value = lowering.choice(line, upper, ["TCP", "UDP", "SCTP"], "UDP counts");
      if (value !== undefined) draft.protocol = value;
    },
  },
  persistence_timeout: {
    wordsMax: 2,
    lower: (line, draft, lowering) => {
      const word = line.words[1];
      const range = { min: 1, max: 2_678_400, otherwise: "360 seconds count" };
      draft.persistenceTimeoutS = (word && lowering.integer(line, word, range)) ?? 360;
    },
  },
  persistence_granularity: { wordsMax: 2, lower: lowerGranularity },
  ops: flag((draft) => {
    draft.onePacket = true;
  }),
  alpha: flag((draft) => {
    draft.alpha = true;
  }),
  omega: flag((draft) => {
    draft.omega = true;
  }),
  // keepalived gives it no meaning.
  hashed: flag(() => undefined),
  nat_mask: {
    wordsMax: 2,
    lower: (line, _draft, lowering) =>
      lowering.report(lowering.keywordSpan(line), {
        severity: "advice",
        code: "deprecated-keyword",
        message: "`nat_mask` has no meaning",
        fix: "remove it",
      }),
  },
  quorum: integer({ min: 1, max: 4_294_967_295, otherwise: "1 counts" }, (draft, value) => {
    draft.quorum = value;
  }),
  hysteresis: integer({ min: 0, max: 4_294_967_295, otherwise: "0 counts" }, (draft, value) => {
    draft.hysteresis = value;
  }),
  weight: integer({ min: 1, max: 65_535, otherwise: "stop" }, (draft, value) => {
    draft.weight = value;
  }),
  inhibit_on_failure: flag((draft) => {
    draft.inhibitOnFailure = true;
  }),
  virtualhost: text((draft, value) => {
    draft.virtualHost = value;
  }),
  sorry_server: {
    wordsMax: 3,
    lower: (line, draft, lowering) => {
      const word = lowering.argument(line);
      const address = word && lowering.address(line, word);
      const portWord = line.words[2];
      const port = portWord === undefined ? 0 : lowering.integer(line, portWord, portRange);
      if (address === undefined || port === undefined) return;
      draft.sorry = { address, port, span: lowering.keywordSpan(line) };
    },
  },
  sorry_server_inhibit: flag((draft) => {
    draft.sorryInhibit = true;
  }),
  sorry_server_lvs_method: {
    lower: (line, draft, lowering) => {
      const method = lowerForwarding(line, "the virtual server's method counts", lowering);
      if (method !== undefined) draft.sorryForwarding = method;
    },
  },
  ...timingKeywords<VirtualServerDraft>(1),
  real_server: repeating(
    block(undefined, (line, draft, lowering) => {
      const realServer = lowerRealServer(line, lowering);
      if (realServer !== undefined) draft.realServers.push(realServer);
    }),
  ),
};

/** A netmask (IPv4) or a prefix length (IPv6). */
function lowerGranularity(line: Line, draft: VirtualServerDraft, lowering: Lowering): void {
  const word = lowering.argument(line);
  if (word === undefined) return;
  const isMask = word.text.includes(".");
  const length = isMask
    ? maskLength(word.text)
    : lowering.integer(line, word, { min: 1, max: 128, otherwise: "stop" });
  if (length !== undefined) draft.persistencePrefixLength = length;
  else if (isMask)
    lowering.report(lowering.span(line, word), {
      severity: "error",
      code: "not-a-netmask",
      message: `\`${word.text}\` is not a netmask: its ones must stand together`,
      fix: "write for instance 255.255.255.0",
    });
  draft.persistenceTimeoutS ??= 360;
}

function maskLength(text: string): number | undefined {
  const parsed = parseIpAddress(text);
  if (!parsed.ok) return undefined;
  const bits = parsed.value
    .split(".")
    .map((part) => Number(part).toString(2).padStart(8, "0"))
    .join("");
  return /^1*0*$/.test(bits) ? bits.lastIndexOf("1") + 1 : undefined;
}

/** Reads one virtual_server; undefined when nobody can tell what clients connect to (reported). */
export function lowerVirtualServer(line: Line, lowering: Lowering): VirtualServerDraft | undefined {
  const first = lowering.argument(line);
  const key = first && lowerKey(line, lowering);
  const draft: VirtualServerDraft = {
    key: key ?? { kind: "fwmark", fwmark: 0 },
    keySpan: first === undefined ? lowering.keywordSpan(line) : lowering.span(line, first),
    span: lowering.keywordSpan(line),
    places: new Map(),
    realServers: [],
  };
  if (line.words[1]?.text !== "group") lowering.extraWords(line, 3);
  lowerBlock(line, "virtual_server", virtualServerKeywords, draft, lowering);
  return key === undefined || line.block === undefined ? undefined : draft;
}

function lowerKey(line: Line, lowering: Lowering): KeyDraft | undefined {
  const first = line.words[1];
  if (first === undefined) return undefined;
  if (first.text === "group") {
    lowering.report(lowering.span(line, first), {
      severity: "warning",
      code: "keyword-not-acted-on",
      message: "a virtual server of a group is read, but Keelson does not act on it yet",
      effect: "none of its addresses takes connections",
      fix: "write one virtual_server for each address",
    });
    return undefined;
  }
  if (first.text === "fwmark") {
    const word = lowering.argument(line, 2);
    const range = { min: 1, max: 4_294_967_295, otherwise: "stop" };
    const fwmark = word && lowering.integer(line, word, range);
    return fwmark === undefined ? undefined : { kind: "fwmark", fwmark };
  }
  const address = lowering.address(line, first);
  const portWord = line.words[2];
  const port = portWord === undefined ? 0 : lowering.integer(line, portWord, portRange);
  if (address === undefined || port === undefined) return undefined;
  return { kind: "address", address, port };
}
