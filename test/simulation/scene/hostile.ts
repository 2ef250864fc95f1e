// A station that means no good: packets that every router must refuse, and adverts that nobody sent.

import { Prng } from "../../../src/base/prng.ts";
import { type RawAdvert, rawAdvert, rawPacket } from "./packet.ts";
import type { RouterScene } from "./scene.ts";

/** What is wrong with a packet. */
export type JunkKind =
  | "noise"
  | "truncated"
  | "ttl"
  | "checksum"
  | "version"
  | "type"
  | "vrid"
  | "count-zero"
  | "interval-zero"
  | "interval-other"
  | "address-list"
  | "auth-type"
  | "password"
  | "length"
  | "own-source";

/** Kinds that a router of this version must refuse. */
export function junkKinds(router: Pick<RouterScene, "version" | "password">): readonly JunkKind[] {
  const always: readonly JunkKind[] = [
    "noise",
    "truncated",
    "ttl",
    "checksum",
    "version",
    "type",
    "vrid",
    "count-zero",
    "interval-zero",
    "length",
    "own-source",
  ];
  if (router.version === 3) return always;
  const ofVersion2: readonly JunkKind[] = [
    ...always,
    "interval-other",
    "address-list",
    "auth-type",
  ];
  return router.password === undefined ? ofVersion2 : [...ofVersion2, "password"];
}

const GROUPS = { 4: "224.0.0.18", 6: "ff02::12" };
const STRANGERS = { 4: "10.0.0.250", 6: "fe80::fa" };
const HEADER_LENGTHS = { 4: 20, 6: 40 };

export interface ForgedAdvert {
  readonly priority: number;
  readonly intervalCs: number;
  readonly source: string;
}

/** An advert that is valid in every respect, as `receiver` sees it. */
export function forgeAdvert(
  router: RouterScene,
  { source, ...advert }: ForgedAdvert,
  receiver: string,
): Uint8Array {
  return packetOf({ ...plain(router), ...advert }, endsOf(router, source, receiver));
}

function endsOf({ unicast, family }: RouterScene, source: string, receiver: string): Ends {
  return { source, destination: unicast ? receiver : GROUPS[family] };
}

interface Ends {
  readonly source: string;
  readonly destination: string;
}

/** A packet that is refused for the reason `what`, as `receiver` sees it. */
export function forgeJunk(
  router: RouterScene,
  what: JunkKind,
  { random, receiver, intervalCs }: { random: number; receiver: string; intervalCs: number },
): Uint8Array {
  const prng = new Prng(random);
  if (what === "noise")
    return Uint8Array.from({ length: prng.integer(0, 19) }, () => prng.integer(0, 255));
  const priority = prng.chance(0.25) ? 0 : prng.integer(1, 255);
  const advert = spoiltAdvert({ ...plain(router), priority, intervalCs }, what, prng);
  const ends = endsOf(
    router,
    what === "own-source" ? receiver : STRANGERS[router.family],
    receiver,
  );
  const packet = packetOf(advert, ends, what === "ttl" ? prng.integer(0, 254) : 255);
  if (what === "truncated") return packet.slice(0, prng.integer(1, packet.length - 1));
  const checksumAt = HEADER_LENGTHS[router.family] + 7;
  if (what === "checksum")
    packet[checksumAt] = (packet[checksumAt] ?? 0) ^ (1 << prng.integer(0, 7));
  if (what === "length") return longer(advert, ends);
  return packet;
}

function spoiltAdvert(advert: RawAdvert, what: JunkKind, prng: Prng): RawAdvert {
  switch (what) {
    case "count-zero":
      return { ...advert, addresses: [] };
    case "interval-zero":
      return { ...advert, intervalCs: 0 };
    case "interval-other":
      return { ...advert, intervalCs: advert.intervalCs + 100 };
    case "address-list":
      // The owner of the addresses may send any list (RFC 3768 section 7.1).
      return {
        ...advert,
        priority: Math.min(254, advert.priority),
        addresses: [...advert.addresses, "10.9.9.9"],
      };
    case "vrid":
      return { ...advert, vrid: 255 - advert.vrid };
    case "version":
      return { ...advert, version: prng.integer(4, 15) };
    case "type":
      return { ...advert, type: prng.integer(2, 15) };
    case "password":
      return { ...advert, auth: { type: 1, data: "guessed" } };
    case "auth-type":
      return { ...advert, auth: { type: advert.auth === undefined ? 1 : 0, data: "" } };
    default:
      return advert;
  }
}

function plain(router: RouterScene): RawAdvert {
  const { version, vrid, virtualAddresses, password } = router;
  const auth = password === undefined ? {} : { auth: { type: 1, data: password } };
  return { version, vrid, priority: 0, intervalCs: 0, addresses: virtualAddresses, ...auth };
}

function packetOf(advert: RawAdvert, ends: Ends, ttl = 255): Uint8Array {
  return rawPacket({ ...ends, ttl, message: rawAdvert(advert, ends) });
}

// Four bytes that no field accounts for.
function longer(advert: RawAdvert, ends: Ends): Uint8Array {
  const message = Uint8Array.of(...rawAdvert(advert, ends), 0, 0, 0, 0);
  return rawPacket({ ...ends, ttl: 255, message });
}
