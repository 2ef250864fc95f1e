// `keelson keepalived`, or the program called by the name `keepalived`, as a daemon: keepalived's command line, its files
// and its signals around the director of `keelson run`.

import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { keelsonVersion } from "../../api/version.ts";
import { loadSyscalls, type Syscalls } from "../../linux/ffi/syscalls.ts";
import { openNetlinkKernel } from "../../linux/netlink-kernel.ts";
import { enterNetworkNamespace } from "../../linux/network-namespace.ts";
import type { Model } from "../../model/model.ts";
import { vrrpWish } from "../../plan/vrrp-wish.ts";
import type { LogLevel } from "../../world/log.ts";
import { loadConfigurationFile } from "../config-files.ts";
import { type JudgedConfiguration, judgeConfiguration } from "../configuration.ts";
import type { Director } from "../director.ts";
import type { DirectorWorld } from "../director-contract.ts";
import { logStyle, runDirector } from "../main.ts";
import { usualPinDirectory, usualRunDirectory, withOwnPlaces } from "../own-place.ts";
import type { RunOptions } from "../run-options.ts";
import { adaptModel } from "./adapt-model.ts";
import {
  type BackgroundLink,
  backgroundLink,
  forgetBackgroundLink,
  runInBackground,
} from "./background.ts";
import { type DaemonOptions, readDaemonOptions } from "./daemon-options.ts";
import { Dumps, dumpKindOf } from "./dumps.ts";
import { idleInstance } from "./instance-facts.ts";
import { KeepalivedLog } from "./keepalived-log.ts";
import { type PidFiles, pidFilesFor, runningProcess } from "./pid-files.ts";
import { PidKeeper } from "./pid-keeper.ts";
import { renderKeepalivedData } from "./render-data.ts";

/** keepalived's exit statuses. */
const exits = { ok: 0, fatal: 1, configuration: 2, permission: 4, noConfiguration: 6 } as const;
/** The version whose behaviour is served. */
const servedVersion = "2.2.7";
const programName = "keepalived";
const defaultUmask = 0o077;
const coreSizeLimit = 4;
const corePatternFile = "/proc/sys/kernel/core_pattern";
const capabilityNetAdmin = 12n;
const capabilityNetRaw = 13n;

/** Runs the daemon, in the background unless the command line says otherwise; gives the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = readDaemonOptions(argv, process.cwd());
  if (!options.ok) {
    console.error(options.fault);
    return exits.fatal;
  }
  const link = backgroundLink(process.env);
  if (options.value.background && link === undefined) {
    for (const remark of options.value.remarks) console.error(remark);
    return runInBackground((text) => console.error(text));
  }
  return new Daemon(options.value, loadSyscalls(), link).run();
}

class Daemon {
  readonly #options: DaemonOptions;
  readonly #syscalls: Syscalls;
  readonly #link: BackgroundLink | undefined;
  readonly #log: KeepalivedLog;
  readonly #dumps: Dumps;
  #director: Director | undefined;
  #stop: () => void = () => undefined;

  constructor(options: DaemonOptions, syscalls: Syscalls, link: BackgroundLink | undefined) {
    this.#options = options;
    this.#syscalls = syscalls;
    this.#link = link;
    const background = options.background;
    this.#log = new KeepalivedLog({ syscalls, options: options.log, background });
    this.#dumps = new Dumps(this.#log, process.env);
  }

  async run(): Promise<number> {
    // What asks for a dump before there is something to dump must not kill.
    for (const signal of ["SIGUSR1", "SIGUSR2"] as const) process.on(signal, () => undefined);
    process.on("uncaughtExceptionMonitor", (error) => {
      this.#tell("error", "crashed", String(error.stack ?? error));
      this.#link?.say(String(error.stack ?? error));
    });
    const status = await this.#begin();
    await this.#log.flush();
    return status;
  }

  async #begin(): Promise<number> {
    const { argv, remarks, umask } = this.#options;
    const words = ["keepalived", ...argv].map((word) => `'${word}'`).join(" ");
    const name = `Keelson ${keelsonVersion} under the name of keepalived ${servedVersion}`;
    this.#tell("info", "starting", `starting ${name}`);
    this.#tell("info", "starting", `command line: ${words}`);
    for (const remark of remarks) this.#tell("warning", "option", remark);
    const missing = missingCapabilities();
    if (missing !== undefined) return this.#refuse(missing, exits.permission);
    const judged = this.#load(this.#options.configFile);
    if (typeof judged === "number") return judged;
    const { model } = judged;
    const namespace = this.#options.namespace ?? model.global.options?.netNamespace;
    const outside = this.#enter(namespace);
    if (outside !== undefined) return outside;
    const place = placeOf(this.#options, model, namespace);
    if (place.tag !== undefined) this.#log.tag(place.tag);
    const other = runningProcess(place.pidFiles.main, model.global.options?.traces?.mainTitle);
    if (other !== undefined) {
      // keepalived ends with 0 then, and scripts rely on it.
      this.#tell("error", "start-refused", "daemon is already running");
      this.#say(`daemon is already running: process ${other}, ${place.pidFiles.main}`);
      return exits.ok;
    }
    forgetBackgroundLink(process.env);
    const { traces = {} } = model.global.options ?? {};
    process.umask(umask ?? traces.umask ?? defaultUmask);
    process.title = traces.mainTitle ?? programName;
    if (this.#options.background) process.chdir("/");
    const restorePattern = this.#allowCoreDumps();
    try {
      return await this.#serve(judged, place);
    } finally {
      restorePattern();
    }
  }

  async #serve(judged: JudgedConfiguration, place: Place): Promise<number> {
    const pids = new PidKeeper(place.pidFiles, this.#options.allParts);
    const fault = pids.begin();
    if (fault !== undefined) return this.#refuse(fault, exits.fatal);
    if (this.#options.dumpConfiguration) this.#dumpConfiguration(judged.model);
    try {
      const { respawn, keepAddresses, keepForwarding, ignoreInterrupt } = this.#options;
      return await runDirector(
        {
          options: place.run,
          log: this.#log,
          syscalls: this.#syscalls,
          load: (path) => this.#judge(path),
          role: {
            keepForwarding,
            ignoreInterrupt,
            dumps: this.#dumps,
            vrrp: {
              title: judged.model.global.options?.traces?.vrrpTitle ?? programName,
              keepAddresses,
              respawns: respawn,
              onProcess: (pid) => {
                pids.vrrpProcess(pid);
                if (pid === undefined && !respawn && this.#director !== undefined) {
                  this.#tell("error", "vrrp-process", "-R: stops because a process has died");
                  this.#stop();
                }
              },
              onSignal: (signal) => this.#onSignal(signal),
            },
            onStoppable: (stop) => {
              this.#stop = stop;
            },
            onReload: () => this.#log.reopen(),
            onSignal: (signal) => this.#onSignal(signal),
            onRunning: (director) => {
              this.#director = director;
              if (this.#options.logAddressChanges) this.#logAddressChanges();
              pids.running(director);
              this.#link?.runs();
              void this.#dumps.rehearse(director);
            },
            onNews: (director) => pids.running(director),
          },
        },
        judged,
      );
    } finally {
      pids.end();
    }
  }

  /** [-a] */
  #logAddressChanges(): void {
    openNetlinkKernel(this.#syscalls).watch((change) => {
      if (change.kind !== "address-added" && change.kind !== "address-removed") return;
      const { address, prefixLength, interface: name } = change.fact;
      const what = change.kind === "address-added" ? "added to" : "removed from";
      this.#tell("info", "address", `address ${address}/${prefixLength} ${what} ${name}`);
    });
  }

  #onSignal(signal: number): void {
    const kind = dumpKindOf(signal);
    if (kind !== undefined && this.#director !== undefined)
      void this.#dumps.write(kind, this.#director);
  }

  /** Undefined: go on. A number: the exit status. */
  #enter(namespace: string | undefined): number | undefined {
    const descriptors = this.#link === undefined ? [] : [this.#link.fd];
    const fault = enterNetworkNamespace(this.#syscalls, namespace, descriptors);
    return fault && this.#refuse(fault.text, exits.fatal);
  }

  #load(path: string): JudgedConfiguration | number {
    try {
      readFileSync(path);
    } catch {
      return this.#refuse(`Config files missing '${path}'.`, exits.noConfiguration);
    }
    const judged = this.#judge(path);
    const remarks = judged.ok ? judged.value.remarks : judged.fault.remarks;
    for (const { level, text } of remarks) {
      this.#log.writeBlock(level, "configuration", text);
      if (!judged.ok && level === "error") this.#link?.say(text);
    }
    if (judged.ok) return judged.value;
    const text = `not started, nothing was changed: ${judged.fault.summary}`;
    return this.#refuse(text, exits.configuration);
  }

  #judge(path: string): ReturnType<DirectorWorld["load"]> {
    const { configId, allConfig } = this.#options;
    const ids = [configId ?? hostname().split(".")[0] ?? ""];
    const loaded = loadConfigurationFile(path, ids);
    const judged = judgeConfiguration(loaded, logStyle);
    if (!judged.ok) return judged;
    const absent = loaded.diagnostics.find(({ code }) => code === "S13");
    if (allConfig && absent !== undefined) {
      const { file, line, column } = absent.span;
      const summary = `${file}:${line}:${column}: ${absent.message}, and --all-config is given`;
      return {
        ok: false,
        fault: { kind: "configuration-refused", summary, remarks: judged.value.remarks },
      };
    }
    return {
      ok: true,
      value: { ...judged.value, model: adaptModel(judged.value.model, this.#options) },
    };
  }

  /** Gives what undoes it. */
  #allowCoreDumps(): () => void {
    const { coreDump, corePattern } = this.#options;
    if (!coreDump) return () => undefined;
    const unlimited = Number.POSITIVE_INFINITY;
    if (this.#syscalls.setRlimit(coreSizeLimit, unlimited, unlimited) < 0)
      this.#tell("warning", "option", "-m: the limit of core files could not be raised");
    if (corePattern === undefined) return () => undefined;
    try {
      const before = readFileSync(corePatternFile, "utf8");
      writeFileSync(corePatternFile, corePattern);
      return () => writeFileSync(corePatternFile, before);
    } catch (error) {
      this.#tell("warning", "option", `-M: ${corePatternFile}: ${String(error)}`);
      return () => undefined;
    }
  }

  #dumpConfiguration(model: Model): void {
    const instances = vrrpWish(model).instances.map((config) => idleInstance(config, Date.now()));
    const text = renderKeepalivedData({ model, instances, scripts: [] }).trimEnd();
    this.#log.writeBlock("info", "dump", text);
  }

  #refuse(text: string, status: number): number {
    this.#tell("error", "start-refused", text);
    this.#say(text);
    return status;
  }

  /** For whoever has typed the command and does not see the log. */
  #say(text: string): void {
    if (this.#link !== undefined) this.#link.say(text);
    else if (!this.#options.log.console) console.error(text);
  }

  #tell(level: LogLevel, kind: string, text: string): void {
    this.#log.write({ level, kind, text });
  }
}

/** What one of several daemons on a host has for itself. */
interface Place {
  readonly pidFiles: PidFiles;
  readonly run: RunOptions;
  /** Behind its name in syslog. */
  readonly tag?: string;
}

function placeOf(options: DaemonOptions, model: Model, namespace: string | undefined): Place {
  const instanceName = model.global.options?.instanceName;
  const pidFiles = pidFilesFor(options.pidFiles, {
    ...(instanceName === undefined ? {} : { instanceName }),
    ...(namespace === undefined ? {} : { namespace }),
    ownDirectory: model.global.options?.traces?.ownPidDirectory === true,
  });
  const names = [namespace, instanceName].filter((name) => name !== undefined);
  // Daemons that have files with process ids of their own have everything of their own.
  const named = options.pidFiles.main?.replace(/^\/+|\.pid$/g, "").replaceAll("/", "-");
  const run: RunOptions = {
    configFile: options.configFile,
    runDirectory: usualRunDirectory,
    pinDirectory: usualPinDirectory,
    dryRun: false,
  };
  return {
    pidFiles,
    run: withOwnPlaces(run, [...names, named]),
    ...(names.length === 0 ? {} : { tag: names.join("_") }),
  };
}

/** What this process may not do, in words; undefined when it may do everything that a director needs. */
function missingCapabilities(): string | undefined {
  const line = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  const effective = BigInt(`0x${line ?? "0"}`);
  const lacks = [
    ...((effective >> capabilityNetAdmin) & 1n ? [] : ["CAP_NET_ADMIN"]),
    ...((effective >> capabilityNetRaw) & 1n ? [] : ["CAP_NET_RAW"]),
  ];
  return lacks.length === 0
    ? undefined
    : `cannot run without ${lacks.join(" and ")}: start it as root`;
}
