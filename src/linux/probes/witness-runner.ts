// Asks witnesses. A question looks like the run of a program to whoever counts the answers: it starts,
// and ends well or not.

import { get } from "node:http";
import type { Witness, WitnessProbe } from "../../model/witness.ts";
import type { ProbeNetwork, ProbeOutcome } from "../../world/probe-network.ts";
import type { ProcessRunner, RunningProcess } from "../../world/process.ts";
import type { Pinger } from "./ping.ts";
import { spokenDuration } from "./spoken-duration.ts";

/** What the runner asks with. */
export interface WitnessRunnerParts {
  readonly pinger: Pinger;
  readonly probes: ProbeNetwork;
  /** Finds the witness of a run by its name, which is the run's only word. */
  readonly witness: (name: string) => Witness | undefined;
}

/** A runner whose programs are names of witnesses. */
export function witnessRunner(parts: WitnessRunnerParts): ProcessRunner {
  return {
    run({ command, timeoutMs }, onEnd): RunningProcess {
      const witness = parts.witness(command[0] ?? "");
      if (witness === undefined) {
        setImmediate(() => onEnd({ success: false, text: "is not configured" }));
        return { cancel: () => undefined };
      }
      const cancel = ask(witness.probe, timeoutMs, parts, (outcome) =>
        onEnd({ success: outcome.kind === "succeeded", text: describe(outcome) }),
      );
      return { cancel };
    },
  };
}

function describe(outcome: ProbeOutcome): string {
  return outcome.kind === "succeeded" ? "answers" : outcome.reason;
}

function ask(
  probe: WitnessProbe,
  timeoutMs: number,
  { pinger, probes }: WitnessRunnerParts,
  onDone: (outcome: ProbeOutcome) => void,
): () => void {
  switch (probe.kind) {
    case "ping":
      return pinger.ping(probe.address, timeoutMs, onDone);
    case "tcp":
      return probes.tcpConnect({ address: probe.address, port: probe.port }, timeoutMs, onDone);
    case "http":
      return askHttp(probe, timeoutMs, onDone);
  }
}

function askHttp(
  { address, port, path }: Extract<WitnessProbe, { readonly kind: "http" }>,
  timeoutMs: number,
  onDone: (outcome: ProbeOutcome) => void,
): () => void {
  let ended = false;
  const where = `http://${address.includes(":") ? `[${address}]` : address}:${port}${path}`;
  const finish = (outcome: ProbeOutcome | undefined): void => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    request.destroy();
    if (outcome !== undefined) onDone(outcome);
  };
  const startedAtMs = performance.now();
  const request = get({ host: address, port, path, agent: false }, (response) => {
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 400)
      finish({ kind: "succeeded", latencyMs: performance.now() - startedAtMs });
    else finish({ kind: "failed", reason: `${where}: status ${statusCode}` });
  });
  request.on("error", (error) => finish({ kind: "failed", reason: `${where}: ${error.message}` }));
  const reason = `${where}: no answer within ${spokenDuration(timeoutMs)}`;
  const timer = setTimeout(() => finish({ kind: "failed", reason }), timeoutMs);
  return () => finish(undefined);
}
