// global_defs: what holds for the whole director.

import { balancerKeywords } from "./global-defs-balancer.ts";
import { bufferKeywordsOfGlobalDefs } from "./global-defs-buffers.ts";
import { firewallKeywords } from "./global-defs-firewall.ts";
import { lvsKeywords } from "./global-defs-lvs.ts";
import { lvsSettingKeywords } from "./global-defs-lvs-settings.ts";
import { mailKeywords } from "./global-defs-mail.ts";
import { notifyKeywords } from "./global-defs-notify.ts";
import { processKeywords } from "./global-defs-process.ts";
import { reloadKeywords } from "./global-defs-reload.ts";
import { vrrpKeywords } from "./global-defs-vrrp.ts";
import type { BlockSpec } from "./keyword-spec.ts";
import { vipLeaseKeyword } from "./vip-lease.ts";

/** The block global_defs. */
export const globalDefsBlock: BlockSpec = {
  path: "global_defs",
  summary: "Holds for the whole director: its name, its processes, and defaults for all blocks.",
  keywords: [
    ...mailKeywords,
    ...processKeywords,
    ...vrrpKeywords,
    vipLeaseKeyword("auto"),
    ...firewallKeywords,
    ...lvsKeywords,
    ...lvsSettingKeywords,
    ...notifyKeywords,
    ...bufferKeywordsOfGlobalDefs,
    ...reloadKeywords,
    ...balancerKeywords,
  ],
};
