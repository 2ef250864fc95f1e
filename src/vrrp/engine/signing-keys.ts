// The keys of auth_hmac, from the text of the configuration to what signs.

import { fromHex } from "../../base/bytes.ts";
import type { HmacSettings } from "../../model/vrrp-options.ts";
import { hmac, type Mac } from "../../wire/digest/hmac.ts";
import { sha256 } from "../../wire/digest/sha256.ts";

const KEY_BYTES_MIN = 32;
const KEY_BYTES_MAX = 64;
const WINDOW_MIN_S = 5;
const WINDOW_ADVERTS = 3;

/**
 * The bytes of a key: behind `hex:`, or the text itself. Undefined where there are not 32 to 64, and
 * for `file:`, which the main process replaces by what the file holds.
 */
export function signingKeyBytes(text: string): Uint8Array | undefined {
  if (text.startsWith("file:")) return undefined;
  const hex = text.startsWith("hex:") ? text.slice(4) : undefined;
  if (hex !== undefined && (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex))) return undefined;
  const bytes = hex === undefined ? textBytes(text) : fromHex(hex);
  return bytes.length >= KEY_BYTES_MIN && bytes.length <= KEY_BYTES_MAX ? bytes : undefined;
}

/** What verifies adverts, by the number of the key. */
export function signingMacs(settings: HmacSettings): ReadonlyMap<number, Mac> {
  const macs = new Map<number, Mac>();
  for (const { id, key } of settings.keys) {
    const bytes = signingKeyBytes(key);
    if (bytes !== undefined && !macs.has(id)) macs.set(id, hmac(sha256, bytes));
  }
  return macs;
}

/** How many seconds clocks may differ; undefined where no time is looked at. */
export function signingWindowS(
  settings: HmacSettings,
  advertIntervalCs: number,
): number | undefined {
  if (settings.antiReplay === "monotonic") return undefined;
  if (settings.timeWindowMs !== undefined) return settings.timeWindowMs / 1000;
  return Math.max(WINDOW_MIN_S, Math.ceil((WINDOW_ADVERTS * advertIntervalCs) / 100));
}

/** Keys are printable ASCII; what is not would be refused when the configuration is read. */
function textBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i) & 255;
  return bytes;
}
