// What the messages to other Keelson routers are signed with: the secret of the virtual router where its
// configuration has one. Without one the signature only guards against damage, as VRRP itself does.

import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import { hmac, type Mac } from "../../wire/digest/hmac.ts";
import { sha256 } from "../../wire/digest/sha256.ts";

const macs = new WeakMap<VrrpInstance, Mac>();

/** The signer of a virtual router; the same configuration gives the same on every node. */
export function peerMac(config: VrrpInstance): Mac {
  const known = macs.get(config);
  if (known !== undefined) return known;
  const mac = hmac(sha256, bytesOf(secretOf(config)));
  macs.set(config, mac);
  return mac;
}

function secretOf({ authentication, options }: VrrpInstance): string {
  const keys = options?.hmac?.keys ?? [];
  const key = keys.find(({ id }) => id === options?.hmac?.activeKey) ?? keys[0];
  if (key !== undefined) return `hmac ${key.key}`;
  return authentication.type === "none" ? "" : `password ${authentication.password}`;
}

/** One byte a character: keys and passwords are written in ASCII. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 255);
}
