// What the control socket's requests mean to a director.

import type { ControlAnswer, ControlRequest } from "../api/control-protocol.ts";
import type { Result } from "../base/result.ts";
import type { DirectorStatus } from "../model/status.ts";
import type { Director } from "./director.ts";
import { answerPlane } from "./plane-requests.ts";
import type { Trials } from "./trial.ts";

/** Answers one request. `end` begins the end and resolves when the director's work is done. */
export async function answerWith(
  request: Exclude<ControlRequest, { readonly command: "events" }>,
  running: { readonly director: Director; readonly trials: Trials } | undefined,
  end: (how: "stop" | "release") => Promise<void>,
): Promise<ControlAnswer> {
  if (running === undefined) return { ok: false, error: "the director is still starting" };
  const { director, trials } = running;
  switch (request.command) {
    case "status": {
      const status = await director.status();
      const trial = trials.status;
      return { ok: true, status: trial === undefined ? status : { ...status, trial } };
    }
    case "apply":
      return trials.apply(request.path, request.confirmWithinMs);
    case "confirm":
      return trials.confirm();
    case "rollback":
      return trials.rollBack("somebody has asked for it");
    case "reload": {
      const refusal = trials.refusal;
      if (refusal !== undefined) return { ok: false, error: refusal };
      const outcome = await director.reload();
      if (outcome.ok) return { ok: true, text: `reloaded: ${outcome.text}` };
      const error = `reload refused, the configuration before it goes on: ${outcome.text}`;
      return { ok: false, error };
    }
    case "plane":
      return answerPlane(request.request, director.planeSubject);
    case "failover": {
      const { ok, text } = await director.failover(request.name);
      return ok ? { ok, text } : { ok, error: text };
    }
    case "drain": {
      const { server, virtualServer, withinMs } = request;
      const order = { server, ...(virtualServer === undefined ? {} : { virtualServer }) };
      return answerDrain(director.drains.drain(director.running.model, order, withinMs));
    }
    case "undrain":
      return answerDrain(director.drains.undrain(request));
    case "stop": {
      await end(request.keep ? "release" : "stop");
      const text = request.keep ? "ended; addresses and forwarding stay" : "stopped";
      return { ok: true, text };
    }
  }
}

function answerDrain(outcome: Result<string, string>): ControlAnswer {
  return outcome.ok ? { ok: true, text: outcome.value } : { ok: false, error: outcome.fault };
}

/** `1 MASTER, 1 BACKUP; 3 of 4 real servers serve`. */
export function describeForServiceManager(status: DirectorStatus): string {
  const states = new Map<string, number>();
  for (const { state } of status.vrrpInstances) states.set(state, (states.get(state) ?? 0) + 1);
  const vrrp = [...states].map(([state, count]) => `${count} ${state}`).join(", ");
  const servers = status.virtualServers
    .flatMap((server) => server.realServers)
    .filter((server) => server.role === "real");
  const serving = servers.filter((server) => (server.weight ?? 0) > 0).length;
  const balancing =
    servers.length === 0 ? "" : `${serving} of ${servers.length} real servers serve`;
  const parts = [vrrp, balancing].filter((part) => part !== "");
  return parts.length === 0 ? "nothing configured" : parts.join("; ");
}
