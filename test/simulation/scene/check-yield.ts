// S-3: whom a MASTER gives way to.

import { compareAddresses } from "../../../src/base/address.ts";
import type { Stage } from "./stage.ts";
import type { StepArguments, StepResult } from "./watched-step.ts";

/** Looks at one step of a machine. */
export function checkYield(stage: Stage, call: StepArguments, result: StepResult): void {
  const [config, state, event] = call;
  if (state.role !== "MASTER" || result.state.role !== "BACKUP") return;
  const other =
    event.kind === "advert-received"
      ? event.advert
      : event.kind === "master-answers"
        ? event
        : undefined;
  // The rest of its group yields, or it does not know how long it has slept.
  if (other === undefined && ["group-yields", "machine-resumed"].includes(event.kind)) return;
  const cause = result.deeds.find((deed) => deed.kind === "record-transition")?.cause.kind;
  // It was silent for so long that somebody else took over, and it does not preempt.
  if (cause === "stalled") return;
  const own = state.ready;
  const greater =
    other !== undefined &&
    (other.priority > own.priority ||
      (other.priority === own.priority && compareAddresses(other.source, own.source) > 0));
  stage.demand(
    "S-3",
    greater,
    () =>
      `${config.name} (${own.priority}, ${own.source}) yielded for ${cause} to ${JSON.stringify(other)}`,
  );
}
