// The real world for a director.

import { createHash } from "node:crypto";
import { hostname, networkInterfaces } from "node:os";
import { Prng } from "../base/prng.ts";
import type { Result } from "../base/result.ts";
import { ByHand } from "../linux/by-hand.ts";
import { openClaimNetwork } from "../linux/claim-sockets.ts";
import { EventFifoFile } from "../linux/event-fifo.ts";
import type { Syscalls } from "../linux/ffi/syscalls.ts";
import { openFileWatcher } from "../linux/file-watcher.ts";
import { openMailer } from "../linux/mailer.ts";
import { openNetlinkKernel } from "../linux/netlink-kernel.ts";
import { Pinger } from "../linux/probes/ping.ts";
import { openProbeNetwork } from "../linux/probes/probe-network.ts";
import { openTimerAlarm } from "../linux/probes/timer-alarm.ts";
import { witnessRunner } from "../linux/probes/witness-runner.ts";
import { endProcessGroup, processStartTicks } from "../linux/process-groups.ts";
import { openProcessWatcher } from "../linux/process-watcher.ts";
import { programEnvironment } from "../linux/program-environment.ts";
import { changePriority } from "../linux/realtime.ts";
import { openScriptRunner } from "../linux/script-runner.ts";
import { judgeProgram } from "../linux/script-security.ts";
import { systemClock } from "../linux/system-clock.ts";
import type { Log } from "../world/log.ts";
import type { ConfigurationFault, JudgedConfiguration } from "./configuration.ts";
import type { DirectorWorld } from "./director-contract.ts";
import { openDrainFile } from "./drain-file.ts";
import { openEngines } from "./open-engines.ts";
import type { RunDirectory } from "./run-directory.ts";
import type { RunOptions } from "./run-options.ts";

export interface DirectorWorldParts {
  readonly syscalls: Syscalls;
  readonly log: Log;
  readonly options: RunOptions;
  readonly directory: RunDirectory;
  readonly load: () => Result<JudgedConfiguration, ConfigurationFault>;
  readonly onNews: () => void;
  readonly onEvent: NonNullable<DirectorWorld["onEvent"]>;
  readonly vrrp?: DirectorWorld["vrrp"];
}

/** Opens what a director needs; nothing of it changes anything yet. */
export function directorWorld(parts: DirectorWorldParts): DirectorWorld {
  const { syscalls, log, options, directory, load, onNews, onEvent } = parts;
  const clock = systemClock(syscalls);
  const openAlarm = (onAlarm: () => void): ReturnType<typeof openTimerAlarm> =>
    openTimerAlarm(clock, onAlarm);
  return {
    clock,
    log,
    load,
    onNews,
    onEvent,
    ...(parts.vrrp === undefined ? {} : { vrrp: parts.vrrp }),
    health: {
      clock,
      openAlarm,
      probes: openProbeNetwork(),
      prng: new Prng(clock.wallMs() ^ process.pid),
      md5: (bytes) => createHash("md5").update(bytes).digest("hex"),
    },
    scripts: { clock, openAlarm, processes: openScriptRunner() },
    tracking: {
      clock,
      openAlarm,
      files: openFileWatcher(),
      processes: openProcessWatcher(),
    },
    claims: openClaimNetwork(syscalls, openNetlinkKernel(syscalls)),
    openWitnessRunner: (witness) =>
      witnessRunner({ pinger: new Pinger(syscalls), probes: openProbeNetwork(), witness }),
    byHand: new ByHand(directory.byHand),
    drains: openDrainFile(directory.drains),
    engines: openEngines({
      syscalls,
      kernel: openNetlinkKernel(syscalls),
      log,
      pinDirectory: options.pinDirectory,
      ownServicesPath: directory.ownServices,
    }),
    notifications: {
      clock,
      log,
      openAlarm,
      processes: openScriptRunner(),
      mailer: openMailer(),
      journalPath: directory.notifications,
      hostName: hostname(),
      environment: programEnvironment(process.env),
      openFifo: (place, mine) => EventFifoFile.open(place, mine),
      refusal: (program, settings) => {
        const judged = judgeProgram(program, settings);
        return judged.ok ? undefined : judged.fault.text;
      },
      startTicks: processStartTicks,
      endGroup: endProcessGroup,
    },
    vrrpSocket: directory.vrrpSocket,
    vrrpLog: directory.vrrpLog,
    configFile: options.configFile,
    pid: process.pid,
    holdsAddress: (address) =>
      Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address)),
    changePriority: (pid, precedence) =>
      changePriority(syscalls, pid, precedence).map(({ wanted, outcome }) =>
        outcome.ok ? wanted : `${wanted} was refused: ${outcome.fault.text}`,
      ),
  };
}
