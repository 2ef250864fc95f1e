// What instances and sync groups can follow beside scripts and interfaces.

/** A tracked file, process or BFD session by name [track_file, track_process, track_bfd]. */
export interface TrackedObject {
  readonly name: string;
  /** Absent: the object's own weight counts. 0: failure means FAULT. */
  readonly weight?: number;
  /** True: the weight's sense is turned around. */
  readonly reverse?: boolean;
}

/** Everything that a sync group follows for its members. */
export interface GroupTracking {
  readonly interfaces: readonly TrackedObject[];
  readonly scripts: readonly TrackedObject[];
  readonly files: readonly TrackedObject[];
  readonly processes: readonly TrackedObject[];
  readonly bfdSessions: readonly TrackedObject[];
}

/** A file with one number, which times its weight changes a priority [track_file]. */
export interface TrackFile {
  readonly name: string;
  readonly path: string;
  /** -254..254. */
  readonly weight: number;
  readonly reverse: boolean;
  /** The file is made at the start with this number, unless it exists and `overwrite` is false [init_file]. */
  readonly init?: { readonly value: number; readonly overwrite: boolean };
}

/** Processes of this host that must run [vrrp_track_process]. */
export interface TrackProcess {
  readonly name: string;
  /** The process's name, then arguments that must match. */
  readonly process: readonly string[];
  readonly match: "exact" | "initial" | "partial";
  /** True: arguments count even where none is named, so that the process must have none [param_match]. */
  readonly matchesArguments?: boolean;
  readonly fullCommand: boolean;
  readonly weight: number;
  readonly reverse: boolean;
  /** How many must run. */
  readonly quorum: number;
  /** How many may run; absent: any number. */
  readonly quorumMax?: number;
  readonly forkDelayMs: number;
  readonly terminateDelayMs: number;
}

/** Instances that follow static objects [track_group]. */
export interface TrackGroup {
  readonly name: string;
  readonly instances: readonly string[];
}
