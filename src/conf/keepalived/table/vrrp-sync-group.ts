// vrrp_sync_group and garp_group: what several instances or interfaces share.

import { flag, single, synonym, toggle, withLines } from "./entries.ts";
import type { BlockSpec, LineSpec } from "./keyword-spec.ts";
import { interfaceName, many, seconds } from "./kinds.ts";
import { notifyKeywordsOf } from "./notify-scripts.ts";
import { trackKeywords } from "./track-lines.ts";
import { instanceLine } from "./trackers.ts";

const trackingWeight = flag(
  "sync_group_tracking_weight",
  "Lets weights of tracked objects change the priorities of the members, which must then agree.",
);

/** The block vrrp_sync_group. */
export const vrrpSyncGroupBlock: BlockSpec = {
  path: "vrrp_sync_group",
  summary: "Instances that are MASTER together or not at all.",
  keywords: [
    withLines("group", "The instances of the group.", [], instanceLine),
    ...trackKeywords("the group"),
    ...notifyKeywordsOf("group"),
    toggle("notify_priority_changes", "Writes changes of priority to the FIFOs as well.", {
      unset: "what global_defs says",
    }),
    toggle("smtp_alert", "Sends a mail at each change of state.", {
      unset: "what global_defs says, else off",
    }),
    trackingWeight,
    synonym("global_tracking", trackingWeight, "An old form of `sync_group_tracking_weight`.", {
      deprecated: {
        advice: "write `sync_group_tracking_weight`, or track in the group",
        rename: "sync_group_tracking_weight",
      },
    }),
  ],
};

const interfaceLine: LineSpec = {
  name: "interface-line",
  summary: "Names of interfaces.",
  leading: [many("INTERFACE", interfaceName)],
  options: [],
};

const pause = seconds(0, 2147.483647, "there is no pause");

/** The block garp_group. */
export const garpGroupBlock: BlockSpec = {
  path: "garp_group",
  summary: "Interfaces that share the pauses between announcements of addresses.",
  keywords: [
    single("garp_interval", "The pause between two gratuitous ARP messages.", "SECONDS", pause, {
      unset: "what global_defs says",
    }),
    single(
      "gna_interval",
      "The pause between two unsolicited neighbour advertisements.",
      "SECONDS",
      pause,
      {
        unset: "what global_defs says",
      },
    ),
    single("interface", "The one interface of the group.", "INTERFACE", interfaceName),
    withLines(
      "interfaces",
      "The interfaces of the group, which share one budget.",
      [],
      interfaceLine,
    ),
  ],
};
