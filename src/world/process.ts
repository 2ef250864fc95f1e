// Programs that are run for their exit status.

import type { ScriptSettings } from "../model/global-options.ts";

/** How a run ended. */
export interface ProcessOutcome {
  /** Exit status 0. */
  readonly success: boolean;
  /** `exit status 2`, `killed by SIGSEGV`, `timed out after 5 s`, `refused: ...`. */
  readonly text: string;
}

export interface ProcessRequest {
  /** Program and arguments; no shell reads them. */
  readonly command: readonly string[];
  /** After this time the whole process group is ended; Infinity: never. */
  readonly timeoutMs: number;
  /** Name of the account to run as; absent: what the settings say. */
  readonly user?: string;
  /** Absent: the account's own group. */
  readonly group?: string;
  /** How scripts are run at all [script_user, enable_script_security]. */
  readonly settings?: ScriptSettings;
  /** Beside PATH, or in its place. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ProcessRunner {
  /** Starts a run; `onEnd` is called exactly once, never before this call has returned. */
  run(request: ProcessRequest, onEnd: (outcome: ProcessOutcome) => void): RunningProcess;
}

export interface RunningProcess {
  /** Absent when it could not be started. */
  readonly pid?: number;
  /** Ends the whole process group; `onEnd` is not called any more. Harmless when it has ended. */
  cancel(): void;
}
