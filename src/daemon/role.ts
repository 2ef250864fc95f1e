// Under which name a director runs: what differs between `keelson run` and a daemon that is called keepalived.

import type { Director } from "./director.ts";
import type { VrrpKeeping } from "./director-contract.ts";
import type { Dumps } from "./keepalived/dumps.ts";

/** A name and what comes with it. */
export interface Role {
  readonly vrrp?: VrrpKeeping;
  /** True: the data plane is left as it is at the end. */
  readonly keepForwarding?: boolean;
  /** The writer of the files that signals ask for, for others who ask for them. */
  readonly dumps?: Dumps;
  /** True: SIGINT is for somebody else. */
  readonly ignoreInterrupt?: boolean;
  /** The director runs. */
  readonly onRunning?: (director: Director) => void;
  /** Somebody has asked for a reload. */
  readonly onReload?: () => void;
  /** Something of the director has changed, perhaps its configuration. */
  readonly onNews?: (director: Director) => void;
  /**
   * A signal that neither reloads nor stops, by number: SIGUSR1, SIGUSR2, or a real-time signal. Without it they mean
   * nothing.
   */
  readonly onSignal?: (signal: number) => void;
  /** Called with the way to stop, as SIGTERM does. */
  readonly onStoppable?: (stop: () => void) => void;
}
