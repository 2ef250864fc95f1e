// Runs sessions on a world. As in the VRRP engine, the sockets are emptied before the clock is believed:
// a late reader is not a dead neighbour.

import { familyOf } from "../base/address.ts";
import type { BfdSession } from "../model/bfd-session.ts";
import type { BfdSessionStatus } from "../model/bfd-status.ts";
import { sameValue } from "../plan/same-value.ts";
import { encodeBfdPacket } from "../wire/bfd-packet.ts";
import type { BfdNetwork, BfdReceiver, BfdReceiverOptions } from "../world/bfd-network.ts";
import type { Clock } from "../world/clock.ts";
import type { LogEvent } from "../world/log.ts";
import type { Alarm } from "../world/vrrp-network.ts";
import { acceptPacket, type BfdRejectKind, sentTtl } from "./accept-packet.ts";
import { remoteDetectionMs } from "./intervals.ts";
import { RunningSession } from "./running-session.ts";
import { type BfdEvent, bfdWakeAtMs } from "./state.ts";
import { stepBfd } from "./step.ts";

/** RFC 5881 section 4 and RFC 5883 section 5. */
const PORT_SINGLE_HOP = 3784;
const PORT_MULTI_HOP = 4784;
const SOURCE_PORT_MIN = 49_152;
const SOURCE_PORTS = 16_384;
const RETRY_MS = 1000;
/** How long the end of a session is told at most. */
const FAREWELL_MS_MAX = 1000;
/** Clock events of one session in one turn; more wait for the next turn. */
const CLOCK_EVENTS_PER_TURN = 8;

/** The outside, real or simulated. */
export interface BfdWorld {
  readonly clock: Clock;
  readonly network: BfdNetwork;
  /** In [0, 1). */
  random(): number;
  openAlarm(onAlarm: () => void): Alarm;
  /** Takes a message; must neither block nor call back. */
  tell(output: BfdOutput): void;
}

/** News of the engine; times are wall-clock milliseconds. */
export type BfdOutput =
  | {
      readonly kind: "bfd-session";
      readonly session: BfdSession;
      /** Null: nothing is known yet. */
      readonly up: boolean | null;
      readonly text: string;
      readonly atMs: number;
    }
  | { readonly kind: "log"; readonly event: LogEvent };

export class BfdEngine {
  readonly #world: BfdWorld;
  readonly #alarm: Alarm;
  readonly #receivers = new Map<string, BfdReceiver>();
  readonly #strays = new Map<BfdRejectKind, number>();
  #sessions: RunningSession[] = [];

  constructor(world: BfdWorld) {
    this.#world = world;
    this.#alarm = world.openAlarm(() => this.#onAlarm());
  }

  /**
   * Takes the wished sessions. One that is as before goes on undisturbed; other intervals are agreed with
   * the neighbour while it stays up; one with another neighbour, source, TTL or port starts anew. Returns
   * one line for each change.
   */
  configure(wish: readonly BfdSession[]): readonly string[] {
    const changes: string[] = [];
    const running = new Map(this.#living().map((one) => [one.config.name, one]));
    const kept = new Set<RunningSession>();
    const fresh: BfdSession[] = [];
    for (const config of wish) {
      const known = running.get(config.name);
      if (known === undefined || identity(known.config) !== identity(config)) {
        fresh.push(config);
        changes.push(`${known === undefined ? "add" : "restart"} BFD session ${config.name}`);
        continue;
      }
      kept.add(known);
      if (sameValue(known.config, config)) continue;
      changes.push(`change BFD session ${config.name}`);
      known.config = config;
      this.#step(known, { kind: "config-changed" });
      this.#announce(known);
    }
    const wished = new Set(wish.map(({ name }) => name));
    for (const session of running.values()) {
      if (kept.has(session)) continue;
      if (wished.has(session.config.name)) {
        // Its successor speaks to the same neighbour, who would hear two voices.
        this.#forget(session);
        continue;
      }
      changes.push(`remove BFD session ${session.config.name}`);
      this.#end(session);
    }
    for (const config of fresh) this.#begin(config);
    this.#endTurn();
    return changes;
  }

  /** Tells again what is known of every session, for a reader that has come anew. */
  retell(): void {
    for (const session of this.#living()) this.#announce(session);
  }

  /**
   * Takes every session down for its neighbour's sake. Returns for how many milliseconds the engine wants
   * to go on saying so (RFC 5880 section 6.8.16: a detection time).
   */
  stop(): number {
    for (const session of this.#living()) this.#end(session);
    this.#endTurn();
    const nowMs = this.#world.clock.nowMs();
    return Math.max(0, ...this.#sessions.map(({ endsAtMs = nowMs }) => endsAtMs - nowMs));
  }

  report(): readonly BfdSessionStatus[] {
    return this.#living().map((session) => session.report());
  }

  /** Refused packets that were for no session, by kind. */
  strays(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#strays);
  }

  close(): void {
    this.#alarm.close();
    for (const session of this.#sessions) session.sender?.close();
    for (const receiver of this.#receivers.values()) receiver.close();
    this.#sessions = [];
    this.#receivers.clear();
  }

  #living(): readonly RunningSession[] {
    return this.#sessions.filter((session) => session.endsAtMs === undefined);
  }

  #begin(config: BfdSession): void {
    const { clock } = this.#world;
    const now = { nowMs: clock.nowMs(), wallMs: clock.wallMs() };
    const key = receiverKey(receiverOptions(config));
    const session = new RunningSession(config, this.#freeDiscriminator(), key, now);
    this.#sessions.push(session);
    this.#openSockets(session);
    this.#announce(session);
  }

  #end(session: RunningSession): void {
    if (session.sender === undefined) {
      this.#forget(session);
      return;
    }
    const tellForMs = Math.min(FAREWELL_MS_MAX, remoteDetectionMs(session.config, session.state));
    session.endsAtMs = this.#world.clock.nowMs() + tellForMs;
    this.#step(session, { kind: "disabled" });
  }

  #forget(session: RunningSession): void {
    session.sender?.close();
    this.#sessions = this.#sessions.filter((other) => other !== session);
    if (this.#sessions.some(({ receiverKey }) => receiverKey === session.receiverKey)) return;
    this.#receivers.get(session.receiverKey)?.close();
    this.#receivers.delete(session.receiverKey);
  }

  /** Opens what the session needs; what does not work is told and tried again. */
  #openSockets(session: RunningSession): void {
    const nowMs = this.#world.clock.nowMs();
    const fault = this.#openReceiver(session.config) ?? this.#openSender(session);
    if (fault === undefined) {
      session.retryAtMs = Number.POSITIVE_INFINITY;
      if (session.trouble !== undefined) {
        session.trouble = undefined;
        this.#announce(session);
      }
      this.#step(session, { kind: "started" });
      return;
    }
    session.retryAtMs = nowMs + RETRY_MS;
    if (session.trouble === fault) return;
    session.trouble = fault;
    const text = `BFD session ${session.config.name}: ${fault}`;
    this.#tellLog({ level: "error", kind: "bfd-socket-failed", text });
  }

  #openReceiver(config: BfdSession): string | undefined {
    const options = receiverOptions(config);
    const key = receiverKey(options);
    if (this.#receivers.has(key)) return undefined;
    const opened = this.#world.network.openReceiver(options, () => this.#onReadable(key));
    if (!opened.ok) return `cannot listen on UDP port ${options.port}: ${opened.fault.text}`;
    this.#receivers.set(key, opened.value);
    return undefined;
  }

  #openSender(session: RunningSession): string | undefined {
    const { neighbor, source } = session.config;
    const opened = this.#world.network.openSender({
      family: familyOf(neighbor),
      ttl: sentTtl(session.config),
      firstPort: SOURCE_PORT_MIN + Math.floor(this.#world.random() * SOURCE_PORTS),
      ...(source === undefined ? {} : { address: source }),
    });
    if (!opened.ok) return `cannot send to ${neighbor}: ${opened.fault.text}`;
    session.sender = opened.value;
    return undefined;
  }

  #freeDiscriminator(): number {
    for (;;) {
      const candidate = Math.floor(this.#world.random() * 0x1_0000_0000);
      const taken = this.#sessions.some(({ discriminator }) => discriminator === candidate);
      if (candidate !== 0 && !taken) return candidate;
    }
  }

  #onReadable(key: string): void {
    this.#drain(key);
    this.#endTurn();
  }

  #drain(key: string): void {
    const sessions = this.#sessions.filter(({ receiverKey }) => receiverKey === key);
    for (const arrival of this.#receivers.get(key)?.receive() ?? []) {
      const accepted = acceptPacket(arrival, sessions);
      if (!accepted.ok) {
        const { kind, session } = accepted.fault;
        if (session === undefined) this.#strays.set(kind, (this.#strays.get(kind) ?? 0) + 1);
        else session.reject(kind);
        continue;
      }
      const { session, packet } = accepted.value;
      session.received++;
      const atMs = Math.min(arrival.receivedAtMs, this.#world.clock.nowMs());
      this.#step(session, { kind: "packet-received", packet, atMs });
    }
  }

  #onAlarm(): void {
    for (const key of this.#receivers.keys()) this.#drain(key);
    for (const session of [...this.#sessions]) this.#passTime(session);
    this.#endTurn();
  }

  #passTime(session: RunningSession): void {
    const nowMs = this.#world.clock.nowMs();
    if (nowMs >= (session.endsAtMs ?? Number.POSITIVE_INFINITY)) {
      this.#forget(session);
      return;
    }
    if (nowMs >= session.retryAtMs) this.#openSockets(session);
    for (let i = 0; i < CLOCK_EVENTS_PER_TURN; i++) {
      const wakeAtMs = bfdWakeAtMs(session.state);
      if (wakeAtMs === undefined || wakeAtMs > this.#world.clock.nowMs()) break;
      this.#step(session, { kind: "clock-reached" });
    }
    if (session.up === null && nowMs >= session.graceEndsAtMs) this.#announce(session);
  }

  #step(session: RunningSession, event: BfdEvent): void {
    const nowMs = this.#world.clock.nowMs();
    const { config, state: before } = session;
    const { state, deeds } = stepBfd(config, before, event, nowMs, this.#world.random());
    session.state = state;
    for (const deed of deeds) {
      if (deed.kind === "send") this.#send(session, encodeBfdPacket(deed.packet));
      else this.#transitioned(session, deed.from, deed.to);
    }
  }

  #send(session: RunningSession, bytes: Uint8Array): void {
    const { neighbor, multihop } = session.config;
    const port = multihop ? PORT_MULTI_HOP : PORT_SINGLE_HOP;
    const sent = session.sender?.send(bytes, neighbor, port);
    if (sent === undefined) return;
    // A neighbour that cannot be reached at this moment is what detection is for.
    if (sent.ok) session.sent++;
  }

  #transitioned(session: RunningSession, from: string, to: string): void {
    session.sinceMs = this.#world.clock.wallMs();
    if (to === "Up") session.wentUp++;
    if (from === "Up") session.wentDown++;
    // A session that ends says nothing more: whoever followed it has been told so already.
    if (session.endsAtMs !== undefined) return;
    if (to === "Up" || from === "Up") this.#announce(session);
  }

  /** Tells the result where it has changed, or for a reader that does not know it. */
  #announce(session: RunningSession): void {
    const nowMs = this.#world.clock.nowMs();
    const { config, state } = session;
    const known = state.role === "Up" || session.wentUp > 0 || nowMs >= session.graceEndsAtMs;
    const up = known ? state.role === "Up" : null;
    session.up = up;
    const atMs = this.#world.clock.wallMs();
    this.#world.tell({ kind: "bfd-session", session: config, up, text: session.describe(), atMs });
  }

  #tellLog(event: LogEvent): void {
    this.#world.tell({ kind: "log", event });
  }

  #endTurn(): void {
    let atMs = Number.POSITIVE_INFINITY;
    for (const session of this.#sessions) {
      atMs = Math.min(
        atMs,
        bfdWakeAtMs(session.state) ?? atMs,
        session.retryAtMs,
        session.endsAtMs ?? atMs,
        session.up === null ? session.graceEndsAtMs : atMs,
      );
    }
    this.#alarm.set(atMs === Number.POSITIVE_INFINITY ? undefined : atMs);
  }
}

/** What makes a session another one, so that it starts anew. */
function identity(config: BfdSession): string {
  const { neighbor, source = "", multihop } = config;
  return `${neighbor} ${source} ${multihop} ${sentTtl(config)}`;
}

function receiverOptions(config: BfdSession): BfdReceiverOptions {
  const { neighbor, source, multihop } = config;
  return {
    family: familyOf(neighbor),
    port: multihop ? PORT_MULTI_HOP : PORT_SINGLE_HOP,
    ...(source === undefined ? {} : { address: source }),
  };
}

function receiverKey({ family, port, address }: BfdReceiverOptions): string {
  return `${family} ${port} ${address ?? "any"}`;
}
