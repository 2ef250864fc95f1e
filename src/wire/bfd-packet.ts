// BFD control packets (RFC 5880 section 4.1). Authentication sections are recognised, not read.
//
//   0                   1                   2                   3
//   |Vers |  Diag   |Sta|P|F|C|A|D|M|  Detect Mult  |    Length     |
//   |                       My Discriminator                        |
//   |                      Your Discriminator                       |
//   |                    Desired Min TX Interval                    |
//   |                   Required Min RX Interval                    |
//   |                 Required Min Echo RX Interval                 |

import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";

/** States in the order of their numbers on the wire. */
const states = ["AdminDown", "Down", "Init", "Up"] as const;

/** The state of a session as a packet tells it. */
export type BfdState = (typeof states)[number];

/** Why a session went down (RFC 5880 section 4.1). */
export const bfdDiagnostic = {
  none: 0,
  detectionTimeExpired: 1,
  echoFailed: 2,
  neighborSignaledDown: 3,
  administrativelyDown: 7,
} as const;

/** One packet. Intervals are in microseconds, 0..4294967295. */
export interface BfdPacket {
  /** 0..31. */
  readonly diagnostic: number;
  readonly state: BfdState;
  readonly poll: boolean;
  readonly final: boolean;
  /** True: the sender's BFD does not share the fate of its control plane (the C bit). */
  readonly independent: boolean;
  /** True: an authentication section follows. */
  readonly authenticated: boolean;
  readonly demand: boolean;
  /** 1..255. */
  readonly multiplier: number;
  /** 1..4294967295. */
  readonly discriminator: number;
  /** 0: the sender does not know it yet. */
  readonly remoteDiscriminator: number;
  readonly desiredTransmitUs: number;
  readonly requiredReceiveUs: number;
  readonly requiredEchoReceiveUs: number;
}

/** Why bytes are no packet, in the order of the rules of RFC 5880 section 6.8.6. */
export type BfdPacketFault =
  | { readonly kind: "truncated"; readonly length: number }
  | { readonly kind: "version-wrong"; readonly version: number }
  | { readonly kind: "length-wrong"; readonly length: number }
  | { readonly kind: "multiplier-zero" }
  | { readonly kind: "multipoint" }
  | { readonly kind: "discriminator-zero" }
  | { readonly kind: "poll-and-final" };

const LENGTH = 24;
/** With the shortest authentication section: its type and its length. */
const LENGTH_AUTHENTICATED = 26;

const flag = {
  poll: 0x20,
  final: 0x10,
  independent: 8,
  authenticated: 4,
  demand: 2,
  multipoint: 1,
};

/** Reads a packet from the payload of a datagram; bytes behind its length are ignored. */
export function decodeBfdPacket(bytes: Uint8Array): Result<BfdPacket, BfdPacketFault> {
  const reader = new ByteReader(bytes);
  const first = reader.u8();
  const flags = reader.u8();
  const multiplier = reader.u8();
  const length = reader.u8();
  const packet: BfdPacket = {
    diagnostic: first & 0x1f,
    state: states[flags >> 6] ?? "Down",
    poll: (flags & flag.poll) !== 0,
    final: (flags & flag.final) !== 0,
    independent: (flags & flag.independent) !== 0,
    authenticated: (flags & flag.authenticated) !== 0,
    demand: (flags & flag.demand) !== 0,
    multiplier,
    discriminator: reader.u32(),
    remoteDiscriminator: reader.u32(),
    desiredTransmitUs: reader.u32(),
    requiredReceiveUs: reader.u32(),
    requiredEchoReceiveUs: reader.u32(),
  };
  const version = first >> 5;
  if (bytes.length > 0 && version !== 1) return fail({ kind: "version-wrong", version });
  if (reader.overrun) return fail({ kind: "truncated", length: bytes.length });
  const lengthMin = packet.authenticated ? LENGTH_AUTHENTICATED : LENGTH;
  if (length < lengthMin || length > bytes.length) return fail({ kind: "length-wrong", length });
  if (multiplier === 0) return fail({ kind: "multiplier-zero" });
  if ((flags & flag.multipoint) !== 0) return fail({ kind: "multipoint" });
  if (packet.discriminator === 0) return fail({ kind: "discriminator-zero" });
  // RFC 5880 section 6.5: a packet has never both, so that neither can be meant.
  if (packet.poll && packet.final) return fail({ kind: "poll-and-final" });
  return ok(packet);
}

/** The bytes of a packet without authentication; `authenticated` must be false. */
export function encodeBfdPacket(packet: BfdPacket): Uint8Array {
  const bits =
    (states.indexOf(packet.state) << 6) |
    (packet.poll ? flag.poll : 0) |
    (packet.final ? flag.final : 0) |
    (packet.independent ? flag.independent : 0) |
    (packet.authenticated ? flag.authenticated : 0) |
    (packet.demand ? flag.demand : 0);
  return new ByteWriter(LENGTH)
    .u8((1 << 5) | packet.diagnostic)
    .u8(bits)
    .u8(packet.multiplier)
    .u8(LENGTH)
    .u32(packet.discriminator)
    .u32(packet.remoteDiscriminator)
    .u32(packet.desiredTransmitUs)
    .u32(packet.requiredReceiveUs)
    .u32(packet.requiredEchoReceiveUs)
    .finish();
}

/** One line for people: `Up diag 0 P mult 5 7->9 tx 10000 rx 10000`. */
export function describeBfdPacket(packet: BfdPacket): string {
  const marks = `${packet.poll ? " P" : ""}${packet.final ? " F" : ""}${packet.demand ? " D" : ""}`;
  const ends = `${packet.discriminator}->${packet.remoteDiscriminator}`;
  const times = `tx ${packet.desiredTransmitUs} rx ${packet.requiredReceiveUs}`;
  return `${packet.state} diag ${packet.diagnostic}${marks} mult ${packet.multiplier} ${ends} ${times}`;
}

/** What a diagnostic number says. */
export function describeBfdDiagnostic(diagnostic: number): string {
  return diagnosticTexts[diagnostic] ?? `diagnostic ${diagnostic}`;
}

const diagnosticTexts: Readonly<Record<number, string>> = {
  0: "no reason given",
  1: "no packet within the detection time",
  2: "echo failed",
  3: "the neighbour says that the session is down",
  4: "forwarding plane reset",
  5: "path down",
  6: "concatenated path down",
  7: "taken down by its administrator",
  8: "reverse concatenated path down",
};
