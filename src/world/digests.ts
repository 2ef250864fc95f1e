// Keyed digests: pure rooms have no cryptography of their own.

/** HMAC (RFC 2104) of the whole data. */
export interface Digests {
  /** 16 bytes. */
  hmacMd5(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** 32 bytes. */
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** Bytes that nobody can guess. */
  random(length: number): Uint8Array;
}
