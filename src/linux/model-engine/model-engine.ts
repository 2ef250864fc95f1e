// The model as a data plane: frames from a packet socket through the pure balancer and out again.
// Correct before fast, and honest: it forwards only while the process lives.

import { readFileSync } from "node:fs";
import { Balancer } from "../../balancer/balancer.ts";
import { viewPacket } from "../../balancer/packet.ts";
import { copyWithLowerTtl } from "../../balancer/rewrite.ts";
import type { Verdict } from "../../balancer/verdict.ts";
import type { IpAddress } from "../../base/address.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import type { BalancerSettings } from "../../model/balancer-settings.ts";
import type { BalancerTable, ServiceStatistics } from "../../model/balancer-table.ts";
import type { ConnectionEntry } from "../../model/connection-entry.ts";
import type { SyncDaemonState } from "../../model/sync-daemon.ts";
import type { VirtualServerKey } from "../../model/virtual-server.ts";
import type { BalancerOperation } from "../../plan/operation.ts";
import { crc32c } from "../../wire/crc32c.ts";
import { IP_PROTOCOL_SCTP, SCTP_CHECKSUM_OFFSET, writeSctpChecksum } from "../../wire/sctp.ts";
import type { BalancerEngine, EngineFault, EngineFinding } from "../../world/engine.ts";
import type { AddressKernel } from "../../world/kernel.ts";
import type { Log } from "../../world/log.ts";
import type { RoutingKernel } from "../../world/routing.ts";
import type { Syscalls } from "../ffi/syscalls.ts";
import { systemClock } from "../system-clock.ts";
import { buildReset, SilencedPackets } from "./bystander.ts";
import { type ArrivedFrame, FrameSocket, noOffload } from "./frame-socket.ts";
import { KernelSilence } from "./kernel-silence.ts";
import { completeChecksum, LocalDelivery } from "./local-delivery.ts";
import { NextHops } from "./next-hops.ts";

const INSPECTION_INTERVAL_MS = 5000;
const REFRESH_INTERVAL_MS = 30_000;

/** What the engine works with. */
export interface ModelEngineParts {
  readonly syscalls: Syscalls;
  readonly routing: RoutingKernel;
  readonly addresses: AddressKernel;
  readonly log: Log;
  /** Names; every Ethernet interface when absent. */
  readonly interfaces?: readonly string[];
}

/**
 * Opens the model engine in the network namespace of the caller, with an empty table. Needs
 * CAP_NET_RAW and CAP_NET_ADMIN there, and the program `nft`. It closes `routing` and `addresses`
 * when it is closed.
 */
export async function openModelEngine(
  parts: ModelEngineParts,
): Promise<Result<BalancerEngine, EngineFault>> {
  const frames = FrameSocket.open(parts.syscalls);
  if (!frames.ok) return fail({ kind: "syscall-failed", text: frames.fault.text });
  const local = LocalDelivery.open(parts.syscalls);
  if (!local.ok) {
    frames.value.close();
    return fail({ kind: "syscall-failed", text: local.fault.text });
  }
  const silence = new KernelSilence();
  // What a process that was killed left behind would silence services that nobody forwards.
  const silenced = await silence.follow({ services: [] });
  if (!silenced.ok) {
    frames.value.close();
    local.value.close();
    return silenced;
  }
  parts.log.write({
    level: "warning",
    kind: "model-engine",
    text: "the model data plane forwards only while this process lives",
  });
  return ok(new ModelEngine(parts, frames.value, local.value, silence));
}

/** What concerns tunnels and the copying of connections, which this engine does not do. */
const settingsWithoutEffect = [
  ...(["pathMtuDiscovery", "backupOnly", "syncThreshold", "syncPeriod"] as const),
  ...(["syncRefreshPeriodS", "syncRetries", "syncPersistMode"] as const),
] as const satisfies readonly (keyof BalancerSettings)[];

function notYet(text: string): { readonly ok: false; readonly fault: EngineFault } {
  return fail({ kind: "not-supported", text: `${text} in the model engine` });
}

class ModelEngine implements BalancerEngine {
  readonly kind = "model";
  readonly #parts: ModelEngineParts;
  readonly #frames: FrameSocket;
  readonly #local: LocalDelivery;
  readonly #silence: KernelSilence;
  readonly #hops: NextHops;
  readonly #balancer = new Balancer();
  #silenced = new SilencedPackets({ services: [] });
  #inspectedAtMs: number;
  #refreshedAtMs: number;
  #sendFailures = 0;
  #lastSendFailure = "";

  constructor(
    parts: ModelEngineParts,
    frames: FrameSocket,
    local: LocalDelivery,
    silence: KernelSilence,
  ) {
    this.#parts = parts;
    this.#frames = frames;
    this.#local = local;
    this.#silence = silence;
    this.#hops = new NextHops(parts.routing, parts.addresses, systemClock(parts.syscalls));
    this.#inspectedAtMs = parts.syscalls.monotonicMs();
    this.#refreshedAtMs = this.#inspectedAtMs;
    frames.watch((frame) => this.#handle(frame));
  }

  interfaces(): readonly string[] {
    return this.#hops
      .links()
      .filter((link) => link.type === 1 && this.#listensOn(link.name))
      .map((link) => `${link.name} (packet socket)`);
  }

  async observe(): Promise<Result<BalancerTable, EngineFault>> {
    return ok(this.#balancer.table());
  }

  async apply(operation: BalancerOperation): Promise<Result<void, EngineFault>> {
    const refused = this.#refusal(operation);
    if (refused !== undefined) return fail(refused);
    const done = this.#balancer.configure(operation);
    if (!done.ok) return done;
    const table = this.#balancer.table();
    this.#silenced = new SilencedPackets(table);
    this.#prepareNeighbours(table);
    return this.#silence.follow(table);
  }

  async statistics(): Promise<Result<readonly ServiceStatistics[], EngineFault>> {
    return ok(this.#balancer.statistics());
  }

  async zero(key?: VirtualServerKey): Promise<Result<void, EngineFault>> {
    return this.#balancer.zero(key);
  }

  async settings(): Promise<Result<BalancerSettings, EngineFault>> {
    return ok(this.#balancer.settings);
  }

  async configure(settings: Partial<BalancerSettings>): Promise<Result<void, EngineFault>> {
    const current = this.#balancer.settings;
    const idle = settingsWithoutEffect.find(
      (name) => settings[name] !== undefined && settings[name] !== current[name],
    );
    if (idle !== undefined) return notYet(`${idle} has no effect`);
    this.#balancer.set(settings);
    return ok(undefined);
  }

  async connections(): Promise<Result<Iterable<ConnectionEntry>, EngineFault>> {
    return ok(this.#balancer.connectionEntries(this.#parts.syscalls.monotonicMs()));
  }

  async syncDaemons(): Promise<Result<readonly SyncDaemonState[], EngineFault>> {
    return ok([]);
  }

  async startSyncDaemon(): Promise<Result<void, EngineFault>> {
    return notYet("connections cannot be copied");
  }

  async stopSyncDaemon(): Promise<Result<void, EngineFault>> {
    return notYet("connections cannot be copied");
  }

  async maintain(): Promise<readonly EngineFinding[]> {
    const nowMs = this.#parts.syscalls.monotonicMs();
    this.#balancer.expire(nowMs);
    if (nowMs - this.#refreshedAtMs >= REFRESH_INTERVAL_MS) {
      this.#refreshedAtMs = nowMs;
      this.#hops.refresh();
    }
    const findings = this.#reportSendFailures();
    if (nowMs - this.#inspectedAtMs < INSPECTION_INTERVAL_MS) return findings;
    this.#inspectedAtMs = nowMs;
    if (await this.#silence.isInForce()) return findings;
    const restored = await this.#silence.restore();
    const done = restored.ok ? "installed it again" : restored.fault.text;
    const found = "the nft table inet keelson_model is gone";
    return [...findings, { found, done, ok: restored.ok }];
  }

  async close(): Promise<void> {
    this.#frames.close();
    this.#local.close();
    this.#hops.close();
    await this.#silence.lift();
    this.#parts.routing.close();
    this.#parts.addresses.close();
  }

  #listensOn(name: string): boolean {
    return this.#parts.interfaces === undefined || this.#parts.interfaces.includes(name);
  }

  #refusal(operation: BalancerOperation): EngineFault | undefined {
    const key = "key" in operation ? operation.key : operation.service.key;
    if (key.kind === "fwmark")
      return { kind: "not-supported", text: "a packet socket does not see firewall marks" };
    if (key.address.includes(":"))
      return { kind: "not-supported", text: "the model data plane does IPv4" };
    if ("service" in operation && operation.service.persistenceEngine !== undefined)
      return { kind: "not-supported", text: "only the kernel has persistence engines" };
    const destination = "destination" in operation ? operation.destination : undefined;
    if (destination?.forwarding === "TUN")
      return { kind: "not-supported", text: "the model data plane does NAT and DR" };
    if (destination?.forwarding !== "NAT" || !this.#isLocal(destination.address)) return undefined;
    // Its replies would leave without passing a packet socket. By DR they need no change.
    const text = `${destination.address} is this machine's own: NAT to it is not possible, DR is`;
    return { kind: "not-supported", text };
  }

  #prepareNeighbours(table: BalancerTable): void {
    for (const { destinations } of table.services) {
      for (const { address, forwarding } of destinations) {
        const route = this.#hops.route(address, forwarding === "NAT" ? "route" : "link");
        if (route.ok) this.#hops.prepare(route.value);
      }
    }
  }

  #handle(arrived: ArrivedFrame): void {
    const frame = withCompleteSctp(arrived);
    if (this.#parts.interfaces !== undefined) {
      const name = this.#hops.interfaceName(frame.interfaceIndex);
      if (name === undefined || !this.#listensOn(name)) return;
    }
    const verdict = this.#balancer.handlePacket(frame.bytes, this.#parts.syscalls.monotonicMs(), {
      checksum: frame.partialChecksum ? "partial" : "complete",
    });
    switch (verdict.kind) {
      case "forward":
        this.#forward(frame, verdict);
        break;
      case "reply":
        this.#answer(frame, verdict.frame);
        break;
      case "pass":
        this.#standIn(frame);
        break;
      case "drop":
        break;
    }
  }

  #forward(frame: ArrivedFrame, verdict: Extract<Verdict, { readonly kind: "forward" }>): void {
    const packet = viewPacket(frame.bytes);
    if (verdict.toward === "real-server" && packet !== undefined)
      this.#hops.learn(frame.interfaceIndex, packet.source, frame.bytes.subarray(6, 12));
    this.#send(frame, verdict.frame, verdict.nextHop, verdict.via);
  }

  /** `outgoing` was made from `frame` and shares its offload promises. */
  #send(frame: ArrivedFrame, outgoing: Uint8Array, to: IpAddress, via: "link" | "route"): void {
    const route = this.#hops.route(to, via);
    if (!route.ok) {
      this.#noteSendFailure(`no route to ${to}: ${route.fault}`);
      return;
    }
    if (route.value.local) {
      this.#deliverLocally(frame, outgoing);
      return;
    }
    // The buffers of `frame` are used again once this call is over.
    const offload = frame.offload.slice();
    this.#hops.whenResolved(route.value, ({ interfaceIndex, source, destination }) => {
      outgoing.set(destination, 0);
      outgoing.set(source, 6);
      const sent = this.#frames.send(interfaceIndex, outgoing, offload);
      if (!sent.ok) this.#noteSendFailure(`to ${to}: ${sent.fault.text}`);
    });
  }

  #deliverLocally(frame: ArrivedFrame, outgoing: Uint8Array): void {
    const packet = viewPacket(outgoing);
    if (packet === undefined) return;
    if (frame.partialChecksum) completeChecksum(outgoing, frame.offload);
    const delivered = this.#local.deliver(outgoing, packet.destination);
    if (!delivered.ok) this.#noteSendFailure(`to ${packet.destination}: ${delivered.fault.text}`);
  }

  #answer(frame: ArrivedFrame, answer: Uint8Array): void {
    const sent = this.#frames.send(frame.interfaceIndex, answer, noOffload);
    if (!sent.ok) this.#noteSendFailure(sent.fault.text);
  }

  /** A packet that is not the balancer's, but that the kernel was kept from seeing. */
  #standIn(frame: ArrivedFrame): void {
    const packet = viewPacket(frame.bytes);
    if (packet === undefined) return;
    const silenced = this.#silenced.why(packet, (address) => this.#isLocal(address));
    if (silenced === "to-service" && this.#isLocal(packet.destination)) {
      const reset = buildReset(frame.bytes);
      if (reset !== undefined) this.#answer(frame, reset);
    }
    if (silenced === "from-real-server" && packet.ttl > 1 && isRouter())
      this.#send(frame, copyWithLowerTtl(packet), packet.destination, "route");
  }

  #isLocal(address: IpAddress): boolean {
    const route = this.#hops.route(address, "route");
    return route.ok && route.value.local;
  }

  #noteSendFailure(text: string): void {
    this.#sendFailures++;
    this.#lastSendFailure = text;
  }

  #reportSendFailures(): readonly EngineFinding[] {
    if (this.#sendFailures === 0) return [];
    const found = `${this.#sendFailures} packets could not be sent, the last one ${this.#lastSendFailure}`;
    this.#sendFailures = 0;
    return [{ found, done: "dropped them", ok: false }];
  }
}

/**
 * A frame whose SCTP checksum was left to a network card, completed: an offload header cannot say that
 * it is not the checksum of the Internet.
 */
function withCompleteSctp(frame: ArrivedFrame): ArrivedFrame {
  const packet = frame.partialChecksum ? viewPacket(frame.bytes) : undefined;
  if (packet?.protocol !== IP_PROTOCOL_SCTP || packet.transport === undefined) return frame;
  const bytes = frame.bytes.slice();
  const { at } = packet.transport;
  writeSctpChecksum(bytes, at + SCTP_CHECKSUM_OFFSET, 0);
  const checksum = crc32c(bytes, at, packet.at + packet.totalLength);
  writeSctpChecksum(bytes, at + SCTP_CHECKSUM_OFFSET, checksum);
  return { ...frame, bytes, offload: noOffload, partialChecksum: false };
}

function isRouter(): boolean {
  return readFileSync("/proc/sys/net/ipv4/ip_forward", "utf8").trim() === "1";
}
