// Probes of health checks on real sockets. Every connection ends with a reset, so that neither
// side keeps a TIME_WAIT or half-open socket however often it is probed.

import { connect, type Socket } from "node:net";
import { type CheckTarget, endpointName } from "../../model/virtual-server.ts";
import type { ProbeDialogue, ProbeNetwork, ProbeOutcome } from "../../world/probe-network.ts";
import { outcomeOfError } from "./connect-error.ts";
import { spokenDuration } from "./spoken-duration.ts";

/** Opens the probes; they hold nothing while no probe runs. */
export function openProbeNetwork(): ProbeNetwork {
  return {
    tcpConnect: (target, timeoutMs, onDone) => {
      const probe = new TcpProbe(target, timeoutMs, undefined, onDone);
      return () => probe.end(undefined);
    },
    tcpDialogue: (target, timeoutMs, dialogue, onDone) => {
      const probe = new TcpProbe(target, timeoutMs, dialogue, onDone);
      return () => probe.end(undefined);
    },
  };
}

/** One connection from its first packet to its reset. */
class TcpProbe {
  readonly #target: CheckTarget;
  readonly #timeoutMs: number;
  readonly #dialogue: ProbeDialogue | undefined;
  readonly #onDone: (outcome: ProbeOutcome) => void;
  readonly #startedAtMs = performance.now();
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(
    target: CheckTarget,
    timeoutMs: number,
    dialogue: ProbeDialogue | undefined,
    onDone: (outcome: ProbeOutcome) => void,
  ) {
    this.#target = target;
    this.#timeoutMs = timeoutMs;
    this.#dialogue = dialogue;
    this.#onDone = onDone;
    this.#startTimer(`no connection to ${this.#peer}`);
    try {
      this.#open();
    } catch (error) {
      // Arguments that node:net refuses; the answer still must not precede the return.
      setImmediate(() => this.end(outcomeOfError(error, this.#peer)));
    }
  }

  /** Ends the probe; without an outcome nobody is told. */
  end(outcome: ProbeOutcome | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    // A socket that is still connecting would be reset only after the connection stands.
    if (socket?.connecting) socket.destroy();
    else socket?.resetAndDestroy();
    if (outcome !== undefined) this.#onDone(outcome);
  }

  get #peer(): string {
    return endpointName(this.#target.address, this.#target.port);
  }

  #open(): void {
    const { address, port, bindAddress, bindPort } = this.#target;
    const socket = connect({
      host: address,
      port,
      noDelay: true,
      ...(bindAddress === undefined ? {} : { localAddress: bindAddress }),
      ...(bindPort === undefined ? {} : { localPort: bindPort }),
    });
    this.#socket = socket;
    socket.on("error", (error) => this.end(outcomeOfError(error, this.#peer)));
    socket.on("connect", () => this.#onConnect(socket));
  }

  #onConnect(socket: Socket): void {
    if (this.#ended) return;
    const dialogue = this.#dialogue;
    if (dialogue === undefined) {
      this.#succeed();
      return;
    }
    clearTimeout(this.#timer);
    this.#startTimer(() => `${this.#peer} did not send ${dialogue.waitingFor()}`);
    socket.on("data", (bytes) => this.#advance(() => dialogue.receive(bytes)));
    socket.on("end", () => this.#advance(() => dialogue.end(), true));
    socket.write(dialogue.request);
  }

  #advance(step: () => ReturnType<ProbeDialogue["end"]>, last = false): void {
    if (this.#ended) return;
    const progress = step();
    if (progress.kind === "succeeded") this.#succeed();
    else if (progress.kind === "failed")
      this.end({ kind: "failed", reason: `${this.#peer}: ${progress.reason}` });
    else if (last) this.end({ kind: "failed", reason: `connection closed by ${this.#peer}` });
  }

  #succeed(): void {
    this.end({ kind: "succeeded", latencyMs: performance.now() - this.#startedAtMs });
  }

  #startTimer(what: string | (() => string)): void {
    this.#timer = setTimeout(() => {
      const text = typeof what === "string" ? what : what();
      const reason = `timed out: ${text} within ${spokenDuration(this.#timeoutMs)}`;
      this.end({ kind: "failed", reason });
    }, this.#timeoutMs);
  }
}
