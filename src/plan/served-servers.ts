// Which services a model asks for: one for each virtual server, and one for each address and mark of a group.

import { compareAddresses, nextAddress } from "../base/address.ts";
import {
  type HealthView,
  realServerIdentity,
  type VirtualServerHealth,
  virtualServerIdentity,
} from "../model/health.ts";
import type { Model } from "../model/model.ts";
import type { GroupServer } from "../model/server-group.ts";
import type { RealServer, VirtualServer, VirtualServerKey } from "../model/virtual-server.ts";

/** One service to be, and what is known of its real servers. */
export interface ServedServer {
  readonly key: VirtualServerKey;
  readonly server: VirtualServer;
  /** `virtualServerIdentity` of the one whose checks count: itself, or the leader of its group. */
  readonly checkedAs: string;
  readonly health: VirtualServerHealth | undefined;
  /** Of a group whose entries share the clients they remember. */
  readonly persistenceGroup?: number;
}

/**
 * The services of a model in the order of the configuration, groups last. Of several with one key the first counts,
 * as a data plane has it.
 */
export function servedServers(model: Model, health: HealthView): readonly ServedServer[] {
  const served: ServedServer[] = model.virtualServers.map((server) => ({
    key: server.key,
    server,
    checkedAs: virtualServerIdentity(server.key),
    health: health.get(virtualServerIdentity(server.key)),
  }));
  const { groupServers = [] } = model;
  if (groupServers.length === 0) return served;
  const taken = new Set(served.map(({ key }) => virtualServerIdentity(key)));
  const leaders = new Map(
    groupServers.map(({ server }) => [virtualServerIdentity(server.key), server]),
  );
  for (const member of groupServers) {
    const identity = virtualServerIdentity(member.leader);
    const known = memberHealth(leaders.get(identity), health.get(identity), member.server);
    const shared = persistenceGroupOf(member);
    for (const key of keysOfEntry(member)) {
      const name = virtualServerIdentity(key);
      if (taken.has(name)) continue;
      taken.add(name);
      served.push({ key, server: member.server, checkedAs: identity, health: known, ...shared });
    }
  }
  return served;
}

/** The keys of all addresses of an entry. */
function keysOfEntry({ entry, server: { key } }: GroupServer): readonly VirtualServerKey[] {
  if (entry.kind === "fwmark" || key.kind === "fwmark") return [key];
  const keys: VirtualServerKey[] = [];
  for (let address = entry.first; ; address = nextAddress(address)) {
    keys.push({ ...key, address });
    if (compareAddresses(address, entry.last) >= 0) return keys;
  }
}

/** The health of the leader's real servers under the names that they have with this member, whose ports may differ. */
function memberHealth(
  leader: VirtualServer | undefined,
  health: VirtualServerHealth | undefined,
  member: VirtualServer,
): VirtualServerHealth | undefined {
  if (leader === undefined || health === undefined || leader === member) return health;
  const realServers = new Map(
    member.realServers.flatMap((server) => {
      const original = sameServerOf(leader.realServers, member.realServers, server);
      const known = original && health.realServers.get(realServerIdentity(original));
      return known === undefined ? [] : [[realServerIdentity(server), known] as const];
    }),
  );
  return { quorumUp: health.quorumUp, realServers };
}

/** The server of `leaders` that stands for `server`: the one of the same address, counted among its like. */
function sameServerOf(
  leaders: readonly RealServer[],
  members: readonly RealServer[],
  server: RealServer,
): RealServer | undefined {
  const alike = ({ address }: RealServer): boolean => address === server.address;
  return leaders.filter(alike)[members.filter(alike).indexOf(server)];
}

/** The same number for all entries of a group in any configuration: FNV-1a of its name and protocol. */
function persistenceGroupOf({
  group,
  server,
  leader,
}: GroupServer): Pick<ServedServer, "persistenceGroup"> {
  if (server.options?.persistenceAcrossGroup !== true) return {};
  let hash = 0x811c9dc5;
  // Two virtual servers of one group, for TCP and UDP, have real servers of their own.
  for (const character of `${leader.kind === "address" ? leader.protocol : ""} ${group}`) {
    hash ^= character.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return { persistenceGroup: hash === 0 ? 1 : hash };
}
