// A running director's data plane, over its control socket.

import { join } from "node:path";
import { askDirector } from "../api/control-client.ts";
import {
  connectionsPerAnswer,
  type PlaneAnswer,
  type PlaneRequest,
} from "../api/plane-protocol.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { IpvsadmPlane } from "../ipvsadm/run-command.ts";
import type { ConnectionEntry } from "../model/connection-entry.ts";
import type { EngineFault } from "../world/engine.ts";

const answerTimeoutMs = 30_000;

/** What a director says of its data plane. */
export type DirectorsPlane =
  | { readonly kind: "plane"; readonly plane: IpvsadmPlane }
  /** It drives the kernel's IPVS, which can be asked directly; these services are its own. */
  | { readonly kind: "ipvs"; readonly owned: readonly string[] }
  /** No director runs there, or it balances nothing. */
  | { readonly kind: "none" }
  | { readonly kind: "fault"; readonly text: string };

/** Asks the director of a run directory. */
export async function openDirectorsPlane(runDirectory: string): Promise<DirectorsPlane> {
  const socket = join(runDirectory, "control.sock");
  const answer = await askDirector(
    socket,
    { command: "plane", request: { kind: "table" } },
    answerTimeoutMs,
  );
  if (!answer.ok) {
    const { kind, text } = answer.fault;
    return kind === "not-running" ? { kind: "none" } : { kind: "fault", text };
  }
  if (!answer.value.ok) {
    const { fault, error } = answer.value;
    return fault === "unavailable" ? { kind: "none" } : { kind: "fault", text: error };
  }
  if (!("plane" in answer.value) || answer.value.plane.kind !== "table")
    return { kind: "fault", text: "the director's answer is no table" };
  const { engine, owned } = answer.value.plane;
  if (engine === "ipvs") return { kind: "ipvs", owned };
  return { kind: "plane", plane: planeBehind(socket) };
}

type Answer<Kind extends PlaneAnswer["kind"]> = Extract<PlaneAnswer, { readonly kind: Kind }>;

function planeBehind(socket: string): IpvsadmPlane {
  const ask = async <Kind extends PlaneAnswer["kind"]>(
    request: PlaneRequest,
    kind: Kind,
  ): Promise<Result<Answer<Kind>, EngineFault>> => {
    const answer = await askDirector(socket, { command: "plane", request }, answerTimeoutMs);
    if (!answer.ok) return fail({ kind: "unavailable", text: answer.fault.text });
    if (!answer.value.ok) {
      const { error, fault = "syscall-failed", code } = answer.value;
      return fail({ kind: fault, text: error, ...(code === undefined ? {} : { code }) });
    }
    if ("plane" in answer.value && answer.value.plane.kind === kind)
      return ok(answer.value.plane as Answer<Kind>);
    return fail({ kind: "unavailable", text: "the director answered something else" });
  };
  const change = async (request: PlaneRequest): Promise<Result<void, EngineFault>> => {
    const answer = await ask(request, "done");
    return answer.ok ? ok(undefined) : answer;
  };
  const take = async <Kind extends PlaneAnswer["kind"], Value>(
    request: PlaneRequest,
    kind: Kind,
    part: (answer: Answer<Kind>) => Value,
  ): Promise<Result<Value, EngineFault>> => {
    const answer = await ask(request, kind);
    return answer.ok ? ok(part(answer.value)) : answer;
  };
  return {
    isKernel: false,
    observe: () => take({ kind: "table" }, "table", ({ table }) => table),
    statistics: () => take({ kind: "statistics" }, "statistics", (told) => told.statistics),
    apply: (operation) => change({ kind: "apply", operation }),
    flush: () => change({ kind: "flush" }),
    zero: (key) => change({ kind: "zero", ...(key === undefined ? {} : { key }) }),
    settings: () => take({ kind: "settings" }, "settings", ({ settings }) => settings),
    configure: (settings) => change({ kind: "configure", settings }),
    connections: async () => {
      const all: ConnectionEntry[] = [];
      for (let skip = 0; ; skip += connectionsPerAnswer) {
        const answer = await ask({ kind: "connections", skip }, "connections");
        if (!answer.ok) return answer;
        all.push(...answer.value.connections);
        if (!answer.value.more) return ok(all);
      }
    },
    syncDaemons: () => take({ kind: "daemons" }, "daemons", ({ daemons }) => daemons),
    startSyncDaemon: (daemon) => change({ kind: "start-daemon", daemon }),
    stopSyncDaemon: (role) => change({ kind: "stop-daemon", role }),
    tableSize: async () => 4096,
    close: async () => undefined,
  };
}
