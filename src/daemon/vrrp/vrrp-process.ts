// What the requests of the main process do to the engine, and what the engine tells back.

import type { BfdEngine } from "../../bfd/engine.ts";
import type { VrrpEngine } from "../../vrrp/engine/engine.ts";
import type { AddressKernel } from "../../world/kernel.ts";
import type { FromVrrp, ToVrrp } from "../vrrp-channel.ts";

/** The parts that requests are carried out with. */
export interface VrrpProcessParts {
  readonly engine: VrrpEngine;
  readonly bfd: BfdEngine;
  readonly kernel: AddressKernel;
  tell(message: FromVrrp): void;
}

/** Carries out one request. */
export function carryOut(request: ToVrrp, parts: VrrpProcessParts): void {
  const { engine, bfd, kernel, tell } = parts;
  switch (request.kind) {
    case "configure": {
      // Sessions first, so that instances that follow them find what is known of them.
      const sessions = bfd.configure(request.wish.bfdSessions);
      const changes = [...engine.configure(request.wish), ...sessions];
      const bfdSessions = bfd.report().map(({ name, up, text }) => ({ name, up, text }));
      tell({ kind: "configured", requestId: request.requestId, changes, bfdSessions });
      return;
    }
    case "tracker": {
      engine.track(request.tracker, request.name, request.result);
      return;
    }
    case "report":
      tell({
        kind: "report",
        requestId: request.requestId,
        instances: engine.report(),
        syncGroups: engine.reportGroups(),
        netlinkOperations: kernel.changesSent,
        bfdSessions: bfd.report(),
        bfdStrays: bfd.strays(),
      });
      return;
    case "failover": {
      const { ok, text } = engine.failover(request.name);
      tell({ kind: "failover-done", requestId: request.requestId, ok, text });
      return;
    }
    case "announce": {
      const { ok, text } = engine.announce(request.name);
      tell({ kind: "announced", requestId: request.requestId, ok, text });
      return;
    }
    case "heard":
      // The channel has taken note of it.
      return;
    case "stop":
      if (request.keepAddresses === true) leaveAddresses(parts);
      else engine.stop();
      return;
  }
}

/** Ends without a word to anybody: addresses stay, and nobody is asked to take them. */
export function leaveAddresses({ engine, tell }: VrrpProcessParts): void {
  engine.close();
  tell({ kind: "stopped" });
}
