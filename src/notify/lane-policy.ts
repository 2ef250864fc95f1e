// How the lanes of each kind of job are run.

import type { Job } from "./job.ts";
import type { LaneSettings } from "./lane.ts";

/** How a job's lane is run, and how long after its event it is worth trying. */
export interface LanePolicy extends LaneSettings {
  /** Absent: for ever. */
  readonly lifeMs?: number;
}

/** A program is run once; its result is its own. */
const programPolicy: LanePolicy = { waitingMax: 1000, retryDelaysMs: [0] };
/** A reader that is away or slow is looked after soon: pipes empty quickly. */
const linePolicy: LanePolicy = { waitingMax: 10_000, retryDelaysMs: [20, 50, 100] };
/** A relay that is down stays down for a while; after a day nobody wants to know any more. */
const mailPolicy: LanePolicy = {
  waitingMax: 1000,
  retryDelaysMs: [5000, 15_000, 60_000, 300_000, 900_000],
  lifeMs: 86_400_000,
};

/** The policy of a job's lane. */
export function lanePolicy(job: Job): LanePolicy {
  switch (job.kind) {
    case "program":
      return programPolicy;
    case "line":
      return linePolicy;
    case "mail":
      return mailPolicy;
  }
}
