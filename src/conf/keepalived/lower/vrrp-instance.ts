// vrrp_instance: the keywords. What they mean together is in finish-vrrp-instance.ts.

import type { IpAddress } from "../../../base/address.ts";
import type { InitialState, TrackedInterface } from "../../../model/vrrp-instance.ts";
import type { Span } from "../../text/diagnostic.ts";
import type { Line } from "../language/expand.ts";
import { lowerAddressLines, type PlacedAddress } from "./address-lines.ts";
import { type AuthenticationDraft, lowerAuthentication } from "./authentication.ts";
import { type GarpDraft, garpKeywords } from "./garp.ts";
import {
  address,
  block,
  choice,
  flag,
  integer,
  type KeywordTable,
  seconds,
  text,
} from "./keyword.ts";
import { lowerBlock } from "./lower-block.ts";
import type { Draft, Lowering } from "./lowering.ts";
import { lowerTrackInterface, lowerTrackScript, type PlacedTrack } from "./track-lines.ts";

/** A vrrp_instance under construction. */
export interface InstanceDraft extends Draft, GarpDraft {
  readonly name: string;
  readonly nameSpan: Span;
  state?: InitialState;
  interface?: string;
  vrid?: number;
  version?: 2 | 3;
  priority?: number;
  /** As written, in seconds. */
  advertIntervalS?: number;
  authentication?: AuthenticationDraft;
  nopreempt?: boolean;
  preemptDelayMs?: number;
  sourceAddress?: IpAddress;
  multicastGroup?: IpAddress;
  readonly addresses: PlacedAddress[];
  readonly excluded: PlacedAddress[];
  readonly trackedScripts: PlacedTrack[];
  readonly trackedInterfaces: TrackedInterface[];
}

const instanceKeywords: KeywordTable<InstanceDraft> = {
  state: choice(["MASTER", "BACKUP"], "the instance starts as BACKUP", (draft, value) => {
    draft.state = value;
  }),
  interface: text((draft, value) => {
    draft.interface = value;
  }),
  virtual_router_id: integer({ min: 1, max: 255, otherwise: "stop" }, (draft, value) => {
    draft.vrid = value;
  }),
  version: choice(["2", "3"], "the global version counts", (draft, value) => {
    draft.version = value === "3" ? 3 : 2;
  }),
  priority: integer({ min: 1, max: 255, otherwise: "stop" }, (draft, value) => {
    draft.priority = value;
  }),
  advert_int: seconds({ min: 0.001, max: 255, otherwise: "stop" }, (draft, value) => {
    draft.advertIntervalS = value / 1000;
  }),
  authentication: block(1, (line, draft, lowering) => {
    draft.authentication = lowerAuthentication(line, lowering);
  }),
  preempt: flag((draft) => {
    draft.nopreempt = false;
  }),
  nopreempt: flag((draft) => {
    draft.nopreempt = true;
  }),
  preempt_delay: seconds({ min: 0, max: 1000, otherwise: "there is no delay" }, (draft, value) => {
    draft.preemptDelayMs = value;
  }),
  mcast_src_ip: address((draft, value) => {
    draft.sourceAddress = value;
  }),
  mcast_dst_ip: address((draft, value) => {
    draft.multicastGroup = value;
  }),
  virtual_ipaddress: block(1, (line, draft, lowering) => {
    draft.addresses.push(...lowerAddressLines(line, lowering));
  }),
  virtual_ipaddress_excluded: block(1, (line, draft, lowering) => {
    draft.excluded.push(...lowerAddressLines(line, lowering));
  }),
  track_script: block(1, (line, draft, lowering) => {
    draft.trackedScripts.push(...lowerTrackScript(line, lowering));
  }),
  track_interface: block(1, (line, draft, lowering) => {
    draft.trackedInterfaces.push(...lowerTrackInterface(line, lowering));
  }),
  // Packets to the addresses are always accepted.
  accept: flag(() => undefined),
  // Without addresses an instance only elects.
  no_virtual_ipaddress: flag(() => undefined),
  ...garpKeywords<InstanceDraft>(""),
};

/** Reads one vrrp_instance; undefined when it has no name. */
export function lowerInstance(line: Line, lowering: Lowering): InstanceDraft | undefined {
  const name = lowering.argument(line);
  const draft: InstanceDraft = {
    name: name?.text ?? "",
    nameSpan: name === undefined ? lowering.keywordSpan(line) : lowering.span(line, name),
    span: lowering.keywordSpan(line),
    places: new Map(),
    addresses: [],
    excluded: [],
    trackedScripts: [],
    trackedInterfaces: [],
  };
  lowerBlock(line, "vrrp_instance", instanceKeywords, draft, lowering);
  return name === undefined ? undefined : draft;
}
