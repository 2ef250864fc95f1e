// IPVS as a value: it is told what to balance, is handed frames and the time, and says what becomes
// of each frame. The order of the steps is that of the kernel's hooks.

import type { Result } from "../base/result.ts";
import { type BalancerSettings, defaultBalancerSettings } from "../model/balancer-settings.ts";
import type { BalancerTable, ServiceStatistics } from "../model/balancer-table.ts";
import type { TransportProtocol } from "../model/virtual-server.ts";
import type { BalancerOperation } from "../plan/operation.ts";
import { ICMP_PORT_UNREACHABLE, icmpTypes } from "../wire/icmp.ts";
import { IP_PROTOCOL_TCP, tcpFlags } from "../wire/tcp.ts";
import { assureTemplate, type Connection, enterTcpState } from "./connection.ts";
import { ConnectionTable } from "./connection-table.ts";
import { countIn, countOut } from "./counting.ts";
import { buildIcmpError } from "./icmp-error.ts";
import { type PacketView, type TransportView, viewPacket } from "./packet.ts";
import { forwardRelatedIcmp } from "./related-icmp.ts";
import { type ChecksumForm, copyWithLowerTtl, replaceEnd } from "./rewrite.ts";
import { scheduleConnection } from "./scheduling.ts";
import type { BalancerFault, ServiceEntry } from "./service.ts";
import { ServiceTable } from "./service-table.ts";
import { stepTcpState, type TcpDirection, type TcpState, tcpTimeoutsS } from "./tcp-states.ts";
import { pass, type Verdict } from "./verdict.ts";

const FTP_PORT = 21;
const FTP_DATA_PORT = 20;
const TIME_EXCEEDED_IN_TRANSIT = 0;

/** What a caller may know of a frame beyond its bytes. */
export interface FrameContext {
  /** Complete unless said otherwise. */
  readonly checksum?: ChecksumForm;
  /** Firewall mark; none unless said otherwise. */
  readonly mark?: number;
}

/** A packet with ports, its protocol by name, and when it came. */
interface Arrival {
  readonly packet: PacketView;
  readonly transport: TransportView;
  readonly protocol: TransportProtocol;
  readonly checksum: ChecksumForm;
  readonly mark: number;
  readonly nowMs: number;
}

/** The whole of IPVS for one director. */
export class Balancer {
  readonly #services = new ServiceTable();
  readonly #connections = new ConnectionTable();
  #settings: BalancerSettings;

  constructor(settings: Partial<BalancerSettings> = {}) {
    this.#settings = { ...defaultBalancerSettings, ...settings };
  }

  /** Changes sysctl-like settings; standing connections keep their timeouts until their next packet. */
  set(settings: Partial<BalancerSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
  }

  /** Carries out one change of the table. */
  configure(operation: BalancerOperation): Result<void, BalancerFault> {
    return this.#services.configure(operation);
  }

  /** The table as it stands. */
  table(): BalancerTable {
    return this.#services.observe();
  }

  statistics(): readonly ServiceStatistics[] {
    return this.#services.statistics();
  }

  /** Connections and templates, oldest first; for listings and tests. */
  connections(): readonly Connection[] {
    return [...this.#connections.all()];
  }

  /** Ends connections whose time is over and forgets removed destinations. Returns how many ended. */
  expire(nowMs: number): number {
    const ended = this.#connections.expire(nowMs);
    this.#services.emptyTrash(nowMs);
    return ended;
  }

  /**
   * What becomes of a frame that arrived for this machine (its MAC address, not broadcast).
   * `nowMs` must not go back. The frame is not changed; the verdict holds a copy.
   */
  handlePacket(frame: Uint8Array, nowMs: number, context: FrameContext = {}): Verdict {
    if (this.#services.size === 0) return pass;
    const packet = viewPacket(frame);
    if (packet === undefined) return pass;
    if (this.#connections.isSweepDue(nowMs)) this.expire(nowMs);
    const { transport } = packet;
    if (transport === undefined) return forwardRelatedIcmp(packet, this.#connections, nowMs);
    const arrival: Arrival = {
      packet,
      transport,
      protocol: packet.protocol === IP_PROTOCOL_TCP ? "TCP" : "UDP",
      checksum: context.checksum ?? "complete",
      mark: context.mark ?? 0,
      nowMs,
    };
    return this.#handleReply(arrival) ?? this.#handleRequest(arrival);
  }

  #handleReply(arrival: Arrival): Verdict | undefined {
    const { packet, transport, nowMs } = arrival;
    const connection = this.#connections.findReply(
      arrival.protocol,
      { address: packet.source, port: transport.sourcePort },
      { address: packet.destination, port: transport.destinationPort },
      nowMs,
    );
    if (connection === undefined) return undefined;
    if (packet.ttl <= 1) return { kind: "drop", reason: "ttl-expired" };
    countOut(connection, packet.totalLength);
    this.#advance(connection, "output", transport);
    this.#connections.restartTimer(connection, nowMs);
    const frame = copyWithLowerTtl(packet);
    const end = {
      side: "source",
      addressBytes: connection.virtualAddressBytes,
      port: connection.virtualPort,
    } as const;
    replaceEnd(frame, packet, end, arrival.checksum);
    return {
      kind: "forward",
      frame,
      nextHop: connection.clientAddress,
      via: "route",
      toward: "client",
    };
  }

  #handleRequest(arrival: Arrival): Verdict {
    const standing = this.#findForward(arrival);
    if (standing === undefined) return this.#handleNewcomer(arrival);
    if (this.#isReuse(standing, arrival)) return this.#replace(standing, arrival);
    if (!standing.destination.available) {
      if (this.#settings.expireNodestConnections) return this.#replace(standing, arrival);
      return { kind: "drop", reason: "destination-removed" };
    }
    return this.#carry(standing, arrival);
  }

  #findForward({ packet, transport, protocol, nowMs }: Arrival): Connection | undefined {
    return this.#connections.find(
      protocol,
      { address: packet.source, port: transport.sourcePort },
      { address: packet.destination, port: transport.destinationPort },
      { template: false, nowMs },
    );
  }

  /** A SYN on a connection that is over, or whose server must not get new ones, starts another. */
  #isReuse(standing: Connection, { protocol, transport }: Arrival): boolean {
    if (protocol !== "TCP" || (transport.tcpFlags & tcpFlags.syn) === 0) return false;
    const { expireNodestConnections, connectionReuseMode } = this.#settings;
    if (expireNodestConnections && standing.destination.weight === 0) return true;
    if (connectionReuseMode === 0 || standing.control !== undefined) return false;
    if (standing.state === "TIME_WAIT" || standing.state === "CLOSE") return true;
    return (connectionReuseMode & 2) !== 0 && standing.state === "FIN_WAIT" && standing.noOutput;
  }

  // The old connection ends after the new one is scheduled: the scheduler still sees it counted.
  #replace(standing: Connection, arrival: Arrival): Verdict {
    this.#connections.hide(standing);
    const verdict = this.#handleNewcomer(arrival);
    this.#connections.remove(standing, arrival.nowMs);
    return verdict;
  }

  #handleNewcomer(arrival: Arrival): Verdict {
    const { packet, transport, protocol, nowMs } = arrival;
    if (protocol === "TCP" && !this.#mayStartTcp(transport.tcpFlags)) return pass;
    if (transport.sourcePort === FTP_DATA_PORT) return pass;
    const service = this.#services.find({
      protocol,
      address: packet.destination,
      port: transport.destinationPort,
      mark: arrival.mark,
    });
    if (service === undefined) return pass;
    if (!acceptsPort(service, transport.destinationPort)) return pass;
    const newcomer = {
      protocol,
      source: packet.source,
      sourcePort: transport.sourcePort,
      destination: packet.destination,
      destinationPort: transport.destinationPort,
      nowMs,
    };
    const made = scheduleConnection(service, newcomer, this.#connections, this.#settings);
    if (made === undefined) return refuse(service, arrival);
    this.#connections.add(made, nowMs);
    made.destination.counters.connections++;
    made.destination.service.counters.connections++;
    const verdict = this.#carry(made, arrival);
    if (service.onePacket && protocol === "UDP") this.#connections.remove(made, nowMs);
    return verdict;
  }

  #mayStartTcp(flags: number): boolean {
    if ((flags & tcpFlags.rst) !== 0) return false;
    return this.#settings.sloppyTcp || (flags & tcpFlags.syn) !== 0;
  }

  /** Counts a client's packet, moves the state on, and sends it to the real server. */
  #carry(connection: Connection, arrival: Arrival): Verdict {
    const { packet, transport, nowMs } = arrival;
    countIn(connection, packet.totalLength);
    this.#advance(connection, "input", transport);
    connection.inPackets++;
    this.#connections.restartTimer(connection, nowMs);
    if (packet.ttl <= 1) return answerTtlExpired(packet);
    const frame = copyWithLowerTtl(packet);
    const { destination } = connection;
    const nat = connection.forwarding === "NAT";
    if (nat) {
      const { destinationPort: port } = connection;
      const end = { side: "destination", addressBytes: destination.addressBytes, port } as const;
      replaceEnd(frame, packet, end, arrival.checksum);
    }
    const via = nat ? "route" : "link";
    return { kind: "forward", frame, nextHop: destination.address, via, toward: "real-server" };
  }

  #advance(connection: Connection, seen: "input" | "output", transport: TransportView): void {
    if (seen === "output") connection.noOutput = false;
    if (connection.protocol === "UDP") {
      connection.state = "UDP";
      connection.timeoutMs = this.#settings.udpTimeoutS * 1000;
      if (seen === "output") assureTemplate(connection);
      return;
    }
    const direction: TcpDirection = connection.noOutput ? "input-only" : seen;
    const state = stepTcpState(connection.state as TcpState, direction, transport.tcpFlags);
    enterTcpState(connection, state);
    connection.timeoutMs = this.#tcpTimeoutS(state) * 1000;
  }

  #tcpTimeoutS(state: TcpState): number {
    if (state === "ESTABLISHED") return this.#settings.tcpEstablishedTimeoutS;
    if (state === "FIN_WAIT") return this.#settings.tcpFinTimeoutS;
    return tcpTimeoutsS[state];
  }
}

/** Without persistence a service takes its own port only; FTP data of such a service is not balanced. */
function acceptsPort({ key, persistenceTimeoutS }: ServiceEntry, port: number): boolean {
  return key.kind === "fwmark" || persistenceTimeoutS > 0 || key.port === port;
}

function refuse({ key }: ServiceEntry, { packet, transport }: Arrival): Verdict {
  if (key.kind === "address" && key.port === FTP_PORT && transport.destinationPort !== FTP_PORT)
    return pass;
  const frame = buildIcmpError(packet, icmpTypes.destinationUnreachable, ICMP_PORT_UNREACHABLE);
  return { kind: "reply", reason: "no-destination", frame };
}

function answerTtlExpired(packet: PacketView): Verdict {
  const frame = buildIcmpError(packet, icmpTypes.timeExceeded, TIME_EXCEEDED_IN_TRANSIT);
  return { kind: "reply", reason: "ttl-expired", frame };
}
