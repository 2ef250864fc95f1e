// Which daemons copy connections between directors, and what must change about those that run.

import type { Model } from "../model/model.ts";
import type { VrrpState } from "../model/status.ts";
import type { SyncDaemonState } from "../model/sync-daemon.ts";

/**
 * The wished daemons, as keepalived runs them: the role follows the instance, and whoever is not MASTER receives.
 * Without an instance both run. Undefined where the configuration says nothing, or names an instance that does not
 * exist: then daemons of others are left alone.
 */
export function desiredSyncDaemons(
  model: Model,
  stateOf: (instance: string) => VrrpState | undefined,
): readonly SyncDaemonState[] | undefined {
  const wish = model.global.options?.syncDaemon;
  if (wish === undefined) return undefined;
  const instance = model.vrrpInstances.find(({ name }) => name === wish.instance);
  if (wish.instance !== undefined && instance === undefined) return undefined;
  const daemon = (role: SyncDaemonState["role"]): SyncDaemonState => ({
    role,
    interface: wish.interface,
    syncId: wish.id ?? instance?.vrid ?? 0,
    ...(wish.packetBytesMax === undefined ? {} : { maxLength: wish.packetBytesMax }),
    ...(wish.group === undefined ? {} : { group: wish.group }),
    ...(wish.port === undefined ? {} : { port: wish.port }),
    ...(wish.ttl === undefined ? {} : { ttl: wish.ttl }),
  });
  if (instance === undefined) return [daemon("master"), daemon("backup")];
  return [daemon(stateOf(instance.name) === "MASTER" ? "master" : "backup")];
}

/** One change to the daemons that run. */
export type SyncDaemonOperation =
  | { readonly kind: "stop-sync-daemon"; readonly role: SyncDaemonState["role"] }
  | { readonly kind: "start-sync-daemon"; readonly daemon: SyncDaemonState };

/** What leads from the daemons that run to the wished ones; whatever stops, stops first, as with keepalived. */
export function diffSyncDaemons(
  wished: readonly SyncDaemonState[],
  found: readonly SyncDaemonState[],
): readonly SyncDaemonOperation[] {
  const same = (wish: SyncDaemonState): boolean => found.some((one) => sameDaemon(wish, one));
  const stays = new Set(wished.filter(same).map(({ role }) => role));
  const stopped = found.filter(({ role }) => !stays.has(role));
  const started = wished.filter(({ role }) => !stays.has(role));
  return [
    ...stopped.map(({ role }) => ({ kind: "stop-sync-daemon", role }) as const),
    ...started.map((daemon) => ({ kind: "start-sync-daemon", daemon }) as const),
  ];
}

/** Whether `found` is what was wished; what the wish leaves open is as it may be, but for the well-known defaults. */
function sameDaemon(wish: SyncDaemonState, found: SyncDaemonState): boolean {
  return (
    wish.role === found.role &&
    wish.interface === found.interface &&
    wish.syncId === found.syncId &&
    (wish.maxLength === undefined ||
      found.maxLength === undefined ||
      wish.maxLength === found.maxLength) &&
    (wish.group ?? "224.0.0.81") === (found.group ?? "224.0.0.81") &&
    (wish.port ?? 8848) === (found.port ?? 8848) &&
    (wish.ttl ?? 1) === (found.ttl ?? 1)
  );
}

/** `start the sync daemon: master on eth1, id 9`. */
export function describeSyncDaemonOperation(operation: SyncDaemonOperation): string {
  if (operation.kind === "stop-sync-daemon") return `stop the sync daemon: ${operation.role}`;
  return `start the sync daemon: ${describeSyncDaemon(operation.daemon)}`;
}

/** `master on eth1, id 9, group 224.0.1.1, port 8849`: what is not usual is named. */
export function describeSyncDaemon(daemon: SyncDaemonState): string {
  const { group, port, ttl, maxLength } = daemon;
  const words = [`${daemon.role} on ${daemon.interface}`, `id ${daemon.syncId}`];
  if (group !== undefined && group !== "224.0.0.81") words.push(`group ${group}`);
  if (port !== undefined && port !== 8848) words.push(`port ${port}`);
  if (ttl !== undefined && ttl !== 1) words.push(`TTL ${ttl}`);
  if (maxLength !== undefined) words.push(`at most ${maxLength} bytes`);
  return words.join(", ");
}
