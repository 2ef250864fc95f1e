// What the options of a command mean together, and what ipvsadm adds by itself: the default scheduler, the port that DR
// and tunnels have, the interface of a sync daemon.

import { familyOf } from "../base/address.ts";
import { assert } from "../base/assert.ts";
import { ok, type Result } from "../base/result.ts";
import type { Destination, SchedulerFlag } from "../model/balancer-table.ts";
import type { SyncDaemonState } from "../model/sync-daemon.ts";
import type { VirtualServerKey } from "../model/virtual-server.ts";
import type { IpvsadmCommand, IpvsadmRefusal, ListFormat, TypedService } from "./command.ts";
import { type CommandDraft, usageFault } from "./command-draft.ts";
import { judgeTunnelOptions } from "./judge-options.ts";
import { type OptionTitle, tunnelTitles } from "./options.ts";
import { flagsOfWords } from "./scheduler-flags.ts";
import { lengthOfMask } from "./values.ts";

type Outcome = Result<IpvsadmCommand, IpvsadmRefusal>;

const schedulerDefault = "wlc";
const interfaceDefault = "eth0";

/** The command of a draft whose options go with it. */
export function commandOfDraft(draft: CommandDraft): Outcome {
  const { command, given, key } = draft;
  switch (command) {
    case "add-service":
    case "edit-service":
      return serviceCommand(command, draft, present(key));
    case "add-server":
    case "edit-server":
      return serverCommand(command, draft, present(key));
    case "delete-service":
      return ok({ kind: command, key: present(key) });
    case "delete-server":
      return ok({ kind: command, key: present(key), ...present(draft.server) });
    case "list":
      return listCommand(draft);
    case "zero":
      return ok({ kind: command, ...(key === undefined ? {} : { key }) });
    case "set": {
      const [tcpS, tcpFinS, udpS] = present(draft.timeouts);
      return ok({ kind: command, tcpS, tcpFinS, udpS });
    }
    case "start-daemon":
      return ok({ kind: command, daemon: daemonOf(draft) });
    case "stop-daemon":
      return ok({ kind: command, role: draft.role });
    case "save":
      return ok({ kind: command, numeric: given.has("numeric") });
    case "flush":
    case "restore":
      return ok({ kind: command });
  }
}

/** What the check of options has made sure of. */
function present<Value>(value: Value | undefined): Value {
  assert(value !== undefined, "an option that a command needs was given");
  return value;
}

function serviceCommand(
  kind: "add-service" | "edit-service",
  draft: CommandDraft,
  key: VirtualServerKey,
): Outcome {
  const { persistenceTimeoutS, onePacket, persistenceEngine } = draft;
  if (key.kind === "address" && key.port === 0 && persistenceTimeoutS === 0)
    return usageFault("Zero port specified for non-persistent service");
  if (onePacket && key.kind === "address" && key.protocol !== "UDP")
    return usageFault("One-Packet Scheduling is only for UDP virtual services");
  const scheduler = draft.scheduler === "" ? schedulerDefault : draft.scheduler;
  const flags = flagsOfWords(scheduler, draft.schedulerFlagWords ?? "");
  if (!flags.ok) return usageFault(flags.fault);
  const length = draft.family === 6 ? draft.mask : lengthOfMask(draft.mask);
  if (length === undefined)
    return usageFault("a mask with holes is not supported: ones first, then zeros");
  const service: TypedService = {
    key,
    scheduler,
    persistenceTimeoutS,
    persistencePrefixLength: length,
    onePacket,
    ...withFlags(flags.value),
    ...(persistenceEngine === "" ? {} : { persistenceEngine }),
  };
  return ok({ kind, service });
}

function withFlags(schedulerFlags: readonly SchedulerFlag[]): {
  readonly schedulerFlags?: readonly SchedulerFlag[];
} {
  return schedulerFlags.length === 0 ? {} : { schedulerFlags };
}

function serverCommand(
  kind: "add-server" | "edit-server",
  draft: CommandDraft,
  key: VirtualServerKey,
): Outcome {
  const { given, forwarding, tunnelType: type, tunnelPort, checksum } = draft;
  const { address, port } = present(draft.server);
  const isTunnel = forwarding === "TUN";
  if (familyOf(address) !== draft.family && !isTunnel)
    return usageFault("Different address family is allowed only for tunneling servers");
  if (!isTunnel && tunnelTitles.some((title) => given.has(title)))
    return usageFault("Tunnel options conflict with forward method");
  const misfit = isTunnel ? judgeTunnelOptions(type, given) : undefined;
  if (misfit !== undefined) return usageFault(misfit);
  const tunnel = {
    type,
    ...(tunnelPort === 0 ? {} : { port: tunnelPort }),
    checksum,
  } as const;
  const server: Destination = {
    address,
    // Packets reach such a server as they came, so another port could not be.
    port: key.kind === "address" && forwarding !== "NAT" ? key.port : port,
    weight: draft.weight,
    forwarding,
    upperThreshold: draft.upperThreshold,
    lowerThreshold: draft.lowerThreshold,
    ...(isTunnel && type !== "ipip" ? { tunnel } : {}),
  };
  return ok({ kind, key, server });
}

function listCommand({ given, key }: CommandDraft): Outcome {
  const has = (...titles: readonly OptionTitle[]): boolean =>
    titles.some((title) => given.has(title));
  const inPlaceOfTable = has("connection", "timeout", "daemon");
  if ((inPlaceOfTable && has("stats", "rate", "thresholds")) || (has("timeout") && has("daemon")))
    return usageFault("options conflicts in the list command");
  const format: ListFormat = {
    numeric: has("numeric"),
    stats: has("stats"),
    rate: has("rate"),
    thresholds: has("thresholds"),
    persistentConnections: has("persistent-conn"),
    tunnels: has("tun-info"),
    exact: has("exact"),
    unsorted: has("nosort"),
  };
  if (has("connection")) return ok({ kind: "list-connections", format });
  if (has("timeout")) return ok({ kind: "list-timeouts" });
  if (has("daemon")) return ok({ kind: "list-daemons" });
  return ok({ kind: "list", format, ...(key === undefined ? {} : { key }) });
}

function daemonOf(draft: CommandDraft): SyncDaemonState {
  const { role, syncId, maxLength, group, groupPort, ttl } = draft;
  return {
    role,
    interface: draft.interface === "" ? interfaceDefault : draft.interface,
    syncId,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(group === undefined ? {} : { group }),
    ...(groupPort === undefined ? {} : { port: groupPort }),
    ...(ttl === undefined ? {} : { ttl }),
  };
}
