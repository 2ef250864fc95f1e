// What notifications stand on.

import type { Result } from "../base/result.ts";
import type { ScriptSettings } from "../model/global-options.ts";
import type { Program } from "../model/program.ts";
import type { Clock } from "../world/clock.ts";
import type { Log } from "../world/log.ts";
import type { Mailer } from "../world/mailer.ts";
import type { ProcessRunner } from "../world/process.ts";
import type { Alarm } from "../world/vrrp-network.ts";

/** An open FIFO. */
export interface FifoHandle {
  /** True when it was made here, or by an earlier process of ours. */
  readonly made: boolean;
  /** One line, whole or not at all. */
  write(line: string): Result<"written" | "full", string>;
  /** Takes it away when it was made here, and closes it. */
  remove(): void;
  /** Lets go of it. */
  close(): void;
}

/** Where a FIFO is and whose it is. */
export interface FifoPlace {
  readonly path: string;
  readonly user?: string;
  readonly group?: string;
}

export interface NotificationWorld {
  readonly clock: Clock;
  readonly log: Log;
  readonly processes: ProcessRunner;
  readonly mailer: Mailer;
  /** Where what is not finished is kept. */
  readonly journalPath: string;
  readonly hostName: string;
  /** What every program gets beside PATH. */
  readonly environment: Readonly<Record<string, string>>;
  openAlarm(onAlarm: () => void): Alarm;
  openFifo(place: FifoPlace, mine: boolean): Result<FifoHandle, string>;
  /** Why a program would not run at this moment; undefined: it would. */
  refusal(program: Program, settings: ScriptSettings | undefined): string | undefined;
  /** When a process began, in clock ticks since the boot; undefined: there is none. */
  startTicks(pid: number): number | undefined;
  /** Ends a process group, politely first. */
  endGroup(pid: number): void;
}
