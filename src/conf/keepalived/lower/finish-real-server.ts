// From the keywords of a real_server and its checks to the real server, with what the virtual server lends it.

import { familyOf } from "../../../base/address.ts";
import type { HealthCheck, RealServer, VirtualServerKey } from "../../../model/virtual-server.ts";
import { finishTiming } from "./check-timing.ts";
import type { CheckDraft } from "./checks.ts";
import type { RealServerDraft } from "./real-server.ts";
import type { VirtualServerDraft } from "./virtual-server.ts";

/** The family of what clients connect to. */
export function familyOfKey(key: VirtualServerKey): 4 | 6 {
  return key.kind === "fwmark" ? key.family : familyOf(key.address);
}

/** The real server of a virtual server. Only NAT can change the port. */
export function finishRealServer(
  server: RealServerDraft,
  draft: VirtualServerDraft,
  key: VirtualServerKey,
): RealServer {
  const forwarding = server.forwarding ?? draft.forwarding ?? "NAT";
  const servicePort = key.kind === "fwmark" ? 0 : key.port;
  const checkPort = server.port !== 0 ? server.port : servicePort;
  const checks: HealthCheck[] = [];
  for (const check of server.checks) {
    const finished = finishCheck(check, server, draft, checkPort);
    if (finished !== undefined) checks.push(finished);
  }
  return {
    address: server.address,
    port: forwarding === "NAT" ? server.port : servicePort,
    weight: server.weight ?? draft.weight ?? 1,
    forwarding,
    inhibitOnFailure: server.inhibitOnFailure ?? draft.inhibitOnFailure ?? false,
    upperThreshold: server.upperThreshold ?? 0,
    lowerThreshold: server.lowerThreshold ?? 0,
    checks,
  };
}

/** Undefined for a check that has nothing to connect to or to ask for. */
function finishCheck(
  check: CheckDraft,
  server: RealServerDraft,
  draft: VirtualServerDraft,
  checkPort: number,
): HealthCheck | undefined {
  if (check.kind !== "TCP_CHECK" && check.kind !== "HTTP_GET") return undefined;
  const port = check.connectPort ?? checkPort;
  if (port === 0) return undefined;
  const timing = finishTiming(check.kind, check, server, draft);
  const target = {
    address: check.connectAddress ?? server.address,
    port,
    ...(check.bindAddress === undefined ? {} : { bindAddress: check.bindAddress }),
    ...(check.bindPort === undefined ? {} : { bindPort: check.bindPort }),
  };
  if (check.kind === "TCP_CHECK") return { kind: "TCP_CHECK", timing, target };
  if (check.requests.length === 0) return undefined;
  const virtualHost = check.virtualHost ?? server.virtualHost ?? draft.virtualHost;
  const requests = check.requests.map((request) =>
    request.virtualHost !== undefined || virtualHost === undefined
      ? request
      : { ...request, virtualHost },
  );
  return { kind: "HTTP_GET", timing, target, requests };
}
