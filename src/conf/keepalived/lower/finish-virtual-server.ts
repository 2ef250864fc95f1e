// From the keywords of a virtual_server to the virtual server: defaults, inheritance, and keepalived's reading of what
// cannot go together. What is said about that are the rules L01 and up.

import { familyOf } from "../../../base/address.ts";
import type { GroupServer, ServerGroup, ServerGroupEntry } from "../../../model/server-group.ts";
import type {
  RealServer,
  SorryServer,
  VirtualServer,
  VirtualServerKey,
} from "../../../model/virtual-server.ts";
import { settingOf } from "../section.ts";
import { familyOfKey, finishRealServer, translatesPort } from "./finish-real-server.ts";
import { methodOptionsOf, virtualServerOptionsOf } from "./server-options.ts";
import type { VirtualServerDraft } from "./virtual-server.ts";

/** Seconds of persistence of a virtual server for all ports that says nothing about it. */
const allPortsPersistenceS = 360;

/** The virtual server; undefined when it can serve nobody, and for a group, whose addresses stand elsewhere. */
export function finishVirtualServer(draft: VirtualServerDraft): VirtualServer | undefined {
  const key = keyOf(draft);
  return key && finishWithKey(draft, key);
}

/** The virtual servers of a group: one for each of its entries, by the first address of a range. */
export function finishGroupServers(
  draft: VirtualServerDraft,
  group: ServerGroup,
): readonly GroupServer[] {
  const persistent = group.entries.some((entry) => entry.kind === "addresses" && entry.port === 0);
  const servers = group.entries.flatMap((entry) => {
    const server = finishWithKey(draft, keyOfEntry(draft, entry));
    if (server === undefined) return [];
    // As with keepalived, one entry for all ports makes every entry persistent.
    const held = persistent && server.persistenceTimeoutS === 0;
    return [
      { entry, server: held ? { ...server, persistenceTimeoutS: allPortsPersistenceS } : server },
    ];
  });
  const leader = servers[0]?.server.key;
  if (leader === undefined) return [];
  return servers.map((one) => ({ group: group.name, ...one, leader }));
}

function keyOfEntry(draft: VirtualServerDraft, entry: ServerGroupEntry): VirtualServerKey {
  if (entry.kind === "fwmark") {
    const family = entry.family ?? familyOfMark(draft);
    return { kind: "fwmark", fwmark: entry.fwmark, family };
  }
  const { first: address, port } = entry;
  return { kind: "address", address, port, protocol: draft.protocol ?? "UDP" };
}

/** A mark says no family: the keyword or the first real server does. */
function familyOfMark(draft: VirtualServerDraft): 4 | 6 {
  const first = draft.realServers[0];
  return draft.family ?? (first === undefined ? 4 : familyOf(first.address));
}

function finishWithKey(
  draft: VirtualServerDraft,
  key: VirtualServerKey,
): VirtualServer | undefined {
  const realServers = realServersOf(draft, key);
  if (realServers.length === 0) return undefined;
  const sorryServer = sorryOf(draft, key);
  const group = draft.key.kind === "group" ? draft.key.group : undefined;
  const options = virtualServerOptionsOf(draft.section, group);
  return {
    key,
    scheduler: draft.scheduler ?? "wlc",
    persistenceTimeoutS: persistenceOf(draft, key),
    persistencePrefixLength: draft.persistencePrefixLength ?? (familyOfKey(key) === 4 ? 32 : 128),
    onePacket: onePacketOf(draft, key),
    alpha: draft.alpha ?? false,
    omega: draft.omega ?? false,
    ...quorumOf(draft, realServers),
    ...(sorryServer === undefined ? {} : { sorryServer }),
    realServers,
    ...(options === undefined ? {} : { options }),
  };
}

/** Undefined for a group, whose addresses stand in another block. */
function keyOf(draft: VirtualServerDraft): VirtualServerKey | undefined {
  const { key } = draft;
  if (key.kind === "group") return undefined;
  if (key.kind === "address") return { ...key, protocol: draft.protocol ?? "UDP" };
  return { kind: "fwmark", fwmark: key.fwmark, family: familyOfMark(draft) };
}

/** One-packet scheduling is for UDP; a mark may carry it. */
function onePacketOf(draft: VirtualServerDraft, key: VirtualServerKey): boolean {
  return draft.onePacket === true && (key.kind === "fwmark" || key.protocol === "UDP");
}

function persistenceOf(draft: VirtualServerDraft, key: VirtualServerKey): number {
  const allPorts = key.kind === "address" && key.port === 0;
  return draft.persistenceTimeoutS ?? (allPorts ? allPortsPersistenceS : 0);
}

/** Each server once; those of the other family only by tunnel. */
function realServersOf(draft: VirtualServerDraft, key: VirtualServerKey): readonly RealServer[] {
  const family = familyOfKey(key);
  const ports = new Map<string, number[]>();
  const servers: RealServer[] = [];
  for (const server of draft.realServers) {
    const forwarding = server.forwarding ?? draft.forwarding ?? "NAT";
    const seen = ports.get(server.address);
    if (seen?.includes(server.port) === true) continue;
    if (familyOf(server.address) !== family && forwarding !== "TUN") continue;
    if (seen === undefined) ports.set(server.address, [server.port]);
    else seen.push(server.port);
    servers.push(finishRealServer(server, draft, key));
  }
  return servers;
}

function sorryOf(draft: VirtualServerDraft, key: VirtualServerKey): SorryServer | undefined {
  if (draft.sorry === undefined) return undefined;
  const forwarding = draft.sorryForwarding ?? draft.forwarding ?? "NAT";
  // Left out, as with keepalived (rule L44).
  if (forwarding !== "TUN" && familyOf(draft.sorry.address) !== familyOfKey(key)) return undefined;
  const servicePort = key.kind === "fwmark" ? 0 : key.port;
  return {
    address: draft.sorry.address,
    port: translatesPort(forwarding) && draft.sorry.port !== 0 ? draft.sorry.port : servicePort,
    forwarding,
    inhibit: draft.sorryInhibit ?? false,
    ...methodOptionsOf(
      forwarding,
      draft.sorryForwarding && settingOf(draft.section, "sorry_server_lvs_method"),
      settingOf(draft.section, "lb_kind"),
    ),
  };
}

/** A quorum that cannot be reached counts as all weights; a hysteresis stays below the quorum. */
function quorumOf(
  draft: VirtualServerDraft,
  realServers: readonly RealServer[],
): { readonly quorum: number; readonly hysteresis: number } {
  const weights = realServers.reduce((sum, server) => sum + server.weight, 0);
  const quorum = Math.min(draft.quorum ?? 1, Math.max(1, weights));
  return { quorum, hysteresis: Math.min(draft.hysteresis ?? 0, quorum - 1) };
}
