// From the configuration of an instance to what it expects of adverts.

import type { IpAddress } from "../../base/address.ts";
import type { Cause } from "../../model/status.ts";
import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import { hmac } from "../../wire/digest/hmac.ts";
import { md5 } from "../../wire/digest/md5.ts";
import { isLinkLocal } from "../../wire/ipv6.ts";
import { encodePassword } from "../../wire/vrrp-advert.ts";
import type {
  AdvertExpectation,
  AdvertMemory,
  HopRange,
  SignatureExpectation,
} from "../advert-expectation.ts";
import { signingMacs, signingWindowS } from "./signing-keys.ts";

const NO_PASSWORD = new Uint8Array(8);
const HOP_LIMIT = 255;
const OWNER = 255;

/** The peers of an instance that speaks to single addresses; undefined: it speaks to a group. */
export function unicastPeers(config: VrrpInstance): readonly IpAddress[] | undefined {
  const peers = config.options?.unicast?.peers ?? [];
  return peers.length === 0 ? undefined : peers.map(({ address }) => address);
}

/** Why an instance cannot work, whatever its surroundings are; undefined: it can. */
export function judgeConfiguration(config: VrrpInstance): Cause | undefined {
  const { unicast, hmac: signing, strict } = config.options ?? {};
  if (unicast?.faultWithoutPeers === true && unicast.peers.length === 0)
    return { kind: "no-peers", text: "it has no unicast peer" };
  if (strict === true && config.family === 6 && !advertisesLinkLocal(config))
    return { kind: "no-link-local", text: "strict mode wants a link-local address among its own" };
  if (signing === undefined) return undefined;
  const keys = signingMacs(signing);
  if (keys.size === 0) return { kind: "no-key", text: "no key of auth_hmac can be used" };
  const { activeKey, mode } = signing;
  if (mode === "receive-only" || (activeKey !== undefined && keys.has(activeKey))) return undefined;
  const text =
    activeKey === undefined
      ? "auth_hmac has no active_key"
      : `the active key ${activeKey} of auth_hmac cannot be used`;
  return { kind: "no-key", text };
}

/**
 * What the instance expects. `onLink` says whether a peer is in a network of the interface: its
 * packets cross no router, so that nothing but 255 is to be expected (RFC 5082).
 */
export function expectAdverts(
  config: VrrpInstance,
  addresses: readonly IpAddress[],
  memory: AdvertMemory,
  onLink: (address: IpAddress) => boolean,
): AdvertExpectation {
  const { authentication, options } = config;
  const signature = expectSignature(config);
  const plain = signature !== undefined || authentication.type === "none";
  const peers = hopRanges(config, onLink);
  return {
    version: config.version,
    intervalCs: config.advertIntervalCs,
    authType: plain ? 0 : authentication.type === "PASS" ? 1 : 2,
    authData:
      !plain && authentication.type === "PASS"
        ? encodePassword(authentication.password)
        : NO_PASSWORD,
    ...(!plain && authentication.type === "AH"
      ? { sealMac: hmac(md5, encodePassword(authentication.password)) }
      : {}),
    ...(signature === undefined ? {} : { signature }),
    addresses: new Set(addresses),
    ...(peers === undefined ? {} : { peers }),
    anySource: peers !== undefined && options?.unicast?.checkSource === false,
    oldChecksum: peers !== undefined && options?.unicast?.oldChecksum === "yes",
    strict: options?.strict === true,
    ignoresAdverts: config.priority === OWNER && options?.ownerIgnoresAdverts === true,
    trustsLastSource: options?.skipCheckOfAddresses === true,
    memory,
  };
}

function advertisesLinkLocal({ virtualAddresses }: VrrpInstance): boolean {
  return virtualAddresses.some(({ address }) => isLinkLocal(address));
}

function expectSignature(config: VrrpInstance): SignatureExpectation | undefined {
  const settings = config.options?.hmac;
  if (settings === undefined) return undefined;
  return {
    keys: signingMacs(settings),
    required: settings.mode === "enforce",
    windowS: signingWindowS(settings, config.advertIntervalCs),
  };
}

function hopRanges(
  config: VrrpInstance,
  onLink: (address: IpAddress) => boolean,
): ReadonlyMap<IpAddress, HopRange> | undefined {
  const unicast = config.options?.unicast;
  if (unicast === undefined || unicast.peers.length === 0) return undefined;
  return new Map(
    unicast.peers.map(({ address, ttlMin, ttlMax }) => {
      // Whoever sends with less is taken to have peers that do so, too.
      const whole = config.family === 4 && unicast.ttl === HOP_LIMIT && onLink(address);
      const min = ttlMin ?? (whole ? HOP_LIMIT : 0);
      return [address, { min, max: ttlMax ?? HOP_LIMIT }];
    }),
  );
}
