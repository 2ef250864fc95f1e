// Checks of real servers. keepalived.conf(5), "Real server health checks".

import type { IpAddress } from "../../../base/address.ts";
import type { HttpRequest } from "../../../model/virtual-server.ts";
import { keywordOf, type Section, type Setting } from "../section.ts";
import { type TimingDraft, takeTimer } from "./check-timing.ts";
import { asAddress, asNumber, asText } from "./setting-values.ts";
import { lowerUrl } from "./url.ts";

/** Names of checks. */
export const checkKinds = [
  "TCP_CHECK",
  "HTTP_GET",
  "SSL_GET",
  "SMTP_CHECK",
  "DNS_CHECK",
  "UDP_CHECK",
  "PING_CHECK",
  "MISC_CHECK",
  "FILE_CHECK",
  "BFD_CHECK",
] as const;

export type CheckKind = (typeof checkKinds)[number];

/** A check as written. */
export interface CheckDraft extends TimingDraft {
  readonly kind: CheckKind;
  readonly section: Section;
  connectAddress: IpAddress | undefined;
  connectPort: number | undefined;
  bindAddress: IpAddress | undefined;
  bindPort: number | undefined;
  virtualHost: string | undefined;
  readonly requests: HttpRequest[];
}

const noRequests: HttpRequest[] = [];

/** Reads one check; undefined when it has no block. */
export function lowerCheck(kind: CheckKind, setting: Setting): CheckDraft | undefined {
  const { section } = setting;
  if (section === undefined) return undefined;
  const web = kind === "HTTP_GET" || kind === "SSL_GET";
  const draft: CheckDraft = {
    kind,
    section,
    connectAddress: undefined,
    connectPort: undefined,
    bindAddress: undefined,
    bindPort: undefined,
    virtualHost: undefined,
    delayLoopMs: undefined,
    connectTimeoutMs: undefined,
    retries: undefined,
    delayBeforeRetryMs: undefined,
    warmupMs: undefined,
    requests: web ? [] : noRequests,
  };
  for (const inner of section.settings) {
    const keyword = keywordOf(inner);
    if (!takeTimer(draft, keyword, inner)) takeTarget(draft, keyword, inner);
  }
  return draft;
}

function takeTarget(draft: CheckDraft, keyword: string, setting: Setting): void {
  const value = setting.values[0];
  const address = asAddress(value);
  const number = asNumber(value);
  const text = asText(value);
  switch (keyword) {
    case "connect_ip":
      if (address !== undefined) draft.connectAddress = address;
      return;
    case "connect_port":
      if (number !== undefined) draft.connectPort = number;
      return;
    case "bindto":
      if (address !== undefined) draft.bindAddress = address;
      return;
    case "bind_port":
      if (number !== undefined) draft.bindPort = number;
      return;
    case "virtualhost":
      if (text !== undefined) draft.virtualHost = text;
      return;
    case "url": {
      const request = lowerUrl(setting);
      if (request !== undefined) draft.requests.push(request);
      return;
    }
  }
}
