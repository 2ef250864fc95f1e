// Whether a packet is authentic: PASS, authentication header, signed trailer. Nothing is remembered
// here: what an accepted packet teaches is told by its lesson.

import { type IpAddress, ipv4Number } from "../base/address.ts";
import {
  ADVERT_TRAILER_LENGTH,
  advertSignatureHolds,
  decodeAdvertTrailer,
  secondsOfSequence,
  sequenceAfter,
} from "../wire/advert-trailer.ts";
import { type AuthenticationHeader, sealHolds } from "../wire/authentication-header.ts";
import { sameBytes } from "../wire/digest/hmac.ts";
import { IP_PROTOCOL_VRRP, type ReadAdvert } from "../wire/vrrp-advert.ts";
import type { AdvertExpectation, AdvertNote, RejectKind } from "./advert-expectation.ts";

/** One packet on its way through the checks. */
export interface ClaimedPacket {
  /** The whole IP packet. */
  readonly packet: Uint8Array;
  /** The VRRP message with its trailer. */
  readonly message: Uint8Array;
  readonly source: IpAddress;
  readonly read: ReadAdvert;
  readonly header: AuthenticationHeader | undefined;
  /** Wall clock. */
  readonly wallMs: number;
}

/** Authentic, with what was learned; or the reason against it. */
export type Authenticity =
  | { readonly sealed?: number; readonly signed?: bigint; readonly note?: AdvertNote }
  | { readonly reject: RejectKind; readonly detail?: string };

/** Judges the authentication of a packet of either version. */
export function judgeAuthentication(
  claimed: ClaimedPacket,
  expected: AdvertExpectation,
): Authenticity {
  const { advert } = claimed.read;
  if (expected.signature !== undefined) {
    const signature = judgeSignature(claimed, expected);
    if ("reject" in signature || advert.version === 3) return signature;
    return advert.authType === 0 ? signature : { reject: "auth-type-wrong" };
  }
  if (claimed.read.signed) return { reject: "length-wrong", detail: "it is signed" };
  if (advert.version === 3) return {};
  if (advert.authType !== expected.authType)
    return {
      reject: "auth-type-wrong",
      detail: `type ${advert.authType} in the place of ${expected.authType}`,
    };
  if (expected.authType === 1)
    return sameBytes(advert.authData, expected.authData) ? {} : { reject: "auth-mismatch" };
  return expected.authType === 2 ? judgeSeal(claimed, expected) : {};
}

function judgeSeal(claimed: ClaimedPacket, expected: AdvertExpectation): Authenticity {
  const { header, source } = claimed;
  const mac = expected.sealMac;
  if (header === undefined || mac === undefined) return { reject: "auth-type-wrong" };
  if (!sealHolds(claimed.packet, { mac, unicast: expected.peers !== undefined }))
    return { reject: "auth-mismatch" };
  if (header.nextHeader !== IP_PROTOCOL_VRRP || header.parameterIndex !== ipv4Number(source))
    return { reject: "auth-mismatch", detail: "it was signed for another sender" };
  const last = expected.memory.sealed.get(source) ?? 0;
  if (header.sequence <= last)
    return { reject: "replayed", detail: `sequence ${header.sequence} after ${last}` };
  return { sealed: header.sequence };
}

function judgeSignature(claimed: ClaimedPacket, expected: AdvertExpectation): Authenticity {
  const { message, source, read, wallMs } = claimed;
  const { signature } = expected;
  if (signature === undefined) return {};
  if (!read.signed)
    return signature.required ? { reject: "signature-missing" } : { note: "unsigned" };
  const trailer = decodeAdvertTrailer(message.subarray(-ADVERT_TRAILER_LENGTH));
  if (!trailer.wellFormed) return { reject: "signature-wrong" };
  const { keyId, sequence } = trailer;
  // Before the digest: a flood of old packets should cost little. It can only reject.
  const skewS = ageS(sequence, wallMs);
  if (signature.windowS !== undefined && Math.abs(skewS) > signature.windowS)
    return { reject: "stale", detail: `the sender's clock differs by ${-skewS} s` };
  const mac = signature.keys.get(keyId);
  if (mac === undefined) return { reject: "key-unknown", detail: `key ${keyId}` };
  if (!advertSignatureHolds(message, source, mac)) return { reject: "signature-wrong" };
  const last = expected.memory.signed.get(source);
  if (
    last !== undefined &&
    counts(last, signature.windowS, wallMs) &&
    !sequenceAfter(sequence, last)
  )
    return { reject: "replayed" };
  return { signed: sequence };
}

/** A mark outside of the window orders only what the window rejects: a stepped clock begins anew. */
function counts(last: bigint, windowS: number | undefined, wallMs: number): boolean {
  return windowS === undefined || Math.abs(ageS(last, wallMs)) <= windowS;
}

/** Seconds from the sequence's time to now, in 32 bits. */
function ageS(sequence: bigint, wallMs: number): number {
  return (Math.floor(wallMs / 1000) - secondsOfSequence(sequence)) | 0;
}
