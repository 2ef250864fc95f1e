// `keelson run`: reads the configuration, takes the run directory, starts a director, and lets
// signals and the control socket speak to it until one of them ends it.

import { rmSync } from "node:fs";
import { constants } from "node:os";
import { ControlServer } from "../api/control-server.ts";
import { keelsonVersion } from "../api/version.ts";
import { loadSyscalls, type Syscalls } from "../linux/ffi/syscalls.ts";
import { openNetlinkKernel } from "../linux/netlink-kernel.ts";
import { enterNetworkNamespace } from "../linux/network-namespace.ts";
import { firstRealTimeSignal, lastRealTimeSignal, openSignals } from "../linux/signals.ts";
import { systemClock } from "../linux/system-clock.ts";
import { coalesce } from "./coalesce.ts";
import { loadConfigurationFile } from "./config-files.ts";
import { type JudgedConfiguration, judgeConfiguration, type RemarkStyle } from "./configuration.ts";
import { Director } from "./director.ts";
import type { DirectorWorld, ReloadOutcome } from "./director-contract.ts";
import { directorWorld } from "./director-world.ts";
import { planStart } from "./dry-run.ts";
import type { DumpKind, Dumps } from "./keepalived/dumps.ts";
import { type DirectorLog, openLogSink } from "./log-sink.ts";
import { type DirectorDeeds, ManagementLink } from "./management-link.ts";
import { withOwnPlaces } from "./own-place.ts";
import { answerWith, describeForServiceManager } from "./requests.ts";
import type { Role } from "./role.ts";
import { claimRunDirectory, type RunDirectory } from "./run-directory.ts";
import { parseRunOptions, type RunOptions } from "./run-options.ts";
import { ServiceManager } from "./service-manager.ts";
import { Trials } from "./trial.ts";
import { diskFiles } from "./trial-files.ts";

/** Between two lines of status for the service manager. */
const statusGapMs = 200;
const exitFailed = 1;
const exitUsage = 2;

/** Runs a director in the foreground; gives the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseRunOptions(argv);
  if (!options.ok) {
    console.error(`keelson run: ${options.fault.text}`);
    return exitUsage;
  }
  const log = openLogSink(process.env);
  const status = await run(options.value, log);
  await log.flush();
  return status;
}

async function run(options: RunOptions, log: DirectorLog): Promise<number> {
  const judged = readFirst(options, log);
  if (judged === undefined) return exitFailed;
  let syscalls: Syscalls;
  try {
    syscalls = loadSyscalls();
  } catch (error) {
    return refuse(log, error instanceof Error ? error.message : String(error));
  }
  const { netNamespace, instanceName, traces = {} } = judged.model.global.options ?? {};
  const outside = enterNetworkNamespace(syscalls, netNamespace);
  if (outside !== undefined) return refuse(log, outside.text);
  if (options.dryRun) {
    console.log(planStart(judged.model, { kernel: openNetlinkKernel(syscalls) }));
    return 0;
  }
  const load = (path: string): LoadedJudgement =>
    judgeConfiguration(loadConfigurationFile(path), logStyle);
  if (traces.umask !== undefined) process.umask(traces.umask);
  if (traces.mainTitle !== undefined) process.title = traces.mainTitle;
  const role: Role = traces.vrrpTitle === undefined ? {} : { vrrp: { title: traces.vrrpTitle } };
  const places = withOwnPlaces(options, [netNamespace, instanceName]);
  return runDirector({ options: places, log, syscalls, load, role }, judged);
}

function refuse(log: DirectorLog, text: string): number {
  log.write({ level: "error", kind: "start-refused", text });
  return exitFailed;
}

type LoadedJudgement = ReturnType<DirectorWorld["load"]>;

/** What a director is run with. */
export interface Undertaking {
  readonly options: RunOptions;
  readonly log: DirectorLog;
  readonly syscalls: Syscalls;
  /** Reads and judges a configuration. */
  readonly load: (path: string) => LoadedJudgement;
  readonly role: Role;
}

/** Runs a director with a configuration until it is ended; gives the exit status. */
export async function runDirector(
  { options, log, syscalls, load, role }: Undertaking,
  judged: JudgedConfiguration,
): Promise<number> {
  const directory = await claimRunDirectory(options.runDirectory);
  if (!directory.ok) return refuse(log, directory.fault.text);
  const manager = new ServiceManager(syscalls, process.env);
  let tellManager: () => void = () => undefined;
  const management = new ManagementLink({
    clock: systemClock(syscalls),
    log,
    openKernel: () => openNetlinkKernel(syscalls),
    environment: process.env,
  });
  const world = directorWorld({
    syscalls,
    log,
    options,
    directory: directory.value,
    load: () => load(options.configFile),
    onNews: () => tellManager(),
    onEvent: (event) => management.hear(event),
    ...(role.vrrp === undefined ? {} : { vrrp: role.vrrp }),
  });
  const places = { directory: directory.value, log, manager, syscalls, role, management };
  const service = { world, judged, load, ...places };
  return serve(service, (tell) => {
    tellManager = tell;
  });
}

/** Findings in the log are one line each. */
export const logStyle: RemarkStyle = { format: "short", color: false };

/** Before there is a director, findings are for whoever has typed the command. */
function readFirst(options: RunOptions, log: DirectorLog): JudgedConfiguration | undefined {
  const style: RemarkStyle = log.isTerminal
    ? { format: "pretty", color: log.isColoured }
    : logStyle;
  const judged = judgeConfiguration(loadConfigurationFile(options.configFile), style);
  const remarks = judged.ok ? judged.value.remarks : judged.fault.remarks;
  for (const { level, text } of remarks) log.writeBlock(level, "configuration", text);
  if (judged.ok) return judged.value;
  log.write({
    level: "error",
    kind: "start-refused",
    text: `not started, nothing was changed: ${judged.fault.summary}`,
  });
  return undefined;
}

interface Service {
  readonly world: DirectorWorld;
  readonly judged: JudgedConfiguration;
  readonly directory: RunDirectory;
  readonly log: DirectorLog;
  readonly manager: ServiceManager;
  readonly syscalls: Syscalls;
  readonly role: Role;
  readonly load: Undertaking["load"];
  readonly management: ManagementLink;
}

/** Runs a director from its start to its end; gives the exit status. */
async function serve(
  service: Service,
  hearNews: (tellManager: () => void) => void,
): Promise<number> {
  const { world, judged, directory, log, manager, role } = service;
  let end: (how: "stop" | "release") => void = () => undefined;
  const ending = new Promise<"stop" | "release">((resolve) => {
    end = resolve;
  });
  let director: Director | undefined;
  let trials: Trials | undefined;
  let reportEnd: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    reportEnd = resolve;
  });
  const control = await ControlServer.open(directory.controlSocket, (request) =>
    answerWith(request, director && trials && { director, trials }, (how) => {
      end(how);
      return ended;
    }),
  );
  if (!control.ok) {
    log.write({ level: "error", kind: "start-refused", text: control.fault.text });
    return exitFailed;
  }
  log.listen((event, atMs) => control.value.publish(event, atMs));
  let reloadAsked = false;
  const stop = (): void => {
    director?.handOver();
    end("stop");
  };
  role.onStoppable?.(stop);
  listenToSignals(service, {
    reload: () => {
      role.onReload?.();
      if (director === undefined) reloadAsked = true;
      else void reload({ director, trials }, service);
    },
    stop,
  });
  log.write({
    level: "notice",
    kind: "started",
    text: `keelson ${keelsonVersion} (pid ${process.pid}) starts with ${world.configFile}`,
  });
  const started = await Director.start(world, judged);
  if (!started.ok) {
    log.write({ level: "error", kind: "start-refused", text: started.fault });
    await control.value.close();
    return exitFailed;
  }
  director = started.value;
  const running = director;
  trials = new Trials(
    {
      clock: world.clock,
      log,
      files: diskFiles,
      configFile: world.configFile,
      load: service.load,
    },
    running,
  );
  // News come by the thousand when that many instances move.
  const tellStatus = coalesce(async () => {
    manager.status(describeForServiceManager(await running.status()));
  }, statusGapMs);
  const tellManager = (): void => {
    role.onNews?.(running);
    if (manager.listens) tellStatus();
  };
  hearNews(tellManager);
  service.management.attach(running, deedsOf({ director: running, trials }, service));
  role.onRunning?.(running);
  manager.ready();
  tellManager();
  // The file may have been written after it was read.
  if (reloadAsked) void reload({ director: running, trials }, service);
  const how = await ending;
  await finish(how, running, service);
  reportEnd();
  await control.value.close();
  rmSync(directory.controlSocket, { force: true });
  return 0;
}

async function finish(
  how: "stop" | "release",
  director: Director,
  service: Service,
): Promise<void> {
  const { log, manager, role, management } = service;
  manager.stopping();
  // The hand-over is under way already where the instances stop.
  await management.close(how === "stop");
  if (how === "release") {
    await director.release();
    const text = "ended; addresses and forwarding stay, and wait for the next start";
    log.write({ level: "notice", kind: "released", text });
    return;
  }
  log.write({ level: "notice", kind: "stopping", text: "stops: hands over, then ends forwarding" });
  await director.stop(role.keepForwarding);
  log.write({ level: "notice", kind: "stopped", text: "stopped" });
}

async function reload(
  running: { readonly director: Director; readonly trials: Trials | undefined },
  { manager, log }: Service,
): Promise<ReloadOutcome> {
  const refusal = running.trials?.refusal;
  if (refusal !== undefined) {
    log.write({ level: "error", kind: "reload", text: `reload refused: ${refusal}` });
    return { ok: false, text: refusal };
  }
  manager.reloading();
  const outcome = await running.director.reload();
  manager.ready();
  return outcome;
}

/** What clients on D-Bus may ask for. */
function deedsOf(running: Parameters<typeof reload>[0], service: Service): DirectorDeeds {
  let dumps: Promise<Dumps> | undefined;
  const dump = async (kind: DumpKind): Promise<ReloadOutcome> => {
    dumps ??= openDumps(service);
    await (await dumps).write(kind, running.director);
    return { ok: true, text: "written" };
  };
  return {
    printData: () => dump("DATA"),
    printStatistics: (clear) => dump(clear ? "STATS_CLEAR" : "STATS"),
    reload: () => {
      service.role.onReload?.();
      return reload(running, service);
    },
  };
}

/** Those of the role, which may have been cleared before. */
async function openDumps({ role, log }: Service): Promise<Dumps> {
  if (role.dumps !== undefined) return role.dumps;
  const { Dumps: Implementation } = await import("./keepalived/dumps.ts");
  return new Implementation(log, process.env);
}

/** SIGHUP reloads, SIGTERM and SIGINT stop, no other signal that an operator may send kills. */
function listenToSignals(
  service: Service,
  on: { readonly reload: () => void; readonly stop: () => void },
): void {
  const { role } = service;
  process.on("SIGHUP", on.reload);
  process.on("SIGTERM", on.stop);
  process.on("SIGINT", () => {
    if (role.ignoreInterrupt !== true) on.stop();
  });
  for (const signal of ["SIGUSR1", "SIGUSR2"] as const)
    process.on(signal, () => {
      if (role.onSignal !== undefined) {
        role.onSignal(constants.signals[signal]);
        return;
      }
      const text = `${signal} has no meaning here; \`keelson status\` shows what it may have asked for`;
      service.log.write({ level: "info", kind: "signal", text });
    });
  // Exporters for keepalived send real-time signals, which would end the process.
  const signals = openSignals(service.syscalls, (signal) => role.onSignal?.(signal));
  for (let number = firstRealTimeSignal; number <= lastRealTimeSignal; number++) {
    if (role.onSignal === undefined) signals.ignore(number);
    else signals.hear(number);
  }
}
