// From the keywords of a real_server and its checks to the real server, with what the virtual server lends it.

import { familyOf } from "../../../base/address.ts";
import type { PlannedCheck } from "../../../model/check.ts";
import type {
  CheckTarget,
  CheckTiming,
  ForwardingMethod,
  HealthCheck,
  RealServer,
  VirtualServerKey,
} from "../../../model/virtual-server.ts";
import { settingOf } from "../section.ts";
import { finishTiming, sameTiming } from "./check-timing.ts";
import type { CheckDraft } from "./checks.ts";
import { planCheck } from "./planned-checks.ts";
import type { RealServerDraft } from "./real-server.ts";
import { methodOptionsOf, realServerOptionsOf } from "./server-options.ts";
import type { VirtualServerDraft } from "./virtual-server.ts";

/** The family of what clients connect to. */
export function familyOfKey(key: VirtualServerKey): 4 | 6 {
  return key.kind === "fwmark" ? key.family : familyOf(key.address);
}

/** Whether packets reach the real server at a port of its own. */
export function translatesPort(forwarding: ForwardingMethod): boolean {
  return forwarding === "NAT" || forwarding === "FULLNAT";
}

/** The real server of a virtual server. */
export function finishRealServer(
  server: RealServerDraft,
  draft: VirtualServerDraft,
  key: VirtualServerKey,
): RealServer {
  const forwarding = server.forwarding ?? draft.forwarding ?? "NAT";
  const servicePort = key.kind === "fwmark" ? 0 : key.port;
  const checkPort = server.port !== 0 ? server.port : servicePort;
  const checks: HealthCheck[] = [];
  const plannedChecks: PlannedCheck[] = [];
  for (const check of server.checks)
    finishCheck(check, server, draft, checkPort, checks, plannedChecks);
  const options = realServerOptionsOf(server.section);
  const finished = {
    address: server.address,
    port: translatesPort(forwarding) ? server.port : servicePort,
    weight: server.weight ?? draft.weight ?? 1,
    forwarding,
    inhibitOnFailure: server.inhibitOnFailure ?? draft.inhibitOnFailure ?? false,
    upperThreshold: server.upperThreshold ?? 0,
    lowerThreshold: server.lowerThreshold ?? 0,
    ...methodOptionsOf(
      forwarding,
      settingOf(server.section, "lvs_method"),
      settingOf(draft.section, "lb_kind"),
    ),
    // A list that has grown keeps room for more; a large file has a hundred thousand of them.
    checks: checks.slice(),
  };
  if (plannedChecks.length === 0 && options === undefined) return finished;
  return {
    ...finished,
    ...(plannedChecks.length === 0 ? {} : { plannedChecks }),
    ...(options === undefined ? {} : { options }),
  };
}

function targetOf(check: CheckDraft, server: RealServerDraft, checkPort: number): CheckTarget {
  const { connectAddress = server.address, connectPort = checkPort, bindAddress, bindPort } = check;
  const target = { address: connectAddress, port: connectPort };
  if (bindAddress === undefined && bindPort === undefined) return target;
  return {
    ...target,
    ...(bindAddress === undefined ? {} : { bindAddress }),
    ...(bindPort === undefined ? {} : { bindPort }),
  };
}

/** The checks of a virtual server mostly have the same timers: then they share them. */
function timingOf(
  check: CheckDraft,
  server: RealServerDraft,
  draft: VirtualServerDraft,
): CheckTiming {
  const timing = finishTiming(check.kind, check, server, draft);
  if (draft.timing === undefined || !sameTiming(draft.timing, timing)) draft.timing = timing;
  return draft.timing;
}

/** Adds a check to those that run or to those that do not yet; none that has nothing to connect to or to ask for. */
function finishCheck(
  check: CheckDraft,
  server: RealServerDraft,
  draft: VirtualServerDraft,
  checkPort: number,
  checks: HealthCheck[],
  plannedChecks: PlannedCheck[],
): void {
  const timing = timingOf(check, server, draft);
  const target = targetOf(check, server, checkPort);
  if (check.kind === "TCP_CHECK") {
    // Port 0, where nobody says which, is asked as keepalived does: it fails (rule L41).
    checks.push({ kind: "TCP_CHECK", timing, target });
    return;
  }
  const virtualHost = check.virtualHost ?? server.virtualHost ?? draft.virtualHost;
  const requests = check.requests.map((request) =>
    request.virtualHost !== undefined || virtualHost === undefined
      ? request
      : { ...request, virtualHost },
  );
  if (check.kind === "HTTP_GET") {
    if (requests.length > 0) checks.push({ kind: "HTTP_GET", timing, target, requests });
    return;
  }
  const planned = planCheck({ ...check, requests }, timing, target);
  if (planned !== undefined) plannedChecks.push(planned);
}
