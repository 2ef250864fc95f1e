// Instances that are MASTER together or not at all.

import type { NotifyPrograms } from "./notification.ts";
import type { GroupTracking } from "./tracking.ts";

/** One group of instances [vrrp_sync_group]. */
export interface SyncGroup {
  readonly name: string;
  /** Names of instances, in the order of the text; each exists. */
  readonly members: readonly string[];
  readonly tracking: GroupTracking;
  /** True: weights may change the members' priorities [sync_group_tracking_weight]. */
  readonly weights: boolean;
  readonly notify: NotifyPrograms;
  /** Absent: what the global settings say. */
  readonly mail?: boolean;
  /** True for the two families of one instance, which nobody has written as a group. */
  readonly implied?: boolean;
  readonly notifyPriorityChanges?: boolean;
}
