// real_server: one destination of a virtual server.

import type { IpAddress } from "../../../base/address.ts";
import type { ForwardingMethod } from "../../../model/virtual-server.ts";
import { keywordOf, type Section, type Setting } from "../section.ts";
import { type TimingDraft, takeTimer } from "./check-timing.ts";
import { type CheckDraft, type CheckKind, checkKinds, lowerCheck } from "./checks.ts";
import { asAddress, asFlag, asForwarding, asNumber, asText } from "./setting-values.ts";

/** A real_server as written. */
export interface RealServerDraft extends TimingDraft {
  readonly section: Section;
  readonly address: IpAddress;
  /** 0: none is written. */
  readonly port: number;
  weight: number | undefined;
  forwarding: ForwardingMethod | undefined;
  inhibitOnFailure: boolean | undefined;
  upperThreshold: number | undefined;
  lowerThreshold: number | undefined;
  virtualHost: string | undefined;
  readonly checks: CheckDraft[];
}

const kinds: ReadonlySet<string> = new Set(checkKinds);

/** Reads one real_server; undefined when its address or port cannot be read. */
export function lowerRealServer(setting: Setting): RealServerDraft | undefined {
  const { section, line } = setting;
  const endpoint = endpointOf(setting);
  if (endpoint === undefined || section === undefined || line.block === undefined) return undefined;
  const draft: RealServerDraft = {
    section,
    address: endpoint.address,
    port: endpoint.port,
    weight: undefined,
    forwarding: undefined,
    inhibitOnFailure: undefined,
    upperThreshold: undefined,
    lowerThreshold: undefined,
    virtualHost: undefined,
    delayLoopMs: undefined,
    connectTimeoutMs: undefined,
    retries: undefined,
    delayBeforeRetryMs: undefined,
    warmupMs: undefined,
    checks: [],
  };
  for (const inner of section.settings) {
    const keyword = keywordOf(inner);
    if (kinds.has(keyword)) {
      const check = lowerCheck(keyword as CheckKind, inner);
      if (check !== undefined) draft.checks.push(check);
    } else if (!takeTimer(draft, keyword, inner)) take(draft, keyword, inner);
  }
  return draft;
}

function take(draft: RealServerDraft, keyword: string, setting: Setting): void {
  const value = setting.values[0];
  const number = asNumber(value);
  switch (keyword) {
    case "weight":
      if (number !== undefined) draft.weight = number;
      return;
    case "lvs_method":
    case "lb_kind": {
      const method = asForwarding(value);
      if (method !== undefined) draft.forwarding = method;
      return;
    }
    case "inhibit_on_failure": {
      const flag = asFlag(setting);
      if (flag !== undefined) draft.inhibitOnFailure = flag;
      return;
    }
    case "uthreshold":
      if (number !== undefined) draft.upperThreshold = number;
      return;
    case "lthreshold":
      if (number !== undefined) draft.lowerThreshold = number;
      return;
    case "virtualhost": {
      const text = asText(value);
      if (text !== undefined) draft.virtualHost = text;
      return;
    }
  }
}

/** Address and port of a line; undefined when one of them is written and cannot be read. */
export function endpointOf(
  setting: Setting,
): { readonly address: IpAddress; readonly port: number } | undefined {
  const address = asAddress(setting.values[0]);
  const port = asNumber(setting.values[1]);
  if (address === undefined) return undefined;
  if (port === undefined && setting.line.wordCount > 2) return undefined;
  return { address, port: port ?? 0 };
}
