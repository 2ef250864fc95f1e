// From the keywords of a real_server and its checks to the real server, with what the virtual server lends it.

import { familyOf } from "../../../base/address.ts";
import {
  endpointName,
  type HealthCheck,
  type RealServer,
  type VirtualServerKey,
} from "../../../model/virtual-server.ts";
import { finishTiming } from "./check-timing.ts";
import type { CheckDraft } from "./checks.ts";
import type { Lowering } from "./lowering.ts";
import type { RealServerDraft } from "./real-server.ts";
import type { VirtualServerDraft } from "./virtual-server.ts";

/** The family of what clients connect to. */
export function familyOfKey(key: VirtualServerKey): 4 | 6 {
  return key.kind === "fwmark" ? key.family : familyOf(key.address);
}

/** The real server of a virtual server. */
export function finishRealServer(
  server: RealServerDraft,
  draft: VirtualServerDraft,
  key: VirtualServerKey,
  lowering: Lowering,
): RealServer {
  const forwarding = server.forwarding ?? draft.forwarding ?? "NAT";
  const servicePort = key.kind === "fwmark" ? 0 : key.port;
  const port = forwarding === "NAT" ? server.port : servicePort;
  if (port !== server.port && server.port !== 0)
    lowering.report(server.addressSpan, {
      severity: "warning",
      code: "port-without-effect",
      message: `${forwarding} cannot change the port: packets arrive at ${servicePort}, not ${server.port}`,
      effect: "the checks still connect to the port that is written",
      fix: key.kind === "fwmark" ? "leave the port out" : `write port ${servicePort}, or use NAT`,
    });
  if (!server.hasCheck)
    lowering.report(server.addressSpan, {
      severity: "advice",
      code: "real-server-without-check",
      message: `${endpointName(server.address, server.port)} is not checked`,
      effect: "it gets connections even when it is dead",
      fix: "add a TCP_CHECK or an HTTP_GET",
    });
  const checkPort = server.port !== 0 ? server.port : servicePort;
  return {
    address: server.address,
    port,
    weight: server.weight ?? draft.weight ?? 1,
    forwarding,
    inhibitOnFailure: server.inhibitOnFailure ?? draft.inhibitOnFailure ?? false,
    upperThreshold: server.upperThreshold ?? 0,
    lowerThreshold: server.lowerThreshold ?? 0,
    checks: server.checks.flatMap((check) => {
      const finished = finishCheck(check, { server, draft, checkPort }, lowering);
      return finished === undefined ? [] : [finished];
    }),
  };
}

interface CheckContext {
  readonly server: RealServerDraft;
  readonly draft: VirtualServerDraft;
  readonly checkPort: number;
}

function finishCheck(
  check: CheckDraft,
  context: CheckContext,
  lowering: Lowering,
): HealthCheck | undefined {
  const { server, draft, checkPort } = context;
  const timing = finishTiming(check.kind, [check, server, draft]);
  const port = check.connectPort ?? checkPort;
  if (port === 0) {
    lowering.report(check.span, {
      severity: "error",
      code: "check-without-port",
      message: "neither the check nor the server says which port to connect to",
      fix: "add `connect_port`",
    });
    return undefined;
  }
  const target = {
    address: check.connectAddress ?? server.address,
    port,
    ...(check.bindAddress === undefined ? {} : { bindAddress: check.bindAddress }),
    ...(check.bindPort === undefined ? {} : { bindPort: check.bindPort }),
  };
  if (check.kind === "TCP_CHECK") return { kind: "TCP_CHECK", timing, target };
  const virtualHost = check.virtualHost ?? server.virtualHost ?? draft.virtualHost;
  const requests = check.requests.map((request) =>
    request.virtualHost !== undefined || virtualHost === undefined
      ? request
      : { ...request, virtualHost },
  );
  return { kind: "HTTP_GET", timing, target, requests };
}
