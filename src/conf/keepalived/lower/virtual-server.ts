// virtual_server: what is written. What it means together is in finish-virtual-server.ts.

import type { IpAddress } from "../../../base/address.ts";
import type {
  CheckTiming,
  ForwardingMethod,
  SchedulerName,
  TransportProtocol,
} from "../../../model/virtual-server.ts";
import type { Span } from "../../text/diagnostic.ts";
import { spanAt } from "../reading.ts";
import { keywordOf, type Section, type Setting } from "../section.ts";
import { type TimingDraft, takeTimer } from "./check-timing.ts";
import { endpointOf, lowerRealServer, type RealServerDraft } from "./real-server.ts";
import { asFlag, asForwarding, asNumber, asText } from "./setting-values.ts";

/** What stands behind `virtual_server`. */
export type KeyDraft =
  | { readonly kind: "address"; readonly address: IpAddress; readonly port: number }
  | { readonly kind: "fwmark"; readonly fwmark: number }
  | { readonly kind: "group"; readonly group: string };

/** A virtual_server as written. */
export interface VirtualServerDraft extends TimingDraft {
  readonly section: Section;
  readonly key: KeyDraft;
  readonly keySpan: Span;
  family: 4 | 6 | undefined;
  scheduler: SchedulerName | undefined;
  forwarding: ForwardingMethod | undefined;
  protocol: TransportProtocol | undefined;
  persistenceTimeoutS: number | undefined;
  persistencePrefixLength: number | undefined;
  onePacket: boolean | undefined;
  alpha: boolean | undefined;
  omega: boolean | undefined;
  quorum: number | undefined;
  hysteresis: number | undefined;
  weight: number | undefined;
  inhibitOnFailure: boolean | undefined;
  virtualHost: string | undefined;
  sorry: { readonly address: IpAddress; readonly port: number } | undefined;
  sorryForwarding: ForwardingMethod | undefined;
  sorryInhibit: boolean | undefined;
  /** Of the check that was finished last. */
  timing: CheckTiming | undefined;
  readonly realServers: RealServerDraft[];
}

/** Seconds of persistence where no number is written. */
const persistenceDefaultS = 360;

/** A draft of which nothing is known yet. */
const nothingSaid = {
  timing: undefined,
  family: undefined,
  scheduler: undefined,
  forwarding: undefined,
  protocol: undefined,
  persistenceTimeoutS: undefined,
  persistencePrefixLength: undefined,
  onePacket: undefined,
  alpha: undefined,
  omega: undefined,
  quorum: undefined,
  hysteresis: undefined,
  weight: undefined,
  inhibitOnFailure: undefined,
  virtualHost: undefined,
  sorry: undefined,
  sorryForwarding: undefined,
  sorryInhibit: undefined,
  delayLoopMs: undefined,
  connectTimeoutMs: undefined,
  retries: undefined,
  delayBeforeRetryMs: undefined,
  warmupMs: undefined,
};

/** Reads one virtual_server; undefined when nobody can tell what clients connect to. */
export function lowerVirtualServer(setting: Setting): VirtualServerDraft | undefined {
  const { section, line } = setting;
  const key = keyOf(setting);
  if (key === undefined || section === undefined || line.block === undefined) return undefined;
  const draft: VirtualServerDraft = {
    section,
    key,
    keySpan: spanAt(line, key.kind === "address" ? 1 : 2),
    ...nothingSaid,
    realServers: [],
  };
  for (const inner of section.settings) {
    const keyword = canonical(keywordOf(inner));
    if (keyword === "real_server") {
      const server = lowerRealServer(inner);
      if (server !== undefined) draft.realServers.push(server);
      continue;
    }
    if (!takeTimer(draft, keyword, inner) && !takeScheduling(draft, keyword, inner))
      takeOther(draft, keyword, inner);
  }
  return draft;
}

function keyOf(setting: Setting): KeyDraft | undefined {
  const [kind, value] = setting.values;
  if (kind === "fwmark") {
    const fwmark = asNumber(value);
    return fwmark === undefined ? undefined : { kind: "fwmark", fwmark };
  }
  if (kind === "group") {
    const group = asText(value);
    return group === undefined ? undefined : { kind: "group", group };
  }
  const endpoint = endpointOf(setting);
  return endpoint && { kind: "address", ...endpoint };
}

/** Of two spellings the one that people use. */
function canonical(keyword: string): string {
  if (keyword === "lvs_sched") return "lb_algo";
  return keyword === "lvs_method" ? "lb_kind" : keyword;
}

/** How packets and connections are treated; false when the keyword says something else. */
function takeScheduling(draft: VirtualServerDraft, keyword: string, setting: Setting): boolean {
  const value = setting.values[0];
  const number = asNumber(value);
  const text = asText(value);
  switch (keyword) {
    case "lb_algo":
      // The table's list of schedulers is the model's.
      if (text !== undefined) draft.scheduler = text as SchedulerName;
      return true;
    case "lb_kind": {
      const method = asForwarding(value);
      if (method !== undefined) draft.forwarding = method;
      return true;
    }
    case "protocol": {
      const protocol = text?.toUpperCase();
      if (protocol === "TCP" || protocol === "UDP" || protocol === "SCTP")
        draft.protocol = protocol;
      return true;
    }
    case "ip_family":
      if (text !== undefined) draft.family = text === "inet6" ? 6 : 4;
      return true;
    case "persistence_timeout":
      draft.persistenceTimeoutS = number ?? persistenceDefaultS;
      return true;
    case "persistence_granularity":
      if (number !== undefined) draft.persistencePrefixLength = number;
      draft.persistenceTimeoutS ??= persistenceDefaultS;
      return true;
    case "ops":
      draft.onePacket = true;
      return true;
    default:
      return false;
  }
}

function takeOther(draft: VirtualServerDraft, keyword: string, setting: Setting): void {
  const value = setting.values[0];
  const number = asNumber(value);
  const flag = asFlag(setting);
  switch (keyword) {
    case "alpha":
      if (flag !== undefined) draft.alpha = flag;
      return;
    case "omega":
      if (flag !== undefined) draft.omega = flag;
      return;
    case "quorum":
      if (number !== undefined) draft.quorum = number;
      return;
    case "hysteresis":
      if (number !== undefined) draft.hysteresis = number;
      return;
    case "weight":
      if (number !== undefined) draft.weight = number;
      return;
    case "inhibit_on_failure":
      if (flag !== undefined) draft.inhibitOnFailure = flag;
      return;
    case "virtualhost": {
      const text = asText(value);
      if (text !== undefined) draft.virtualHost = text;
      return;
    }
    case "sorry_server": {
      const endpoint = endpointOf(setting);
      if (endpoint !== undefined) draft.sorry = endpoint;
      return;
    }
    // Options of a sorry server count below it only, as with keepalived (rule L42).
    case "sorry_server_inhibit":
      if (draft.sorry !== undefined) draft.sorryInhibit = true;
      return;
    case "sorry_server_lvs_method": {
      const method = asForwarding(value);
      if (method !== undefined && draft.sorry !== undefined) draft.sorryForwarding = method;
      return;
    }
  }
}
