// What a director stands on, and what it answers: the types that its parts share.

import type { Result } from "../base/result.ts";
import type { HealthChange } from "../health/engine/health-supervisor.ts";
import type { HealthWorld } from "../health/engine/health-world.ts";
import type { ScriptWorld } from "../health/engine/script-supervisor.ts";
import type { ByHand } from "../linux/by-hand.ts";
import type { ClaimNetwork } from "../world/claim-network.ts";
import type { Clock } from "../world/clock.ts";
import type { Log } from "../world/log.ts";
import type { ConfigurationFault, JudgedConfiguration } from "./configuration.ts";
import type { DrainFile } from "./drain-book.ts";
import type { EngineOpeners } from "./engine-choice.ts";
import type { NotificationWorld } from "./notification-world.ts";
import type { TrackersWorld } from "./tracking/trackers.ts";
import type { EngineNews } from "./vrrp-channel.ts";
import type { OpenWitnessRunner } from "./witness-tracking.ts";

/** What a director stands on. */
export interface DirectorWorld {
  readonly clock: Clock;
  readonly log: Log;
  readonly health: HealthWorld;
  readonly scripts: ScriptWorld;
  readonly tracking: TrackersWorld;
  /** Absent: nobody looks who else answers for the addresses. */
  readonly claims?: ClaimNetwork;
  readonly openWitnessRunner: OpenWitnessRunner;
  readonly engines: EngineOpeners;
  /** Services beside those of the configuration. */
  readonly byHand: ByHand;
  readonly notifications: NotificationWorld;
  /** Where it is kept which real servers are being taken out; absent: in memory only. */
  readonly drains?: DrainFile;
  readonly vrrpSocket: string;
  readonly vrrpLog: string;
  readonly configFile: string;
  readonly pid: number;
  /** Reads and judges the configuration file. */
  readonly load: () => Result<JudgedConfiguration, ConfigurationFault>;
  /** Whether this machine has an address at this moment. */
  readonly holdsAddress: (address: string) => boolean;
  /** Changes the precedence of a running process; gives what came of each part, in words. */
  readonly changePriority: (
    pid: number,
    precedence: { readonly realtimePriority: number; readonly nice?: number },
  ) => readonly string[];
  /** How the VRRP process is kept. */
  readonly vrrp?: VrrpKeeping;
  /** Called after anything that the status page would show differently. */
  readonly onNews: () => void;
  /** Called with what other programs may want to hear of. */
  readonly onEvent?: (event: DirectorEvent) => void;
}

/** How the VRRP process is kept, where it is not as usual. */
export interface VrrpKeeping {
  /** What ps shows. */
  readonly title?: string;
  /** True: a stop leaves the addresses where they are. */
  readonly keepAddresses?: boolean;
  /** False: it is not started again when it dies. */
  readonly respawns?: boolean;
  readonly onProcess?: (pid: number | undefined) => void;
  /** A signal that was sent to it and is for the main process. */
  readonly onSignal?: (signal: number) => void;
}

/** What happens in a director. */
export type DirectorEvent =
  /** Each once, in the order in which the VRRP process has told them. */
  | { readonly kind: "news"; readonly news: EngineNews }
  | { readonly kind: "health"; readonly change: HealthChange }
  /** A configuration has been taken, even one that changes nothing. */
  | { readonly kind: "reloaded" };

/** What came of a reload. */
export interface ReloadOutcome {
  readonly ok: boolean;
  readonly text: string;
}
