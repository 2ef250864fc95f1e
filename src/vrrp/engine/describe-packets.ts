// One line for people about a packet that was refused, or that is odd.

import { unreachable } from "../../base/assert.ts";
import type {
  AcceptedAdvert,
  AdvertNote,
  RejectedPacket,
  RejectKind,
} from "../advert-expectation.ts";
import type { RunningInstance } from "./running-instance.ts";

const reasons: Readonly<Record<RejectKind, string>> = {
  "ip-header-wrong": "its IP header is damaged",
  "own-address":
    "it carries our own address: our advert has come back, or another host has the address",
  "protocol-wrong": "it is of another IP protocol",
  "ttl-wrong": "it has crossed a router",
  truncated: "it is too short",
  "version-wrong": "it is of another version of VRRP",
  "length-wrong": "its length is wrong",
  "checksum-wrong": "its checksum is wrong",
  "type-wrong": "it is no advert",
  "vrid-unknown": "no instance has its VRID",
  "destination-wrong": "it went to another address",
  "peer-unknown": "its sender is not in unicast_peer",
  "auth-type-wrong": "its kind of authentication is another one",
  "auth-mismatch": "its password is wrong",
  replayed: "it has been seen before",
  "signature-missing": "it is not signed",
  "signature-wrong": "its signature is wrong",
  "key-unknown": "it is signed with a key that is not known here",
  stale: "it was signed at another time",
  "address-count-zero": "it lists no address",
  "interval-zero": "its interval is 0",
  "first-address-wrong": "its first address is not link-local",
  "interval-mismatch": "its interval is another one",
  "address-list-mismatch": "its addresses are others",
  "owner-ignores": "the owner of the addresses ignores adverts",
  "peer-message-wrong": "it is damaged or signed with another secret",
};

/** Why packets of a kind are refused, of one of them: `its password is wrong`. */
export function reasonInWords(kind: RejectKind): string {
  return reasons[kind];
}

/** Why a packet was refused. */
export function describeRejection(instance: RunningInstance, fault: RejectedPacket): string {
  const { name, interface: interfaceName } = instance.config;
  const from = fault.source === undefined ? "" : ` from ${fault.source}`;
  const detail = fault.detail === undefined ? "" : ` (${fault.detail})`;
  const dual = instance.state.role === "MASTER" && fault.kind === "interval-mismatch";
  const effect = dual ? ", so both hold the addresses" : "";
  return `${name}: packet${from} on ${interfaceName} rejected: ${reasons[fault.kind]}${detail}${effect}`;
}

/** What is odd about an advert that was accepted. */
export function describeNote(
  instance: RunningInstance,
  note: AdvertNote,
  advert: AcceptedAdvert,
): string {
  const { name, advertIntervalCs } = instance.config;
  const from = `${name}: ${advert.source}`;
  switch (note) {
    case "interval-differs":
      return `${from} advertises every ${advert.intervalMs / 1000} s, we every ${advertIntervalCs / 100} s`;
    case "addresses-differ":
      return `${from} advertises other addresses than ours`;
    case "first-address-differs":
      return `${from} does not advertise a link-local address first, as RFC 9568 5.2.9 wants`;
    case "unsigned":
      return `${from} sends plain adverts; they are accepted because auth_hmac does not enforce signed ones`;
    default:
      return unreachable(note);
  }
}
