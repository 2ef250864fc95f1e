// Values of `templates`: struct template.

import { ByteReader } from "../../base/bytes.ts";

/** Which real server a client's network has. */
export interface TemplateRecord {
  /** Index into `destinations`. */
  readonly destination: number;
  /** Coarse clock. */
  readonly expires: number;
  /** Units of the coarse clock. */
  readonly timeout: number;
  /** Connections that hold it. */
  readonly controlled: number;
  readonly generation: number;
  /** One of its connections was established. */
  readonly assured: boolean;
}

/** The caller vouches for the length. */
export function decodeTemplateRecord(bytes: Uint8Array): TemplateRecord {
  const reader = new ByteReader(bytes, "host");
  return {
    destination: reader.u32(),
    expires: reader.u32(),
    timeout: reader.u32(),
    controlled: reader.u32(),
    generation: reader.u8(),
    assured: reader.u8() !== 0,
  };
}
