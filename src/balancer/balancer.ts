// IPVS as a value: it is told what to balance, is handed frames and the time, and says what becomes
// of each frame. The order of the steps is that of the kernel's hooks.

import type { Result } from "../base/result.ts";
import { type BalancerSettings, defaultBalancerSettings } from "../model/balancer-settings.ts";
import type { BalancerTable, ServiceStatistics } from "../model/balancer-table.ts";
import type { ConnectionEntry } from "../model/connection-entry.ts";
import type { VirtualServerKey } from "../model/virtual-server.ts";
import type { BalancerOperation } from "../plan/operation.ts";
import type { Arrival, FrameContext } from "./arrival.ts";
import { borrowEnd } from "./borrowed-ends.ts";
import { bypassConnection } from "./bypass.ts";
import { type Connection, connectionEntry } from "./connection.ts";
import { advanceConnection, isAbort, isReuse, mayStart } from "./connection-states.ts";
import { ConnectionTable } from "./connection-table.ts";
import type { RouteFinder } from "./destination.ts";
import { forwardToClient, forwardToServer } from "./forwarding.ts";
import { type FirstPiece, FragmentTable } from "./fragments.ts";
import { buildIcmpError, viewQuotedPacket } from "./icmp-error.ts";
import { isIcmp, type PacketView, transportName, viewPacket } from "./packet.ts";
import { forwardRelatedIcmp, icmpToServer } from "./related-icmp.ts";
import { type Newcomer, scheduleConnection } from "./scheduling.ts";
import type { BalancerFault, ServiceEntry } from "./service.ts";
import { ServiceTable } from "./service-table.ts";
import { pass, type Verdict } from "./verdict.ts";

const FTP_PORT = 21;
const FTP_DATA_PORT = 20;

/** The whole of IPVS for one director. */
export class Balancer {
  readonly #services: ServiceTable;
  readonly #connections = new ConnectionTable();
  readonly #fragments = new FragmentTable();
  #settings: BalancerSettings;
  #receivesConnections = false;
  #serversLeft = false;

  /** `routes` tells how this host sends; without it nothing goes into a tunnel or by FULLNAT. */
  constructor(settings: Partial<BalancerSettings> = {}, routes?: RouteFinder) {
    this.#services = new ServiceTable(routes);
    this.#settings = { ...defaultBalancerSettings, ...settings };
  }

  get settings(): BalancerSettings {
    return this.#settings;
  }

  /** Changes sysctl-like settings; standing connections keep their timeouts until their next packet. */
  set(settings: Partial<BalancerSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
  }

  /** Whether this director takes in another's connections: with `backupOnly` it balances nothing then. */
  setBackup(receivesConnections: boolean): void {
    this.#receivesConnections = receivesConnections;
  }

  /** Carries out one change of the table. */
  configure(operation: BalancerOperation): Result<void, BalancerFault> {
    const removes = operation.kind === "remove-destination" || operation.kind === "remove-service";
    if (removes) this.#serversLeft = true;
    return this.#services.configure(operation);
  }

  /** The table as it stands. */
  table(): BalancerTable {
    return this.#services.observe();
  }

  statistics(): readonly ServiceStatistics[] {
    return this.#services.statistics();
  }

  /** Sets the counters of one service and its destinations to zero, or of all [ipvsadm -Z]. */
  zero(key?: VirtualServerKey): Result<void, BalancerFault> {
    return this.#services.zero(key);
  }

  /** Connections and templates, oldest first; for listings and tests. */
  connections(): readonly Connection[] {
    return [...this.#connections.all()];
  }

  /** The same as listings show them. */
  *connectionEntries(nowMs: number): Iterable<ConnectionEntry> {
    for (const connection of this.#connections.all()) {
      if (connection.expiresAtMs > nowMs) yield connectionEntry(connection, nowMs);
    }
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
    // Without a service of the family nothing is looked at, standing connections included.
    if (packet === undefined || !this.#services.hasFamily(packet.family)) return pass;
    this.#sweep(nowMs);
    const { transport } = packet;
    const protocol = transportName(packet.protocol);
    if (transport !== undefined && protocol !== undefined) {
      const { checksum = "complete", mark = 0, local } = context;
      const arrival = { packet, transport, protocol, checksum, mark, local, nowMs };
      return this.#handleReply(arrival) ?? this.#handleRequest(arrival);
    }
    if (isIcmp(packet)) return this.#handleIcmp(packet, context.mark ?? 0, nowMs);
    return this.#handleLaterPiece(packet, nowMs);
  }

  #sweep(nowMs: number): void {
    if (this.#connections.isSweepDue(nowMs)) this.expire(nowMs);
    if (!this.#serversLeft) return;
    this.#serversLeft = false;
    if (this.#settings.expireNodestConnections) this.#connections.endUnavailable(nowMs);
  }

  #handleReply(arrival: Arrival): Verdict | undefined {
    const { packet, transport, protocol, nowMs } = arrival;
    const connection = this.#connections.findReply(
      protocol,
      { address: packet.source, port: transport.sourcePort },
      { address: packet.destination, port: transport.destinationPort },
      nowMs,
    );
    if (connection === undefined) return this.#answerUnknownServer(arrival);
    this.#fragments.remember(packet, { connection, side: "from-server" }, nowMs);
    const verdict = forwardToClient(connection, packet, arrival.checksum);
    if (verdict.kind !== "forward") return verdict;
    advanceConnection(connection, "output", transport, this.#settings);
    this.#connections.restartTimer(connection, nowMs);
    return verdict;
  }

  /** A real server that speaks of a connection that nobody knows is told so, where that is wished. */
  #answerUnknownServer({ packet, transport, protocol, local }: Arrival): Verdict | undefined {
    if (!this.#settings.natIcmpSend || local !== false || isAbort(protocol, transport))
      return undefined;
    if (!this.#services.hasNatServer(protocol, packet.source, transport.sourcePort))
      return undefined;
    const frame = buildIcmpError(packet, "port-unreachable");
    return { kind: "reply", reason: "unknown-connection", frame };
  }

  #handleRequest(arrival: Arrival): Verdict {
    if (this.#settings.backupOnly && this.#receivesConnections) return pass;
    const standing = this.#findForward(arrival);
    if (standing === undefined) return this.#handleNewcomer(arrival);
    if (isReuse(standing, arrival.transport, this.#settings))
      return this.#replace(standing, arrival);
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

  // The old connection ends after the new one is scheduled: the scheduler still sees it counted.
  #replace(standing: Connection, arrival: Arrival): Verdict {
    this.#connections.hide(standing);
    const verdict = this.#handleNewcomer(arrival);
    this.#connections.remove(standing, arrival.nowMs);
    return verdict;
  }

  #handleNewcomer(arrival: Arrival): Verdict {
    const { packet, transport, protocol, nowMs } = arrival;
    if (!mayStart(protocol, transport, this.#settings)) return pass;
    if (transport.sourcePort === FTP_DATA_PORT) return pass;
    const newcomer = {
      protocol,
      source: packet.source,
      sourcePort: transport.sourcePort,
      destination: packet.destination,
      destinationPort: transport.destinationPort,
      nowMs,
    };
    const service = this.#serviceOf(newcomer, arrival.mark);
    if (service === undefined) return pass;
    const made = scheduleConnection(service, newcomer, this.#connections, this.#settings);
    if (made === undefined) return this.#leave(service, newcomer, arrival);
    if (made.forwarding === "FULLNAT" && !this.#borrowEnd(made, nowMs))
      return { kind: "drop", reason: "no-port" };
    this.#addNew(made, nowMs);
    const verdict = this.#carry(made, arrival);
    if (service.onePacket && protocol === "UDP") this.#connections.remove(made, nowMs);
    return verdict;
  }

  /** Gives a FULLNAT connection the end that its real server sees; false when there is none left. */
  #borrowEnd(made: Connection, nowMs: number): boolean {
    const { protocol, destination, destinationPort } = made;
    if (protocol === "IP") return false;
    const wished = destination.fullNat?.sources ?? [];
    const route = destination.service.routes?.(destination.address);
    const sources = wished.length > 0 ? wished : route === undefined ? [] : [route.source];
    const server = { address: destination.address, port: destinationPort };
    const borrowed = borrowEnd(
      made,
      sources,
      (end) => this.#connections.findReply(protocol, server, end, nowMs) !== undefined,
    );
    if (borrowed !== undefined) made.borrowed = borrowed;
    return borrowed !== undefined;
  }

  #addNew(made: Connection, nowMs: number): void {
    this.#connections.add(made, nowMs);
    made.destination.counters.connections++;
    made.destination.service.counters.connections++;
  }

  #serviceOf(newcomer: Newcomer, mark: number): ServiceEntry | undefined {
    const { protocol, destination: address, destinationPort: port } = newcomer;
    const service = this.#services.find({ protocol, address, port, mark });
    return service !== undefined && acceptsPort(service, port) ? service : undefined;
  }

  /** Nobody can take a newcomer: it goes where it was going, is somebody else's, or is refused. */
  #leave(service: ServiceEntry, newcomer: Newcomer, arrival: Arrival): Verdict {
    const { packet, local, nowMs } = arrival;
    if (this.#settings.cacheBypass && service.key.kind === "fwmark" && local === false) {
      const made = bypassConnection(newcomer);
      this.#connections.add(made, nowMs);
      return this.#carry(made, arrival);
    }
    const { key } = service;
    if (key.kind === "address" && key.port === FTP_PORT && newcomer.destinationPort !== FTP_PORT)
      return pass;
    const frame = buildIcmpError(packet, "port-unreachable");
    return { kind: "reply", reason: "no-destination", frame };
  }

  /** Counts a client's packet, moves the state on, and sends it to the real server. */
  #carry(connection: Connection, arrival: Arrival): Verdict {
    const { packet, transport, nowMs } = arrival;
    this.#fragments.remember(packet, { connection, side: "from-client" }, nowMs);
    advanceConnection(connection, "input", transport, this.#settings);
    this.#connections.restartTimer(connection, nowMs);
    return forwardToServer(connection, packet, arrival.checksum);
  }

  #handleLaterPiece(packet: PacketView, nowMs: number): Verdict {
    const first: FirstPiece | undefined = this.#fragments.find(packet, nowMs);
    if (first === undefined) return pass;
    const { connection, side } = first;
    this.#connections.restartTimer(connection, nowMs);
    if (side === "from-server") return forwardToClient(connection, packet, "complete");
    if (!connection.destination.available) return { kind: "drop", reason: "destination-removed" };
    return forwardToServer(connection, packet, "complete");
  }

  #handleIcmp(packet: PacketView, mark: number, nowMs: number): Verdict {
    const related = forwardRelatedIcmp(packet, this.#connections, nowMs);
    if (related !== undefined || !this.#settings.scheduleIcmp) return related ?? pass;
    if (this.#settings.backupOnly && this.#receivesConnections) return pass;
    return this.#scheduleByQuotation(packet, mark, nowMs);
  }

  /** An error about a packet that a virtual service sent makes the connection that it must be about. */
  #scheduleByQuotation(packet: PacketView, mark: number, nowMs: number): Verdict {
    const quoted = viewQuotedPacket(packet);
    const protocol = quoted === undefined ? undefined : transportName(quoted.network.protocol);
    if (quoted === undefined || protocol === undefined) return pass;
    const { network, transport } = quoted;
    const newcomer = {
      protocol,
      source: network.destination,
      sourcePort: transport.destinationPort,
      destination: network.source,
      destinationPort: transport.sourcePort,
      nowMs,
    };
    const service = this.#serviceOf(newcomer, mark);
    if (service === undefined || newcomer.sourcePort === FTP_DATA_PORT) return pass;
    const made = scheduleConnection(service, newcomer, this.#connections, this.#settings);
    if (made === undefined) return { kind: "drop", reason: "no-destination" };
    this.#addNew(made, nowMs);
    return icmpToServer(made, packet, quoted);
  }
}

/** Without persistence a service takes its own port only; FTP data of such a service is not balanced. */
function acceptsPort({ key, persistenceTimeoutS }: ServiceEntry, port: number): boolean {
  return key.kind === "fwmark" || persistenceTimeoutS > 0 || key.port === port;
}
