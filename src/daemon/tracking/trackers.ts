// The trackers that the main process watches for the VRRP process: files and processes here, scripts in
// `../script-tracking.ts`.

import type { Model } from "../../model/model.ts";
import type { TrackerKind, TrackerResult } from "../../model/vrrp-wish.ts";
import type { Log } from "../../world/log.ts";
import type { FileWatcher } from "../../world/tracked-things.ts";
import type { VrrpLink } from "../vrrp-link.ts";
import { BfdResults } from "./bfd-results.ts";
import { FileTracking } from "./file-tracking.ts";
import { ProcessTracking, type ProcessTrackingWorld } from "./process-tracking.ts";
import { followedFiles, followedProcesses } from "./tracked-names.ts";

/** What trackers stand on. */
export interface TrackersWorld extends ProcessTrackingWorld {
  readonly files: FileWatcher;
}

export class Trackers {
  readonly #link: Pick<VrrpLink, "track" | "keepTrackers">;
  readonly #files: FileTracking;
  readonly #processes: ProcessTracking;
  /** What the VRRP process has told of BFD sessions. */
  readonly bfd: BfdResults;

  /** `onBfd` is called with the name of a BFD session whose result has changed. */
  constructor(
    world: TrackersWorld,
    link: Pick<VrrpLink, "track" | "keepTrackers">,
    log: Log,
    onBfd: (session: string) => void,
  ) {
    this.bfd = new BfdResults(log, onBfd);
    this.#link = link;
    const tell = (tracker: TrackerKind) => (name: string, result: TrackerResult) =>
      link.track({ kind: "tracker", tracker, name, result });
    this.#files = new FileTracking(world.files, log, tell("file"));
    this.#processes = new ProcessTracking(world, log, tell("process"));
  }

  /**
   * Takes over a model. Results are there when this returns, so that it is called before the VRRP process
   * is told of its instances: none starts with a priority that a file denies it. `continues`: this process
   * goes on in the place of one that was killed, so that numbers in files are not those of a start.
   */
  configure(model: Model, continues = false): void {
    const files = followedFiles(model);
    const processes = followedProcesses(model);
    this.#link.keepTrackers("file", new Set(files.map(({ name }) => name)));
    this.#link.keepTrackers("process", new Set(processes.map(({ name }) => name)));
    this.#files.configure(files, continues);
    this.#processes.configure(processes);
    this.bfd.configure(model.bfdSessions ?? []);
  }

  stop(): void {
    this.#files.stop();
    this.#processes.stop();
  }
}
