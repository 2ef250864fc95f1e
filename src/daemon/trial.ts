// A configuration on trial: it runs at once, and the one before comes back by itself unless somebody confirms in time. For
// those who work over the address that they are changing.

import { dirname } from "node:path";
import type { ControlAnswer } from "../api/control-protocol.ts";
import type { Result } from "../base/result.ts";
import type { TrialStatus } from "../model/status.ts";
import type { Clock } from "../world/clock.ts";
import type { Log } from "../world/log.ts";
import type { ConfigurationFault, JudgedConfiguration } from "./configuration.ts";
import type { ReloadOutcome } from "./director-contract.ts";
import type { FileTexts, TrialFiles } from "./trial-files.ts";

/** What trials need of a director. */
export interface TrialDirector {
  /** The configuration that runs. */
  readonly running: JudgedConfiguration;
  readonly take: (configuration: JudgedConfiguration) => Promise<ReloadOutcome>;
}

/** What trials stand on. */
export interface TrialWorld {
  readonly clock: Clock;
  readonly log: Log;
  readonly files: TrialFiles;
  /** The file that the director starts with. */
  readonly configFile: string;
  readonly load: (path: string) => Result<JudgedConfiguration, ConfigurationFault>;
}

interface Trial {
  readonly file: string;
  readonly untilMs: number;
  readonly timer: NodeJS.Timeout;
  readonly before: JudgedConfiguration;
  /** What the files hold once it is confirmed. */
  readonly install: FileTexts;
  /** Files that hold the new text meanwhile, because their own have the confirmed one again. */
  readonly aside: readonly string[];
}

/** Applies configurations, on trial or for good; one trial at a time. */
export class Trials {
  readonly #world: TrialWorld;
  readonly #director: TrialDirector;
  #trial: Trial | undefined;
  #busy = false;

  constructor(world: TrialWorld, director: TrialDirector) {
    this.#world = world;
    this.#director = director;
  }

  /** The trial under way, for the status page. */
  get status(): TrialStatus | undefined {
    const trial = this.#trial;
    return trial && { file: trial.file, untilMs: trial.untilMs };
  }

  /** Why nothing else may change the configuration now; undefined when it may. */
  get refusal(): string | undefined {
    const trial = this.#trial;
    if (trial === undefined) return this.#busy ? "a configuration is being applied" : undefined;
    return `${trial.file} waits for its confirmation: \`keelson confirm\` keeps it, \`keelson rollback\` brings the one before back`;
  }

  /** Takes the configuration of a file; for good, or until `confirmWithinMs` have passed. */
  async apply(path: string, confirmWithinMs: number | undefined): Promise<ControlAnswer> {
    const refusal = this.refusal;
    if (refusal !== undefined) return { ok: false, error: refusal };
    this.#busy = true;
    try {
      return await this.#apply(path, confirmWithinMs);
    } finally {
      this.#busy = false;
    }
  }

  /** Keeps the configuration on trial: from now on it is the one that the files hold. */
  confirm(): ControlAnswer {
    const trial = this.#end();
    if (trial === undefined) return nothingOnTrial;
    const faults = this.#install(trial.install);
    for (const path of trial.aside) this.#world.files.remove(path);
    if (faults.length > 0) return this.#notWritten(faults);
    this.#tell("notice", `${trial.file} is confirmed`);
    return { ok: true, text: `confirmed: ${trial.file}` };
  }

  /** Brings the configuration before the trial back. */
  async rollBack(why: string): Promise<ControlAnswer> {
    const trial = this.#end();
    if (trial === undefined) return nothingOnTrial;
    for (const path of trial.aside) {
      this.#world.files.rename(path, path.replace(/unconfirmed$/, "rejected"));
    }
    const outcome = await this.#director.take(trial.before);
    this.#tell(
      outcome.ok ? "warning" : "error",
      `${trial.file} is rolled back (${why}): ${outcome.text}`,
    );
    if (!outcome.ok) return { ok: false, error: `cannot roll back: ${outcome.text}` };
    return { ok: true, text: `rolled back: ${outcome.text}` };
  }

  async #apply(path: string, confirmWithinMs: number | undefined): Promise<ControlAnswer> {
    const loaded = this.#world.load(path);
    if (!loaded.ok) return { ok: false, error: `refused: ${loaded.fault.summary}` };
    const before = this.#director.running;
    const refusal = this.#refuseIncludes(path, loaded.value);
    if (refusal !== undefined) return { ok: false, error: refusal };
    const candidate = { ...loaded.value, sources: this.#installed(path, loaded.value.sources) };
    const changed = [...candidate.sources].filter(
      ([file, text]) => before.sources.get(file) !== text,
    );
    const install: FileTexts = new Map(changed);
    const aside = confirmWithinMs === undefined ? [] : this.#setAside(install, before);
    if (typeof aside === "string") return { ok: false, error: aside };
    const outcome = await this.#director.take(candidate);
    if (!outcome.ok) return { ok: false, error: `refused: ${outcome.text}` };
    if (confirmWithinMs === undefined) {
      const faults = this.#install(install);
      return faults.length > 0
        ? this.#notWritten(faults)
        : { ok: true, text: `applied: ${outcome.text}` };
    }
    const untilMs = this.#world.clock.wallMs() + confirmWithinMs;
    const timer = setTimeout(() => {
      void this.rollBack("nobody has confirmed it in time");
    }, confirmWithinMs);
    this.#trial = { file: path, untilMs, timer, before, install, aside };
    const seconds = Math.round(confirmWithinMs / 1000);
    this.#tell(
      "notice",
      `${path} runs on trial; it is rolled back in ${seconds} s unless confirmed`,
    );
    const kept = aside.length === 0 ? "" : `; until then ${aside.join(", ")} holds the new text`;
    const text = `applied on trial: ${outcome.text}; \`keelson confirm\` within ${seconds} s keeps it${kept}`;
    return { ok: true, text };
  }

  /** The texts by the paths that they have once the configuration is confirmed. */
  #installed(path: string, sources: FileTexts): FileTexts {
    const texts = new Map(sources);
    texts.delete(path);
    return texts.set(this.#world.configFile, sources.get(path) ?? "");
  }

  /** Includes that are found beside the candidate, but not from where it will be. */
  #refuseIncludes(path: string, { sources }: JudgedConfiguration): string | undefined {
    const home = dirname(this.#world.configFile);
    if (dirname(path) === home) return undefined;
    const beside = [...sources.keys()].find(
      (file) => file !== path && dirname(file) === dirname(path),
    );
    if (beside === undefined) return undefined;
    return `${path} includes ${beside}, which is not found from ${home}; put the file there first`;
  }

  /** Gives changed files their confirmed text back for the time of the trial. */
  #setAside(install: FileTexts, before: JudgedConfiguration): readonly string[] | string {
    const aside: string[] = [];
    for (const [file, text] of install) {
      const confirmed = before.sources.get(file);
      if (confirmed === undefined || this.#world.files.read(file) !== text) continue;
      const copy = `${file}.unconfirmed`;
      const fault =
        this.#world.files.replace(copy, text) ?? this.#world.files.replace(file, confirmed);
      if (fault !== undefined) return `cannot put ${file} aside for the trial: ${fault}`;
      aside.push(copy);
    }
    return aside;
  }

  #install(texts: FileTexts): readonly string[] {
    const faults: string[] = [];
    for (const [file, text] of texts) {
      if (this.#world.files.read(file) === text) continue;
      const fault = this.#world.files.replace(file, text);
      if (fault !== undefined) faults.push(`${file}: ${fault}`);
    }
    return faults;
  }

  #notWritten(faults: readonly string[]): ControlAnswer {
    const error = `it runs, but the next start would not find it: ${faults.join("; ")}`;
    this.#tell("error", error);
    return { ok: false, error };
  }

  #end(): Trial | undefined {
    const trial = this.#trial;
    if (trial === undefined) return undefined;
    clearTimeout(trial.timer);
    this.#trial = undefined;
    return trial;
  }

  #tell(level: "notice" | "warning" | "error", text: string): void {
    this.#world.log.write({ level, kind: "trial", text });
  }
}

const nothingOnTrial: ControlAnswer = { ok: false, error: "no configuration is on trial" };
