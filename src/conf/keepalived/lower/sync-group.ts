// vrrp_sync_group: instances that change state together.

import type { SyncGroup } from "../../../model/sync-group.ts";
import type { Setting } from "../section.ts";
import { notifyProgramsOf } from "./programs.ts";
import { flagOf, given } from "./setting-values.ts";
import { groupTrackingOf, namesIn } from "./tracking.ts";

/** Reads one group; members that do not exist are left out, and undefined is a group without any. */
export function lowerSyncGroup(
  setting: Setting,
  instances: ReadonlySet<string>,
): SyncGroup | undefined {
  const { section, line } = setting;
  const name = line.words[1]?.text;
  if (section === undefined || name === undefined) return undefined;
  const members = [...new Set(namesIn(section, "group"))].filter((member) => instances.has(member));
  if (members.length === 0) return undefined;
  return {
    name,
    members,
    tracking: groupTrackingOf(section),
    weights: flagOf(section, "sync_group_tracking_weight") ?? false,
    notify: notifyProgramsOf(section),
    ...given({
      mail: flagOf(section, "smtp_alert"),
      notifyPriorityChanges: flagOf(section, "notify_priority_changes"),
    }),
  };
}
