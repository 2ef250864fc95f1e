// Connections of health checks: opened, judged, and gone without a trace. Answers come through
// callbacks, exactly one for each probe, never before the call has returned.

import type { CheckTarget } from "../model/virtual-server.ts";

export type ProbeOutcome =
  | { readonly kind: "succeeded"; readonly latencyMs: number }
  /** The server's fault, or the network's: `connection refused by 10.0.0.7:80`. */
  | { readonly kind: "failed"; readonly reason: string }
  /** This machine's fault, for instance no free descriptor: says nothing of the server. */
  | { readonly kind: "impossible"; readonly reason: string };

export type DialogueProgress =
  | { readonly kind: "more" }
  | { readonly kind: "succeeded" }
  | { readonly kind: "failed"; readonly reason: string };

/** One request and the judgement of its answer, without sockets. */
export interface ProbeDialogue {
  /** Sent when the connection stands. */
  readonly request: Uint8Array;
  receive(bytes: Uint8Array): DialogueProgress;
  /** The peer has closed its side. */
  end(): DialogueProgress;
  /** What is missing at this moment, for the reason of a timeout: `an answer to GET /`. */
  waitingFor(): string;
}

/** Ends a probe early; its callback is not called any more. Harmless when it has ended. */
export type CancelProbe = () => void;

export interface ProbeNetwork {
  /** Opens a TCP connection and resets it at once when it stands. */
  tcpConnect(
    target: CheckTarget,
    timeoutMs: number,
    onDone: (outcome: ProbeOutcome) => void,
  ): CancelProbe;
  /** Opens a connection within `timeoutMs`, then holds the dialogue within another `timeoutMs`. */
  tcpDialogue(
    target: CheckTarget,
    timeoutMs: number,
    dialogue: ProbeDialogue,
    onDone: (outcome: ProbeOutcome) => void,
  ): CancelProbe;
}
