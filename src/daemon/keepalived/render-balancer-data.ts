// The dump of virtual servers, as keepalived's checker process writes it on SIGUSR1.

import { familyOf, type IpAddress } from "../../base/address.ts";
import type { PlannedCheck } from "../../model/check.ts";
import { realServerIdentity } from "../../model/health.ts";
import type { Model } from "../../model/model.ts";
import { checkedServerName, type ServerGroup } from "../../model/server-group.ts";
import type { RealServerStatus, VirtualServerStatus } from "../../model/status.ts";
import type {
  ForwardingMethod,
  HealthCheck,
  RealServer,
  VirtualServer,
} from "../../model/virtual-server.ts";
import { renderKeepalivedGlobals } from "./render-data.ts";

/** `keepalived_check.data`. */
export function renderBalancerData(model: Model, statuses: readonly VirtualServerStatus[]): string {
  const byName = new Map(statuses.map((status) => [status.name, status]));
  const servers = [...model.virtualServers.map(singleServer), ...groupedServers(model)];
  const checks = servers.flatMap(renderChecks);
  const lines = [
    "------< LVS Topology >------",
    ...(model.serverGroups ?? []).flatMap(renderGroup),
    ...servers.flatMap((shown) => renderServer(shown, byName.get(checkedServerName(shown.server)))),
    ...(checks.length === 0 ? [] : ["------< Health checkers >------", ...checks]),
  ];
  return `${renderKeepalivedGlobals(model)}${lines.map((line) => `${line}\n`).join("")}`;
}

/** A virtual server, or a group of them, under the name that the dump has for it. */
interface ShownServer {
  readonly server: VirtualServer;
  readonly head: string;
  /** In front of its checks. */
  readonly name: string;
  /** 0: of no single one. */
  readonly port: number;
}

function singleServer(server: VirtualServer): ShownServer {
  const { key } = server;
  if (key.kind === "fwmark") {
    const name = `FWM ${key.fwmark}`;
    return { server, head: ` VS FWMARK = ${key.fwmark}`, name, port: 0 };
  }
  const head = ` VS VIP = ${key.address}, VPORT = ${key.port}`;
  const name = endpoint(key.address, protocolOf(server), key.port);
  return { server, head, name, port: key.port };
}

/** One for each group: its entries differ in their keys only. */
function groupedServers({ groupServers = [] }: Model): readonly ShownServer[] {
  const first = new Map<string, VirtualServer>();
  for (const { group, server } of groupServers) if (!first.has(group)) first.set(group, server);
  return [...first].map(([group, server]) => {
    const name = `[${group}]:0`;
    return { server, head: ` VS GROUP = ${name}`, name, port: 0 };
  });
}

function renderGroup({ name, entries }: ServerGroup): readonly string[] {
  const lines = entries.map((entry) => {
    if (entry.kind === "fwmark") return `   FWMARK = ${entry.fwmark}`;
    const { first, last, port } = entry;
    if (first === last) return `   VIP = ${first}, VPORT = ${port}`;
    return `   VIP Range = ${first}-${last}, VPORT = ${port}`;
  });
  return [" ------< Virtual server group >------", ` Virtual Server Group = ${name}`, ...lines];
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(6);
}

function onOff(value: boolean): string {
  return value ? "ON" : "OFF";
}

function method(forwarding: ForwardingMethod): string {
  return forwarding === "TUN" ? "TUN, type = IPIP" : forwarding;
}

function protocolOf({ key }: VirtualServer): string {
  return key.kind === "fwmark" ? "none" : key.protocol;
}

function renderServer(
  { server, head, port }: ShownServer,
  status: VirtualServerStatus | undefined,
): readonly string[] {
  const { key, sorryServer, options = {} } = server;
  const isIpv6 = key.kind === "fwmark" ? key.family === 6 : familyOf(key.address) === 6;
  const timing = server.realServers[0]?.checks[0]?.timing;
  const forwarding = server.realServers[0]?.forwarding ?? sorryServer?.forwarding ?? "NAT";
  return [
    " ------< Virtual server >------",
    head,
    `   Address family = inet${isIpv6 ? "6" : ""}`,
    ...(timing === undefined ? [] : [`   delay_loop = ${seconds(timing.delayLoopMs)}`]),
    `   lvs_sched = ${server.scheduler}`,
    `   One packet scheduling = ${server.onePacket ? "enabled" : "disabled"}`,
    ...(server.persistenceTimeoutS === 0
      ? []
      : [`   persistence timeout = ${server.persistenceTimeoutS}`]),
    `   protocol = ${protocolOf(server)}`,
    `   alpha is ${onOff(server.alpha)}`,
    `   omega is ${onOff(server.omega)}`,
    `   quorum = ${server.quorum}, hysteresis = ${server.hysteresis}`,
    ...(options.suspendWithoutAddress === true ? ["   Using HA suspend"] : []),
    `   Using smtp notification = ${options.mail === true ? "yes" : "no"}`,
    `   default forwarding method = ${method(forwarding)}`,
    ...(sorryServer === undefined
      ? []
      : [
          `   sorry server = ${endpoint(sorryServer.address, protocolOf(server), sorryServer.port)}`,
          `     forwarding method = ${method(sorryServer.forwarding)}`,
          `     Inhibit on failure is ${onOff(sorryServer.inhibit)}`,
        ]),
    `   alive = ${status?.quorumUp === false ? 0 : 1}`,
    `   quorum_state_up = ${status?.quorumUp === false ? 0 : 1}`,
    ...server.realServers.flatMap((real) => renderRealServer(real, real.port || port, status)),
  ];
}

function renderRealServer(
  real: RealServer,
  port: number,
  status: VirtualServerStatus | undefined,
): readonly string[] {
  const identity = realServerIdentity({ address: real.address, port });
  const now = status?.realServers.find(
    (one) => one.role === "real" && realServerIdentity(one) === identity,
  );
  const timing = real.checks[0]?.timing;
  return [
    "   ------< Real server >------",
    `   RIP = ${real.address}, RPORT = ${port}, WEIGHT = ${real.weight} EFF WEIGHT = ${now?.weight ?? 0}`,
    `   forwarding method = ${method(real.forwarding)}`,
    `   Alpha is ${onOff(real.options?.alpha === true)}`,
    ...(timing === undefined
      ? []
      : [`   connection timeout = ${seconds(timing.connectTimeoutMs)}`]),
    `   connection limit range = ${real.lowerThreshold} -> ${real.upperThreshold}`,
    ...(timing === undefined ? [] : [`   Delay loop = ${seconds(timing.delayLoopMs)}`]),
    `   Inhibit on failure is ${onOff(real.inhibitOnFailure)}`,
    `   initial weight = ${real.weight}`,
    `   effective weight = ${now?.weight ?? 0}`,
    `   alive = ${isAlive(now) ? 1 : 0}`,
    `   RS set = ${now?.weight === undefined ? 0 : 1}`,
  ];
}

function isAlive(status: RealServerStatus | undefined): boolean {
  return status !== undefined && (status.health === "up" || status.health === "unchecked");
}

function endpoint(address: IpAddress, protocol: string, port: number): string {
  return `[${address}]:${protocol.toLowerCase()}:${port}`;
}

function renderConnection(check: HealthCheck | PlannedCheck, ownPort: number): readonly string[] {
  const timeout = `     Timeout = ${seconds(check.timing.connectTimeoutMs)}`;
  const to = (address: IpAddress, port: number): readonly string[] => [
    "   Connection",
    `     Dest = [${address}]:${port}`,
    timeout,
  ];
  if (check.kind === "PING_CHECK") return to(check.address, ownPort);
  if (!("target" in check)) return [];
  return to(check.target.address, check.target.port || ownPort);
}

function renderChecks({ server, name, port }: ShownServer): readonly string[] {
  return server.realServers.flatMap((real) => {
    const ownPort = real.port || port;
    const target = endpoint(real.address, protocolOf(server), ownPort);
    return [...real.checks, ...(real.plannedChecks ?? [])].flatMap((check) => [
      ` ${name} -> ${target}`,
      `   Delay loop = ${check.timing.delayLoopMs * 1000} us`,
      `   Warmup = ${check.timing.warmupMs * 1000} us`,
      `   Retries = ${check.timing.retries}`,
      `   Delay before retry = ${check.timing.delayBeforeRetryMs * 1000} us`,
      ...renderConnection(check, ownPort),
      `   Keepalive method = ${check.kind}`,
    ]);
  });
}
