// The VRRP process: adverts, elections, addresses, gratuitous ARP, and nothing else on its event
// loop. It is told what to do over a UNIX socket and goes on when the other end goes away.

import { rmSync } from "node:fs";
import { constants } from "node:os";
import { openAlarm } from "../../linux/alarm.ts";
import { loadSyscalls, type Syscalls } from "../../linux/ffi/syscalls.ts";
import { openHostKernel } from "../../linux/host-kernel.ts";
import { openNetlinkKernel } from "../../linux/netlink-kernel.ts";
import { openPeerNetwork } from "../../linux/peer-sockets.ts";
import { nameProcess } from "../../linux/process-traits.ts";
import { raisePriority } from "../../linux/realtime.ts";
import { firstRealTimeSignal, lastRealTimeSignal, openSignals } from "../../linux/signals.ts";
import { systemClock } from "../../linux/system-clock.ts";
import { openVrrpNetwork } from "../../linux/vrrp-sockets.ts";
import { VrrpEngine } from "../../vrrp/engine/engine.ts";
import { rehearse } from "../../vrrp/engine/rehearsal.ts";
import type { LogEvent } from "../../world/log.ts";
import type { FromVrrp } from "../vrrp-channel.ts";
import { openBfdSessions } from "./bfd-sessions.ts";
import { ChannelServer } from "./channel-server.ts";
import { parseVrrpOptions, VRRP_USAGE, type VrrpOptions } from "./options.ts";
import { carryOut, leaveAddresses } from "./vrrp-process.ts";

/** Enough for the compiler to have seen every path; a few hundredths of a second. */
const REHEARSAL_ROUNDS = 60;
/** A process in a hurry rehearses while it runs. */
const ROUNDS_BETWEEN_TIMES = 2;
const BETWEEN_TIMES_MS = 100;
/** How long the last messages may take to leave. */
const LAST_WORDS_MS = 500;

async function run(options: VrrpOptions): Promise<void> {
  const syscalls = loadSyscalls();
  nameProcess(syscalls, "keelson-vrrp");
  if (options.title !== undefined) process.title = options.title;
  const refusals = takePrecedence(syscalls, options);
  if (!options.hurry) rehearse(REHEARSAL_ROUNDS);
  const kernel = openNetlinkKernel(syscalls);
  const tell = (message: FromVrrp): void => {
    channel.tell(message);
    // The neighbours of BFD sessions hear for a moment that this is an end and no failure.
    if (message.kind === "stopped") setTimeout(end, bfd.stop());
  };
  const engine = new VrrpEngine({
    clock: systemClock(syscalls),
    network: openVrrpNetwork(syscalls),
    kernel,
    host: openHostKernel(syscalls),
    peers: openPeerNetwork(syscalls),
    openAlarm: (onAlarm) => openAlarm(syscalls, onAlarm),
    tell: (output) => tell(output),
  });
  const bfd = openBfdSessions(syscalls, {
    track: (tracker, name, result) => engine.track(tracker, name, result),
    tell: (message) => tell(message),
  });
  const parts = { engine, bfd, kernel, tell };
  const channel = new ChannelServer({ onRequest: (request) => carryOut(request, parts) });
  const end = (): void => {
    rmSync(options.socketPath, { force: true });
    channel.close(() => process.exit(0));
    // A main process that does not read must not keep this one alive.
    setTimeout(() => process.exit(0), LAST_WORDS_MS);
  };
  const listening = await channel.listen(options.socketPath);
  if (!listening.ok) {
    process.stderr.write(`keelson-vrrp: ${listening.fault}\n`);
    process.exit(1);
  }
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.on(signal, () => (options.keepAddresses ? leaveAddresses(parts) : engine.stop()));
  // A terminal that closes, or a reload that was sent to the whole group, is not for this process.
  process.on("SIGHUP", () => undefined);
  passSignalsOn(syscalls, tell);
  refusals.push(...lockMemory(syscalls, options));
  for (const event of refusals) tell({ kind: "log", event });
  if (options.hurry) rehearseBetweenTimes(REHEARSAL_ROUNDS);
}

/** Some rounds at a time, so that no advert waits for them. */
function rehearseBetweenTimes(rounds: number): void {
  if (rounds <= 0) return;
  rehearse(ROUNDS_BETWEEN_TIMES);
  setTimeout(() => rehearseBetweenTimes(rounds - ROUNDS_BETWEEN_TIMES), BETWEEN_TIMES_MS);
}

/** Whoever takes this process for the main one: what is asked of it is not lost, and no signal kills. */
function passSignalsOn(syscalls: Syscalls, tell: (message: FromVrrp) => void): void {
  const pass = (signal: number): void => tell({ kind: "signal", signal });
  process.on("SIGUSR1", () => pass(constants.signals.SIGUSR1));
  process.on("SIGUSR2", () => pass(constants.signals.SIGUSR2));
  const signals = openSignals(syscalls, pass);
  for (let number = firstRealTimeSignal; number <= lastRealTimeSignal; number++)
    signals.hear(number);
}

/** Before anything else: a start, too, is quicker that way. */
function takePrecedence(syscalls: Syscalls, { realtimePriority, nice }: VrrpOptions): LogEvent[] {
  return attempt(syscalls, {
    ...(realtimePriority === undefined ? {} : { realtimePriority }),
    ...(nice === undefined ? {} : { nice }),
    lockMemory: false,
  });
}

/** Once the memory that is needed is there. */
function lockMemory(syscalls: Syscalls, { lockMemory }: VrrpOptions): readonly LogEvent[] {
  return lockMemory ? attempt(syscalls, { lockMemory }) : [];
}

function attempt(syscalls: Syscalls, wishes: Parameters<typeof raisePriority>[1]): LogEvent[] {
  const outcomes = raisePriority(syscalls, wishes);
  const events: LogEvent[] = [];
  for (const { wanted, outcome } of outcomes) {
    if (outcome.ok) continue;
    const text = `the VRRP process runs without ${wanted}: ${outcome.fault.text}`;
    events.push({ level: "notice", kind: "precedence-refused", text });
  }
  return events;
}

const options = parseVrrpOptions(process.argv.slice(2));
if (options.ok) await run(options.value);
else {
  process.stderr.write(`keelson-vrrp: ${options.fault}\n${VRRP_USAGE}\n`);
  process.exitCode = 2;
}
