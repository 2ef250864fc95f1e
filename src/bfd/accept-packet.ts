// Which session a received packet is for, and whether it may have it. A refused packet changes nothing
// but a counter (RFC 5880 section 6.8.6, RFC 5881 sections 3 and 5).

import { familyOf, type IpAddress } from "../base/address.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { BfdSession } from "../model/bfd-session.ts";
import { type BfdPacket, type BfdPacketFault, decodeBfdPacket } from "../wire/bfd-packet.ts";

/** Why a packet was refused: the label of a counter. */
export type BfdRejectKind =
  | BfdPacketFault["kind"]
  /** Your Discriminator is 0 in a state in which the sender must know it. */
  | "remote-discriminator-missing"
  /** Your Discriminator is that of no session of this host. */
  | "session-unknown"
  /** Your Discriminator is 0 and no session has this neighbour. */
  | "neighbor-unknown"
  /** The session belongs to another neighbour or another port. */
  | "source-wrong"
  | "ttl-wrong"
  /** Sessions here use no authentication. */
  | "authentication-unexpected";

/** A session as far as finding it goes. */
export interface Candidate {
  readonly config: BfdSession;
  /** What the neighbour sends as Your Discriminator. */
  readonly discriminator: number;
}

/** What came. */
export interface Arrival {
  readonly bytes: Uint8Array;
  readonly source: IpAddress;
  readonly ttl: number | undefined;
}

/** A refused packet, and the session that it was for as far as that is known. */
export interface RejectedBfdPacket<Session> {
  readonly kind: BfdRejectKind;
  readonly session: Session | undefined;
}

/** Hop limit of IPv6 packets of keepalived, which says nothing about the way they took. */
const HOP_LIMIT_USUAL = 64;
const TTL_MAX = 255;

/** Finds the session for what arrived at a receiver, among those that listen there. */
export function acceptPacket<Session extends Candidate>(
  arrival: Arrival,
  sessions: readonly Session[],
): Result<{ readonly session: Session; readonly packet: BfdPacket }, RejectedBfdPacket<Session>> {
  const refuse = (kind: BfdRejectKind, session?: Session) => fail({ kind, session });
  const ofSource = sessions.find(({ config }) => config.neighbor === arrival.source);
  const decoded = decodeBfdPacket(arrival.bytes);
  if (!decoded.ok) return refuse(decoded.fault.kind, ofSource);
  const packet = decoded.value;
  const wanted = packet.remoteDiscriminator;
  const session =
    wanted === 0 ? ofSource : sessions.find(({ discriminator }) => discriminator === wanted);
  if (wanted === 0 && packet.state !== "Down" && packet.state !== "AdminDown")
    return refuse("remote-discriminator-missing", ofSource);
  if (session === undefined)
    return refuse(wanted === 0 ? "neighbor-unknown" : "session-unknown", ofSource);
  if (session.config.neighbor !== arrival.source) return refuse("source-wrong", session);
  if (!ttlIsGood(session.config, arrival.ttl)) return refuse("ttl-wrong", session);
  if (packet.authenticated) return refuse("authentication-unexpected", session);
  return ok({ session, packet });
}

/** The TTL with which packets are sent: 255 unless the configuration says another (RFC 5881 section 5). */
export function sentTtl(config: BfdSession): number {
  return config.ttl ?? TTL_MAX;
}

/** keepalived's rule: at most `max_hops` below what the configuration says; -1 or 255: any. */
function ttlIsGood(config: BfdSession, ttl: number | undefined): boolean {
  const { hopsMax } = config;
  if (ttl === undefined || hopsMax < 0 || hopsMax >= TTL_MAX) return true;
  // A keepalived without `hoplimit` sends 64 in IPv6, and must be heard.
  const usual = familyOf(config.neighbor) === 6 ? HOP_LIMIT_USUAL : TTL_MAX;
  return ttl >= (config.ttl ?? usual) - hopsMax;
}
