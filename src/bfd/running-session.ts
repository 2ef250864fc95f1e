// One session in operation: its settings, its machine's state, its sender, its counters.

import type { BfdSession } from "../model/bfd-session.ts";
import type { BfdSessionStatus } from "../model/bfd-status.ts";
import { bfdDiagnostic, describeBfdDiagnostic } from "../wire/bfd-packet.ts";
import type { BfdSender } from "../world/bfd-network.ts";
import type { BfdRejectKind } from "./accept-packet.ts";
import { detectionMs } from "./intervals.ts";
import { type BfdMachineState, NEVER } from "./state.ts";
import { startBfd } from "./step.ts";

/** How long a new session may be without an answer before it counts as down, in idle intervals. */
const PATIENCE_INTERVALS = 4;

export class RunningSession {
  config: BfdSession;
  state: BfdMachineState;
  readonly discriminator: number;
  readonly receiverKey: string;
  sender: BfdSender | undefined;
  /** Why nothing can be sent or heard; undefined while all is well. */
  trouble: string | undefined;
  /** When sockets that could not be opened are tried again. */
  retryAtMs: number = NEVER;
  /** Removed from the configuration: says so until then. */
  endsAtMs: number | undefined;
  /** When a session that has never been up counts as down. */
  graceEndsAtMs: number;
  /** What was told last; null: nothing is known yet. */
  up: boolean | null = null;
  sinceMs: number;
  sent = 0;
  received = 0;
  wentUp = 0;
  wentDown = 0;
  readonly rejected: Map<BfdRejectKind, number> = new Map();

  constructor(
    config: BfdSession,
    discriminator: number,
    receiverKey: string,
    now: { readonly nowMs: number; readonly wallMs: number },
  ) {
    this.config = config;
    this.discriminator = discriminator;
    this.receiverKey = receiverKey;
    this.state = startBfd(config, discriminator);
    this.graceEndsAtMs = now.nowMs + PATIENCE_INTERVALS * config.idleTransmitMs;
    this.sinceMs = now.wallMs;
  }

  reject(kind: BfdRejectKind): void {
    this.rejected.set(kind, (this.rejected.get(kind) ?? 0) + 1);
  }

  /** The state in words. */
  describe(): string {
    const { state, config } = this;
    const { neighbor } = config;
    if (this.trouble !== undefined) return this.trouble;
    if (state.role === "Up") return `up with ${neighbor}`;
    if (state.role === "AdminDown") return "taken down here";
    switch (state.diagnostic) {
      case bfdDiagnostic.detectionTimeExpired:
        return `no packet from ${neighbor} within the detection time`;
      case bfdDiagnostic.neighborSignaledDown: {
        const reason = describeBfdDiagnostic(state.remote?.diagnostic ?? 0);
        const what = state.remote?.state === "AdminDown" ? "administratively down" : "down";
        return `${neighbor} says that the session is ${what}: ${reason}`;
      }
      default:
        return state.remote === undefined
          ? `no packet from ${neighbor} yet`
          : `${state.role}, ${neighbor} is ${state.remote.state}`;
    }
  }

  report(): BfdSessionStatus {
    const { config, state } = this;
    const { remote } = state;
    const silenceMs = detectionMs(state);
    return {
      name: config.name,
      neighbor: config.neighbor,
      state: state.role,
      up: this.up,
      text: this.describe(),
      sinceMs: this.sinceMs,
      diagnostic: state.diagnostic,
      transmitIntervalMs: state.intervalUs / 1000,
      receiveIntervalMs: state.actingReceiveUs / 1000,
      multiplier: config.multiplier,
      ...(silenceMs === undefined ? {} : { detectionMs: silenceMs }),
      ...(remote === undefined
        ? {}
        : { remoteState: remote.state, remoteDiagnostic: remote.diagnostic }),
      counters: {
        sent: this.sent,
        received: this.received,
        wentUp: this.wentUp,
        wentDown: this.wentDown,
        rejected: Object.fromEntries(this.rejected),
      },
    };
  }
}
