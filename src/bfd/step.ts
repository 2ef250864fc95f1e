// The machine of one session (RFC 5880 section 6.8). One event in, the next state and the deeds out,
// in the order in which they are to be done. Section numbers are those of RFC 5880.
//
//          Down received          Init received          Up received
//   Down   -> Init                -> Up                  stays
//   Init   stays                  -> Up                  -> Up
//   Up     -> Down                stays                  stays

import type { BfdSession } from "../model/bfd-session.ts";
import { type BfdPacket, type BfdState, bfdDiagnostic } from "../wire/bfd-packet.ts";
import {
  desiredTransmitUs,
  detectionMs,
  jittered,
  requiredReceiveUs,
  transmitIntervalUs,
} from "./intervals.ts";
import { type BfdDeed, type BfdEvent, type BfdMachineState, type BfdStep, NEVER } from "./state.ts";

/** A session before its first event. `discriminator` is 1..4294967295 and unique on this host. */
export function startBfd(config: BfdSession, discriminator: number): BfdMachineState {
  const transmitUs = desiredTransmitUs(config, false);
  const receiveUs = requiredReceiveUs(config);
  return {
    role: "Down",
    diagnostic: bfdDiagnostic.none,
    discriminator,
    remoteDiscriminator: 0,
    remote: undefined,
    desiredTransmitUs: transmitUs,
    requiredReceiveUs: receiveUs,
    actingTransmitUs: transmitUs,
    actingReceiveUs: receiveUs,
    poll: "none",
    sentAtMs: Number.NEGATIVE_INFINITY,
    transmitAtMs: NEVER,
    intervalUs: 0,
    detectAtMs: NEVER,
  };
}

/**
 * One event. `nowMs` is monotonic, `random` is in [0, 1) and spreads the packets (section 6.8.7). An early
 * `clock-reached` does nothing.
 */
export function stepBfd(
  config: BfdSession,
  state: BfdMachineState,
  event: BfdEvent,
  nowMs: number,
  random: number,
): BfdStep {
  const turn = new Turn(config, state, nowMs, random);
  switch (event.kind) {
    case "started":
      turn.speak();
      break;
    case "clock-reached":
      turn.passTime();
      break;
    case "packet-received":
      turn.hear(event.packet, event.atMs);
      break;
    case "config-changed":
      turn.reconfigure();
      break;
    case "disabled":
      turn.moveTo("AdminDown", bfdDiagnostic.administrativelyDown);
      break;
  }
  return turn.finish();
}

/** One step under construction: the state so far, and the deeds. */
class Turn {
  readonly #config: BfdSession;
  readonly #nowMs: number;
  readonly #random: number;
  readonly #deeds: BfdDeed[] = [];
  #state: BfdMachineState;
  /** The contents have changed, so that the next packet does not wait for its time (section 6.8.7). */
  #news = false;

  constructor(config: BfdSession, state: BfdMachineState, nowMs: number, random: number) {
    this.#config = config;
    this.#state = state;
    this.#nowMs = nowMs;
    this.#random = random;
  }

  speak(): void {
    this.#news = true;
  }

  passTime(): void {
    const state = this.#state;
    if (this.#nowMs >= state.detectAtMs) {
      // Section 6.8.1: a neighbour that is silent may come back as another one.
      this.#change({ remote: undefined, remoteDiscriminator: 0, detectAtMs: NEVER });
      if (state.role === "Init" || state.role === "Up")
        this.moveTo("Down", bfdDiagnostic.detectionTimeExpired);
    }
    if (this.#nowMs >= this.#state.transmitAtMs) this.#news = true;
  }

  // Section 6.8.6, behind the rules that discard a packet.
  hear(packet: BfdPacket, atMs: number): void {
    this.#change({
      remoteDiscriminator: packet.discriminator,
      remote: {
        state: packet.state,
        diagnostic: packet.diagnostic,
        multiplier: packet.multiplier,
        desiredTransmitUs: packet.desiredTransmitUs,
        requiredReceiveUs: packet.requiredReceiveUs,
        demand: packet.demand,
      },
    });
    if (packet.final) this.#endPoll();
    // "If bfd.SessionState is AdminDown: Discard the packet."
    if (this.#state.role === "AdminDown") return;
    const next = nextRole(this.#state.role, packet.state);
    if (next === "Down") this.moveTo("Down", bfdDiagnostic.neighborSignaledDown);
    else if (next !== this.#state.role) this.moveTo(next, this.#diagnosticOf(next));
    this.#change({ detectAtMs: atMs + (detectionMs(this.#state) ?? NEVER) });
    // Sections 6.5 and 6.8.7: at once, whatever else limits transmission.
    if (packet.poll) this.#send({ poll: false, final: true });
  }

  reconfigure(): void {
    const up = this.#state.role === "Up";
    this.#offer(desiredTransmitUs(this.#config, up), requiredReceiveUs(this.#config));
    // A multiplier alone takes effect with the packet that tells it.
    this.#news = true;
  }

  moveTo(role: BfdState, diagnostic: number): void {
    const from = this.#state.role;
    if (from === role) return;
    this.#change({ role, diagnostic });
    this.#offer(desiredTransmitUs(this.#config, role === "Up"), this.#state.requiredReceiveUs);
    this.#deeds.push({ kind: "record-transition", from, to: role });
    this.#news = true;
  }

  finish(): BfdStep {
    const intervalUs = transmitIntervalUs(this.#config, this.#state);
    if (intervalUs === 0) {
      this.#change({ intervalUs, transmitAtMs: NEVER });
    } else if (this.#news) {
      this.#send({ poll: this.#state.poll !== "none", final: false });
      this.#change({ intervalUs, sentAtMs: this.#nowMs });
      this.#change({ transmitAtMs: this.#nowMs + this.#gapMs(intervalUs) });
    } else if (intervalUs !== this.#state.intervalUs) {
      const atMs = this.#state.sentAtMs + this.#gapMs(intervalUs);
      this.#change({ intervalUs, transmitAtMs: Math.max(atMs, this.#nowMs) });
    }
    return { state: this.#state, deeds: this.#deeds };
  }

  /** A reason is kept until the session is up again. */
  #diagnosticOf(next: BfdState): number {
    return next === "Up" ? bfdDiagnostic.none : this.#state.diagnostic;
  }

  /**
   * Tells the neighbour other intervals. Of a session that is up it must first have agreed: until its
   * Final this side neither slows down nor expects more (section 6.8.3). Other sessions say their
   * intervals with every packet of the handshake anyway.
   */
  #offer(transmitUs: number, receiveUs: number): void {
    const state = this.#state;
    const same = transmitUs === state.desiredTransmitUs && receiveUs === state.requiredReceiveUs;
    if (same) return;
    this.#news = true;
    if (state.role !== "Up") {
      this.#change({
        desiredTransmitUs: transmitUs,
        requiredReceiveUs: receiveUs,
        actingTransmitUs: transmitUs,
        actingReceiveUs: receiveUs,
        poll: "none",
      });
      return;
    }
    this.#change({
      desiredTransmitUs: transmitUs,
      requiredReceiveUs: receiveUs,
      actingTransmitUs: Math.min(state.actingTransmitUs, transmitUs),
      actingReceiveUs: Math.max(state.actingReceiveUs, receiveUs),
      poll: state.poll === "none" ? "active" : "active-and-again",
    });
    const silenceMs = detectionMs(this.#state);
    const before = detectionMs(state);
    if (silenceMs === undefined || before === undefined) return;
    this.#change({ detectAtMs: state.detectAtMs + silenceMs - before });
  }

  #endPoll(): void {
    const { poll, desiredTransmitUs: transmitUs, requiredReceiveUs: receiveUs } = this.#state;
    if (poll === "active")
      this.#change({ poll: "none", actingTransmitUs: transmitUs, actingReceiveUs: receiveUs });
    // The Final may answer a packet with the earlier values, so that another poll must follow.
    if (poll === "active-and-again") this.#change({ poll: "active" });
  }

  #send(marks: { readonly poll: boolean; readonly final: boolean }): void {
    const { role, diagnostic, discriminator, remoteDiscriminator } = this.#state;
    const packet: BfdPacket = {
      state: role,
      diagnostic,
      ...marks,
      independent: false,
      authenticated: false,
      demand: false,
      multiplier: this.#config.multiplier,
      discriminator,
      remoteDiscriminator,
      desiredTransmitUs: this.#state.desiredTransmitUs,
      requiredReceiveUs: this.#state.requiredReceiveUs,
      // No echo packets are looped back here (section 4.1: zero says so).
      requiredEchoReceiveUs: 0,
    };
    this.#deeds.push({ kind: "send", packet });
  }

  #gapMs(intervalUs: number): number {
    return jittered(this.#config, intervalUs, this.#random);
  }

  #change(changes: Partial<BfdMachineState>): void {
    this.#state = { ...this.#state, ...changes };
  }
}

/** The state table of section 6.8.6. */
function nextRole(role: "Down" | "Init" | "Up", heard: BfdState): BfdState {
  if (heard === "AdminDown") return "Down";
  switch (role) {
    case "Down":
      if (heard === "Down") return "Init";
      return heard === "Init" ? "Up" : "Down";
    case "Init":
      return heard === "Down" ? "Init" : "Up";
    case "Up":
      return heard === "Down" ? "Down" : "Up";
  }
}
