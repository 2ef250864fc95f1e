// The files that keepalived writes on signals, for exporters and people who know them.

import { basename, dirname, join } from "node:path";
import type { GlobalOptions } from "../../model/global-options.ts";
import type { Model } from "../../model/model.ts";
import type { VrrpInstanceStatus } from "../../model/status.ts";
import { vrrpWish } from "../../plan/vrrp-wish.ts";
import type { Log } from "../../world/log.ts";
import type { Director } from "../director.ts";
import { ClearedCounters } from "./counters.ts";
import { writeDumpFile } from "./dump-file.ts";
import type { DumpedInstance } from "./instance-facts.ts";
import { renderBalancerData } from "./render-balancer-data.ts";
import { renderKeepalivedData, renderKeepalivedGlobals } from "./render-data.ts";
import { renderKeepalivedJson } from "./render-json.ts";
import { renderKeepalivedStatistics } from "./render-statistics.ts";

/** What a dump is asked for by; keepalived's names [--signum]. */
export type DumpKind = "DATA" | "STATS" | "STATS_CLEAR" | "JSON";

/** Signals by what they ask for. SIGRTMIN is the C library's 34. */
const kinds: ReadonlyMap<number, DumpKind> = new Map([
  [10, "DATA"],
  [12, "STATS"],
  [36, "JSON"],
  [63, "STATS_CLEAR"],
]);

/** What a signal asks for; undefined: nothing. */
export function dumpKindOf(signal: number): DumpKind | undefined {
  return kinds.get(signal);
}

const kindsInWords: Readonly<Record<DumpKind, string>> = {
  DATA: "data",
  STATS: "stats",
  STATS_CLEAR: "stats, and clearing them",
  JSON: "data as json",
};

/** The writer of these files. */
export class Dumps {
  readonly #log: Log;
  readonly #directory: string;
  readonly #cleared = new ClearedCounters();
  /** One at a time: who asks twice gets the second answer last. */
  #last: Promise<void> = Promise.resolve();

  /** TMPDIR moves the files, as it does keepalived's. */
  constructor(log: Log, environment: NodeJS.ProcessEnv) {
    this.#log = log;
    const directory = environment["TMPDIR"] ?? "";
    this.#directory = directory.startsWith("/") ? directory : "/tmp";
  }

  /** Writes what is asked for. Never fails: what cannot be written is told in the log. */
  write(kind: DumpKind, director: Director): Promise<void> {
    this.#last = this.#last
      .then(() => this.#write(kind, director))
      .catch((error: unknown) => this.#complain(String(error)));
    return this.#last;
  }

  /** Renders everything once: the first exporter should not wait until the code has been compiled. */
  async rehearse(director: Director): Promise<void> {
    const { model } = director.running;
    const instances = this.#instances(model, await director.vrrpStatuses());
    const counted = instances.map(({ config, counters }) => ({ name: config.name, counters }));
    renderKeepalivedData({ model, instances, scripts: director.scripts() });
    renderKeepalivedStatistics(counted);
    renderKeepalivedJson(model, instances);
  }

  async #write(kind: DumpKind, director: Director): Promise<void> {
    const statuses = await director.vrrpStatuses();
    const { model } = director.running;
    const instances = this.#instances(model, statuses);
    const text = `writing ${kindsInWords[kind]} into ${this.#directory} on signal`;
    this.#log.write({ level: "debug", kind: "dump", text });
    switch (kind) {
      case "DATA":
        // What exporters wait for comes first.
        this.#put(
          model,
          "keepalived.data",
          renderKeepalivedData({ model, instances, scripts: director.scripts() }),
        );
        this.#put(model, "keepalived_parent.data", renderKeepalivedGlobals(model));
        if (model.virtualServers.length + (model.groupServers?.length ?? 0) > 0) {
          const { virtualServers } = await director.status();
          this.#put(model, "keepalived_check.data", renderBalancerData(model, virtualServers));
        }
        return;
      case "STATS":
      case "STATS_CLEAR": {
        const counted = instances.map(({ config, counters }) => ({ name: config.name, counters }));
        this.#put(model, "keepalived.stats", renderKeepalivedStatistics(counted));
        if (kind === "STATS_CLEAR") this.#cleared.clear(statuses);
        return;
      }
      case "JSON":
        this.#put(model, "keepalived.json", renderKeepalivedJson(model, instances));
        return;
    }
  }

  #instances(model: Model, statuses: readonly VrrpInstanceStatus[]): readonly DumpedInstance[] {
    const byName = new Map(statuses.map((status) => [status.name, status]));
    return vrrpWish(model).instances.flatMap((config) => {
      const status = byName.get(config.name);
      return status === undefined ? [] : [{ config, status, counters: this.#cleared.of(status) }];
    });
  }

  #put({ global }: Model, name: string, text: string): void {
    const path = dumpPath(name, this.#directory, global.options ?? {});
    const written = writeDumpFile(path, text);
    if (!written.ok) this.#complain(written.fault);
  }

  #complain(text: string): void {
    this.#log.write({ level: "error", kind: "dump", text });
  }
}

/** Where a dump goes; `name` is its usual name. */
export function dumpPath(name: string, directory: string, options: GlobalOptions): string {
  const { traces = {}, instanceName, netNamespace } = options;
  const { stateDump, countersDump, jsonDump, dumpsNameInstance } = traces;
  const isState = name.endsWith(".data");
  const named = isState ? stateDump : name.endsWith(".stats") ? countersDump : jsonDump;
  const who = [netNamespace, instanceName].filter((part) => part !== undefined).join("_");
  const own =
    isState && dumpsNameInstance === true && who !== "" ? name.replace(".", `.${who}.`) : name;
  if (named === undefined) return join(directory, own);
  if (named.endsWith("/")) return join(named, own);
  // Beside the file that is named, the others have names of their own.
  return isState && basename(name) !== "keepalived.data" ? join(dirname(named), own) : named;
}
