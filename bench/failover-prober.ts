// The program of the client in the failover benchmark. It sends a numbered datagram every
// millisecond, notes who answered, hears the adverts, and fires the event itself at a phase after
// an advert, so that no other process's delay is part of what it measures.
//
// Arguments: address, port, interface. Commands are lines of JSON on its input; it answers each
// with one line of JSON. It ends when its input closes.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type IpAddress, parseIpAddress } from "../src/base/address.ts";
import { openAlarm } from "../src/linux/alarm.ts";
import { watchReadable } from "../src/linux/ffi/readable.ts";
import { encodeSockaddrIn, socketConstants } from "../src/linux/ffi/socket-address.ts";
import { loadSyscalls } from "../src/linux/ffi/syscalls.ts";
import { raisePriority } from "../src/linux/realtime.ts";
import { ReceiveRing } from "../src/linux/receive-ring.ts";
import { openVrrpNetwork } from "../src/linux/vrrp-sockets.ts";
import type { Deed, FailoverOutcome, ProberCommand, ProberReply } from "./failover-protocol.ts";

const [addressText = "", portText = "7000", interfaceName = "eth0"] = process.argv.slice(2);
const probeIntervalMs = 1;
/** An answer that comes later than this was held up somewhere: the client was without one. */
const answerLimitMs = 100;
/** How long the new MASTER must have answered before a round is over. */
const settledAfterMs = 150;

const syscalls = loadSyscalls();
raisePriority(syscalls, { realtimePriority: 50 });

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (!parsed.ok) throw new Error(`not an address: ${text}`);
  return parsed.value;
}

interface Probe {
  readonly sentMs: number;
  /** Node number of the first answer; 0 while there is none. */
  node: number;
  answeredMs: number;
}

/** Probes since the last command that began a round. */
let probes: Probe[] = [];
let firstNumber = 0;
let nextNumber = 0;
let event: { readonly atMs: number; readonly node: number } | undefined;
let deadlineMs = 0;
let armed: (ProberCommand & { readonly kind: "event" }) | undefined;
let lastNode = 0;
/** Adverts by the last byte of the sender's address, and how often the sender changed. */
let adverts: Record<string, number> = {};
let senderChanges = 0;
let lastSender = 0;

const target = encodeSockaddrIn(address(addressText), Number(portText));
const probeSocket = syscalls.socket(
  socketConstants.AF_INET,
  socketConstants.SOCK_DGRAM | socketConstants.SOCK_NONBLOCK,
  0,
);
syscalls.setsockopt(
  probeSocket,
  socketConstants.SOL_SOCKET,
  socketConstants.SO_TIMESTAMPNS,
  Uint8Array.of(1, 0, 0, 0),
);
const message = new Uint8Array(8);
const messageView = new DataView(message.buffer);

function reply(value: ProberReply): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function perform(deed: Deed): void {
  if (deed.kind === "signal") {
    for (const pid of deed.pids) process.kill(pid, deed.signal);
    return;
  }
  const [program = "", ...words] = deed.argv;
  const child = spawn(program, words, { stdio: ["ignore", "ignore", "inherit"] });
  child.once("exit", (code) => {
    if (code !== 0) throw new Error(`${deed.argv.join(" ")} ended with status ${code}`);
  });
}

function fire(): void {
  const order = armed;
  if (order === undefined) return;
  armed = undefined;
  const atMs = syscalls.monotonicMs();
  perform(order.deed);
  event = { atMs, node: lastNode };
  deadlineMs = atMs + order.limitMs;
}

function outcome(of: { readonly atMs: number; readonly node: number }): FailoverOutcome {
  let takenOverMs: number | undefined;
  let lostMs = 0;
  for (const [index, probe] of probes.entries()) {
    const nextSentMs = probes[index + 1]?.sentMs ?? probe.sentMs + probeIntervalMs;
    if (nextSentMs < of.atMs) continue;
    const answered = probe.node !== 0 && probe.answeredMs - probe.sentMs < answerLimitMs;
    if (!answered) lostMs += nextSentMs - probe.sentMs;
    else if (probe.node !== of.node)
      takenOverMs = Math.min(takenOverMs ?? Number.POSITIVE_INFINITY, probe.answeredMs - of.atMs);
  }
  return { takenOverMs, lostMs };
}

/** A round is over when the other node has answered for a while, and every answer had its time. */
function endRoundIfOver(nowMs: number): void {
  if (event === undefined) return;
  const other = probes.find(
    (probe) =>
      probe.node !== 0 && probe.node !== event?.node && probe.answeredMs > (event?.atMs ?? 0),
  );
  const over = other === undefined ? nowMs > deadlineMs : nowMs > other.answeredMs + settledAfterMs;
  if (!over) return;
  // The youngest probes may still be answered: they are left out.
  while ((probes.at(-1)?.sentMs ?? 0) > nowMs - answerLimitMs) probes.pop();
  reply({ kind: "outcome", ...outcome(event) });
  event = undefined;
}

let nextProbeMs = syscalls.monotonicMs();
let ticks = 0;
const probeAlarm = openAlarm(syscalls, () => {
  const nowMs = syscalls.monotonicMs();
  messageView.setUint32(0, nextNumber);
  probes.push({ sentMs: nowMs, node: 0, answeredMs: 0 });
  nextNumber++;
  syscalls.sendto(probeSocket, message, target, socketConstants.MSG_DONTWAIT);
  ticks++;
  if (ticks % 16 === 0) endRoundIfOver(nowMs);
  // Outside a round only the last second is of interest.
  if (event === undefined && armed === undefined && probes.length > 2000) {
    probes = probes.slice(1000);
    firstNumber += 1000;
  }
  nextProbeMs = Math.max(nextProbeMs + probeIntervalMs, nowMs);
  probeAlarm.set(nextProbeMs);
});

const answers = new ReceiveRing(syscalls, probeSocket, 64);
watchReadable(syscalls, probeSocket, () => {
  for (const { bytes, receivedAtMs } of answers.take()) {
    const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    const probe = probes[number - firstNumber];
    lastNode = bytes[8] ?? 0;
    if (probe === undefined || probe.node !== 0) continue;
    probe.node = lastNode;
    probe.answeredMs = receivedAtMs;
  }
});

const eventAlarm = openAlarm(syscalls, fire);
const network = openVrrpNetwork(syscalls);
const ifindex = syscalls.ifNameToIndex(interfaceName);
const opened = network.open(
  { ifindex, interface: interfaceName, family: 4, group: address("224.0.0.18") },
  () => {
    if (!opened.ok) return;
    for (const { bytes, receivedAtMs } of opened.value.receive()) {
      const sender = bytes[15] ?? 0;
      const priority = bytes[22] ?? 0;
      adverts[sender] = (adverts[sender] ?? 0) + 1;
      if (lastSender !== 0 && sender !== lastSender) senderChanges++;
      lastSender = sender;
      if (armed === undefined || sender !== armed.afterAdvertOf || priority === 0) continue;
      eventAlarm.set(receivedAtMs + armed.phaseMs);
    }
  },
);
if (!opened.ok) throw new Error(opened.fault.text);

function obey(command: ProberCommand): void {
  switch (command.kind) {
    case "event":
      probes = [];
      firstNumber = nextNumber;
      armed = command;
      return;
    case "who":
      reply({ kind: "who", node: lastNode });
      lastNode = 0;
      return;
    case "count-adverts":
      reply({ kind: "adverts", bySender: adverts, senderChanges });
      adverts = {};
      senderChanges = 0;
      return;
  }
}

const commands = createInterface({ input: process.stdin });
commands.on("line", (line) => obey(JSON.parse(line) as ProberCommand));
commands.on("close", () => process.exit(0));
probeAlarm.set(nextProbeMs);
