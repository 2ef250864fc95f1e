// Runs the programs of notifications and remembers how they ended.

import type { ScriptSettings } from "../model/global-options.ts";
import type { Program } from "../model/program.ts";
import type { ProgramJob } from "../notify/job.ts";
import type { ProcessOutcome } from "../world/process.ts";
import type { RunningMark } from "./notification-journal.ts";
import type { NotificationWorld } from "./notification-world.ts";

/** How often a program of an earlier process is looked after, whose end nobody is told of. */
const lookMs = 100;

/** What a run needs beside its job. */
export interface RunRules {
  readonly timeoutMs: number;
  readonly settings: ScriptSettings | undefined;
}

/** `notify_master /etc/keepalived/up.sh`: without arguments, which may hold what is nobody's business. */
export function programTitle(keyword: string, program: Program): string {
  return `${keyword} ${program.command[0] ?? ""}`;
}

/** Runs a program of a job; `onRunning` is called before this returns when there is a process. */
export function runProgram(
  world: NotificationWorld,
  job: ProgramJob,
  rules: RunRules,
  on: {
    readonly running: (mark: RunningMark) => void;
    readonly end: (outcome: ProcessOutcome) => void;
  },
): void {
  const { program, environment } = job;
  const running = world.processes.run(
    {
      ...program,
      command: [...program.command, ...job.arguments],
      timeoutMs: rules.timeoutMs,
      environment: { ...world.environment, ...environment },
      ...(rules.settings === undefined ? {} : { settings: rules.settings }),
    },
    on.end,
  );
  const { pid } = running;
  const startTicks = pid === undefined ? undefined : world.startTicks(pid);
  if (pid !== undefined && startTicks !== undefined) on.running({ pid, startTicks });
}

/** Waits for a program that an earlier process began, and ends it when its time is over. */
export function awaitProgram(
  world: NotificationWorld,
  mark: RunningMark,
  timeoutMs: number,
  onEnd: (outcome: ProcessOutcome) => void,
): void {
  const untilMs = world.clock.nowMs() + timeoutMs;
  const look = (): void => {
    if (world.startTicks(mark.pid) !== mark.startTicks) {
      const text = "ran while this process was started again, which cannot tell its exit status";
      onEnd({ success: true, text });
    } else if (world.clock.nowMs() >= untilMs) {
      world.endGroup(mark.pid);
      onEnd({ success: false, text: "did not end in time, and was ended" });
    } else setTimeout(look, lookMs).unref();
  };
  setImmediate(look);
}

/** Runs a program once, to its end [startup_script, shutdown_script]. */
export function runOnce(
  world: NotificationWorld,
  program: Program & { readonly timeoutMs: number },
  settings: ScriptSettings | undefined,
): Promise<ProcessOutcome> {
  const { environment } = world;
  return new Promise((resolve) => {
    world.processes.run(
      { ...program, environment, ...(settings === undefined ? {} : { settings }) },
      resolve,
    );
  });
}
