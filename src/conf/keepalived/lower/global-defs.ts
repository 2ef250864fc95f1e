// global_defs: what holds for the whole director. keepalived.conf(5), "Global definitions".

import type { IpAddress } from "../../../base/address.ts";
import type { AttachChoice, EngineChoice, GlobalSettings } from "../../../model/model.ts";
import type { Line } from "../language/expand.ts";
import { type GarpDraft, garpKeywords } from "./garp.ts";
import { address, choice, flag, integer, type KeywordTable, text } from "./keyword.ts";
import type { Draft, Lowering } from "./lowering.ts";

/** Global settings under construction. */
export interface GlobalDraft extends Draft, GarpDraft {
  routerId?: string;
  engine?: EngineChoice;
  attach?: AttachChoice;
  interfaces?: readonly string[];
  connectionsMax?: number;
  realtimePriority?: number;
  nice?: number;
  version?: 2 | 3;
  multicastGroup4?: IpAddress;
  multicastGroup6?: IpAddress;
}

/** Enough for a million clients; an entry takes about 100 bytes of kernel memory. */
const connectionsDefault = 1_048_576;

/** The keywords of global_defs; `lb_*` are Keelson's own. */
export const globalKeywords: KeywordTable<GlobalDraft> = {
  router_id: text((draft, value) => {
    draft.routerId = value;
  }),
  vrrp_version: choice(["2", "3"], "version 2 counts", (draft, value) => {
    draft.version = value === "3" ? 3 : 2;
  }),
  vrrp_mcast_group4: address((draft, value) => {
    draft.multicastGroup4 = value;
  }),
  vrrp_mcast_group6: address((draft, value) => {
    draft.multicastGroup6 = value;
  }),
  vrrp_rt_priority: integer(
    { min: 0, max: 99, otherwise: "the default priority counts" },
    (draft, value) => {
      draft.realtimePriority = value;
    },
  ),
  vrrp_priority: integer(
    { min: -20, max: 19, otherwise: "the nice value stays as it is" },
    (draft, value) => {
      draft.nice = value;
    },
  ),
  // The VRRP process locks what it can in any case (docs/decisions/011).
  vrrp_no_swap: flag(() => undefined),
  ...garpKeywords<GlobalDraft>("vrrp_"),
  lb_engine: choice(["auto", "ipvs", "xdp", "model"], "auto counts", (draft, value) => {
    draft.engine = value;
  }),
  lb_attach: choice(["auto", "native", "tc", "generic"], "auto counts", (draft, value) => {
    draft.attach = value;
  }),
  lb_interfaces: {
    lower: (line, draft, lowering) => {
      if (lowering.argument(line) !== undefined)
        draft.interfaces = line.words.slice(1).map((word) => word.text);
    },
  },
  lb_connections: integer({ min: 1024, max: 16_777_216, otherwise: "stop" }, (draft, value) => {
    draft.connectionsMax = value;
  }),
};

/** Settings of a configuration without global_defs. */
export function emptyGlobalDraft(line?: Line, lowering?: Lowering): GlobalDraft {
  const nowhere = { file: "", line: 1, column: 1, length: 0 };
  const span = line !== undefined && lowering !== undefined ? lowering.keywordSpan(line) : nowhere;
  return { span, places: new Map() };
}

/** The settings with their defaults. */
export function finishGlobal(draft: GlobalDraft): GlobalSettings {
  return {
    ...(draft.routerId === undefined ? {} : { routerId: draft.routerId }),
    engine: draft.engine ?? "auto",
    attach: draft.attach ?? "auto",
    ...(draft.interfaces === undefined ? {} : { interfaces: draft.interfaces }),
    connectionsMax: draft.connectionsMax ?? connectionsDefault,
    ...(draft.realtimePriority === undefined
      ? {}
      : { vrrpRealtimePriority: draft.realtimePriority }),
    ...(draft.nice === undefined ? {} : { vrrpNice: draft.nice }),
  };
}
