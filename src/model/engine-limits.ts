// What each data plane cannot do, so that an operator hears of it from the configuration, and not from an outage.

import { familyOf } from "../base/address.ts";
import type { EngineChoice } from "./model.ts";
import type { RealServer, SorryServer, VirtualServer } from "./virtual-server.ts";

/** One thing that a virtual server asks for and a data plane does not do. */
export interface EngineLimit {
  /** Part of a sentence: `the scheduler lblc`. */
  readonly what: string;
  /** The keyword that asks for it; absent: the address or mark. */
  readonly keyword?: string;
  /** True: the virtual server runs, without this. */
  readonly runsWithout?: true;
}

/** What stands for a data plane in sentences; `auto` takes the eBPF program wherever it can. */
export function engineName(engine: EngineChoice): string {
  switch (engine) {
    case "ipvs":
      return "the kernel's IPVS";
    case "model":
      return "the model data plane";
    case "auto":
    case "xdp":
      return "the eBPF data plane";
  }
}

/** What of a virtual server a data plane does not do; empty when it does all. */
export function engineLimits(engine: EngineChoice, server: VirtualServer): readonly EngineLimit[] {
  switch (engine) {
    case "ipvs":
      return limitsOfIpvs(server);
    case "model":
      return limitsOfModel(server);
    case "auto":
    case "xdp":
      return limitsOfXdp(server);
  }
}

function serversOf({
  realServers,
  sorryServer,
}: VirtualServer): readonly (RealServer | SorryServer)[] {
  return sorryServer === undefined ? realServers : [...realServers, sorryServer];
}

function forwards(server: VirtualServer, method: RealServer["forwarding"]): boolean {
  return serversOf(server).some(({ forwarding }) => forwarding === method);
}

function limitsOfIpvs(server: VirtualServer): readonly EngineLimit[] {
  const limits: EngineLimit[] = [];
  if (forwards(server, "FULLNAT")) limits.push({ what: "FULLNAT", keyword: "lb_kind" });
  if (server.options?.persistenceAcrossGroup === true)
    limits.push({
      what: "clients that all addresses of a group remember together",
      keyword: "persistence_across_group",
      runsWithout: true,
    });
  return limits;
}

function limitsOfModel(server: VirtualServer): readonly EngineLimit[] {
  const { key } = server;
  const limits: EngineLimit[] = [];
  if (key.kind === "fwmark") limits.push({ what: "firewall marks" });
  else if (familyOf(key.address) === 6) limits.push({ what: "IPv6" });
  if (forwards(server, "TUN")) limits.push({ what: "TUN", keyword: "lb_kind" });
  return [...limits, ...limitsOfPersistence(server)];
}

function limitsOfXdp(server: VirtualServer): readonly EngineLimit[] {
  const limits: EngineLimit[] = [];
  if (server.key.kind === "fwmark") limits.push({ what: "firewall marks" });
  const isTunnelOfIpv6 = serversOf(server).some(
    ({ address, forwarding }) =>
      forwarding === "TUN" && (familyOf(address) === 6 || familyOfKey(server) === 6),
  );
  if (isTunnelOfIpv6) limits.push({ what: "TUN of or over IPv6", keyword: "lb_kind" });
  return [...limits, ...limitsOfPersistence(server), ...limitsOfFullNat(server)];
}

/** Only the kernel has the persistence engine. */
function limitsOfPersistence({ options }: VirtualServer): readonly EngineLimit[] {
  if (options?.persistenceEngine === undefined) return [];
  const what = `the persistence engine ${options.persistenceEngine}`;
  return [{ what, keyword: "persistence_engine" }];
}

function familyOfKey({ key }: VirtualServer): 4 | 6 {
  return key.kind === "fwmark" ? key.family : familyOf(key.address);
}

/** The eBPF program replaces both ends of TCP and UDP over IPv4, and must remember them. */
function limitsOfFullNat(server: VirtualServer): readonly EngineLimit[] {
  const { key, onePacket } = server;
  const keyword = "lb_kind";
  if (!forwards(server, "FULLNAT")) return [];
  if (onePacket) return [{ what: "FULLNAT of single packets", keyword }];
  if (key.kind === "address" && key.protocol === "SCTP")
    return [{ what: "FULLNAT of SCTP", keyword }];
  const isIpv6 = serversOf(server).some(
    ({ address, forwarding }) => forwarding === "FULLNAT" && familyOf(address) === 6,
  );
  return isIpv6 ? [{ what: "FULLNAT over IPv6", keyword }] : [];
}
