// auth_hmac: adverts with a keyed hash, of keepalived 2.4.

import { keyword, single } from "./entries.ts";
import type { BlockSpec, FormReading } from "./keyword-spec.ts";
import { argument, choice, form, integer } from "./kinds.ts";

const since = "2.4.0";
const keyBytesMin = 32;
const keyBytesMax = 64;

function readKey(word: string): FormReading {
  const hex = word.startsWith("hex:");
  const bytes = hex ? (word.length - 4) / 2 : word.length;
  const readable = hex ? /^hex:[0-9a-fA-F]+$/.test(word) : /^[\x20-\x7e]+$/.test(word);
  const isFile = /^file:./.test(word);
  if (
    isFile ||
    (readable && Number.isInteger(bytes) && bytes >= keyBytesMin && bytes <= keyBytesMax)
  )
    return { ok: true, value: word };
  return {
    ok: false,
    message: `a key has ${keyBytesMin} to ${keyBytesMax} bytes, as such, as \`hex:\` or in \`file:\``,
    otherwise: { instead: "the key is ignored" },
  };
}

/** The block auth_hmac. */
export const authHmacBlock: BlockSpec = {
  path: "vrrp_instance/auth_hmac",
  summary: "Signs adverts with a key that every node has. It excludes `authentication`.",
  keywords: [
    keyword(
      "key",
      "A key with its number: 32 to 64 characters, `hex:` with as many bytes, or `file:` with a path.",
      [
        argument("ID", integer(1, 255, "the key is ignored")),
        argument("KEY", form("TEXT, hex:DIGITS or file:PATH", readKey)),
      ],
      { repeats: true, since },
    ),
    single(
      "active_key",
      "The number of the key that signs what is sent; the others are only accepted.",
      "ID",
      integer(1, 255, "no key signs"),
      { since },
    ),
    single(
      "time_window",
      "How old a signed advert may be.",
      "SECONDS",
      integer(1, 300, "the default counts", "seconds"),
      { unset: "three advert intervals, at least 5 seconds", since },
    ),
    single(
      "anti_replay",
      "What an old advert is told by: the time, or a number that only grows.",
      "METHOD",
      choice(["time", "monotonic"], "time counts"),
      { default: "time", since },
    ),
    single(
      "mode",
      "Whether unsigned adverts are dropped, or still accepted while the site is converted, or not signed by this node.",
      "MODE",
      choice(["enforce", "permissive", "receive-only"], "enforce counts"),
      { default: "enforce", since },
    ),
  ],
};
