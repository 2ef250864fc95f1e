// The dump of virtual servers, as keepalived's checker process writes it on SIGUSR1.

import { familyOf, type IpAddress } from "../../base/address.ts";
import { realServerIdentity } from "../../model/health.ts";
import type { Model } from "../../model/model.ts";
import type { RealServerStatus, VirtualServerStatus } from "../../model/status.ts";
import {
  type ForwardingMethod,
  type RealServer,
  type VirtualServer,
  virtualServerName,
} from "../../model/virtual-server.ts";
import { renderKeepalivedGlobals } from "./render-data.ts";

/** `keepalived_check.data`. */
export function renderBalancerData(model: Model, statuses: readonly VirtualServerStatus[]): string {
  const byName = new Map(statuses.map((status) => [status.name, status]));
  const servers = model.virtualServers.map((server) => ({
    server,
    status: byName.get(virtualServerName(server.key)),
  }));
  const checks = servers.flatMap(({ server }) => renderChecks(server));
  const lines = [
    "------< LVS Topology >------",
    ...servers.flatMap(({ server, status }) => renderServer(server, status)),
    ...(checks.length === 0 ? [] : ["------< Health checkers >------", ...checks]),
  ];
  return `${renderKeepalivedGlobals(model)}${lines.map((line) => `${line}\n`).join("")}`;
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

function headOf({ key }: VirtualServer): string {
  if (key.kind === "fwmark") return ` VS FWMARK = ${key.fwmark}`;
  return ` VS VIP = ${key.address}, VPORT = ${key.port}`;
}

function protocolOf({ key }: VirtualServer): string {
  return key.kind === "fwmark" ? "none" : key.protocol;
}

function renderServer(
  server: VirtualServer,
  status: VirtualServerStatus | undefined,
): readonly string[] {
  const { key, sorryServer, options = {} } = server;
  const isIpv6 = key.kind === "fwmark" ? key.family === 6 : familyOf(key.address) === 6;
  const timing = server.realServers[0]?.checks[0]?.timing;
  const forwarding = server.realServers[0]?.forwarding ?? sorryServer?.forwarding ?? "NAT";
  return [
    " ------< Virtual server >------",
    headOf(server),
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
    ...server.realServers.flatMap((real) => renderRealServer(real, portOf(real, server), status)),
  ];
}

function portOf(real: RealServer, { key }: VirtualServer): number {
  return real.port === 0 && key.kind === "address" ? key.port : real.port;
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

function renderChecks(server: VirtualServer): readonly string[] {
  const { key } = server;
  const name =
    key.kind === "fwmark"
      ? `FWM ${key.fwmark}`
      : endpoint(key.address, protocolOf(server), key.port);
  return server.realServers.flatMap((real) => {
    const target = endpoint(real.address, protocolOf(server), portOf(real, server));
    return [...real.checks, ...(real.plannedChecks ?? [])].flatMap((check) => [
      ` ${name} -> ${target}`,
      `   Delay loop = ${check.timing.delayLoopMs * 1000} us`,
      `   Warmup = ${check.timing.warmupMs * 1000} us`,
      `   Retries = ${check.timing.retries}`,
      `   Delay before retry = ${check.timing.delayBeforeRetryMs * 1000} us`,
      ...("target" in check
        ? [
            "   Connection",
            `     Dest = [${check.target.address}]:${check.target.port || portOf(real, server)}`,
            `     Timeout = ${seconds(check.timing.connectTimeoutMs)}`,
          ]
        : []),
      `   Keepalive method = ${check.kind}`,
    ]);
  });
}
