// What the instances of an engine say of themselves.

import type { VrrpInstanceStatus } from "../../model/status.ts";
import type { Alarms } from "./alarms.ts";
import type { Groups } from "./groups.ts";
import { joinFamilies } from "./join-families.ts";
import type { Judge } from "./judge.ts";
import type { LinkTable } from "./link-table.ts";
import type { Ports } from "./ports.ts";
import { type ReportSources, reportInstance } from "./report.ts";
import type { RunningInstance } from "./running-instance.ts";

/** The parts of an engine that know something. */
export interface ReportParts {
  readonly links: LinkTable;
  readonly judge: Judge;
  readonly groups: Groups;
  readonly alarms: Alarms;
  readonly ports: Ports;
}

/** The status of each instance that is configured; both families of one are one. */
export function reportInstances(
  instances: readonly RunningInstance[],
  { links, judge, groups, alarms, ports }: ReportParts,
): readonly VrrpInstanceStatus[] {
  const sources: ReportSources = {
    links,
    tracker: (kind, name) => judge.tracker(kind, name),
    groupTracking: (instance) => groups.of(instance)?.config.tracking,
    alarms: (instance) => alarms.of(instance),
    strays: (interfaceName) => ports.strays(interfaceName),
  };
  const running = instances.filter((instance) => !instance.retiring);
  return joinFamilies(running.map((instance) => reportInstance(instance, sources)));
}
