// The client of the chaos runs: asks every address all the time, as a client would, and each router
// separately, so that it is known when two of them would answer. Its argument is a ProbePlan; each
// line of its input is a ProbeQuestion.

import { createSocket } from "node:dgram";
import { createInterface } from "node:readline";
import { type IpAddress, ipv4Number } from "../../../src/base/address.ts";
import { ByteWriter } from "../../../src/base/bytes.ts";
import { watchReadable } from "../../../src/linux/ffi/readable.ts";
import { encodeSockaddrLl } from "../../../src/linux/ffi/socket-address.ts";
import { loadSyscalls } from "../../../src/linux/ffi/syscalls.ts";
import { addToChecksum, finishChecksum } from "../../../src/wire/checksum.ts";
import {
  decodeEthernetFrame,
  ETHERTYPE_IPV4,
  encodeEthernetFrame,
} from "../../../src/wire/ethernet.ts";
import { encodeIpv4Packet } from "../../../src/wire/ipv4.ts";
import type { ClientView, DirectProbe, ProbeAnswer, ProbePlan, ProbeQuestion } from "./protocol.ts";

const plan = JSON.parse(process.argv[2] ?? "{}") as ProbePlan;
const syscalls = loadSyscalls();
const packetSocket = 17;
/** An answer that comes later than this was held up somewhere: the client was without one. */
const answerLimitMs = 100;

/** Asked at one moment: which routers answered, one bit each. */
interface Asked {
  readonly number: number;
  readonly atMs: number;
  answeredBy: number;
}

/** The questions to one address. */
class Series {
  readonly name: string;
  #asked: Asked[] = [];
  #next = 0;

  constructor(name: string) {
    this.name = name;
  }

  ask(atMs: number): number {
    this.#asked.push({ number: this.#next, atMs, answeredBy: 0 });
    return this.#next++;
  }

  answered(number: number, router: number, atMs: number): void {
    const first = this.#asked[0]?.number ?? 0;
    const asked = this.#asked[number - first];
    if (asked !== undefined && atMs - asked.atMs < answerLimitMs) asked.answeredBy |= 1 << router;
  }

  between({ fromMs, toMs }: ProbeQuestion): readonly Asked[] {
    this.#asked = this.#asked.filter((asked) => asked.atMs >= fromMs);
    return this.#asked.filter((asked) => asked.atMs < toMs);
  }
}

/** Stretches of questions of which something is true, milliseconds. */
function stretches(asked: readonly Asked[], holds: (one: Asked) => boolean): readonly number[] {
  const found: number[] = [];
  let sinceMs: number | undefined;
  for (const one of asked) {
    if (holds(one)) sinceMs ??= one.atMs;
    else if (sinceMs !== undefined) {
      found.push(one.atMs - sinceMs);
      sinceMs = undefined;
    }
  }
  const last = asked.at(-1);
  if (sinceMs !== undefined && last !== undefined) found.push(last.atMs - sinceMs + plan.everyMs);
  return found;
}

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

const clients = plan.clients.map((client) => {
  const series = new Series(client.name);
  const socket = createSocket(client.address.includes(":") ? "udp6" : "udp4");
  socket.on("message", (message) => {
    series.answered(message.readUInt32BE(0), message[4] ?? 0, syscalls.monotonicMs());
  });
  socket.on("error", () => {
    // What is not sent is not answered, which is what is counted.
  });
  const ask = (nowMs: number): void => {
    const message = new ByteWriter(4).u32(series.ask(nowMs)).finish();
    socket.send(message, plan.port, client.address, () => {});
  };
  return { series, ask };
});

function parseMac(text: string): Uint8Array {
  return Uint8Array.from(text.split(":").map((octet) => Number.parseInt(octet, 16)));
}

/** Echo requests to each router's hardware address. */
function openDirect(probe: DirectProbe): { series: Series; ask(nowMs: number): void } {
  const series = new Series(probe.address);
  const allProtocols = 0x0300;
  const fd = syscalls.socket(packetSocket, 3 | 0o4000, allProtocols);
  const link = encodeSockaddrLl(syscalls.ifNameToIndex(probe.interface));
  const bound = link.slice();
  new DataView(bound.buffer).setUint16(2, allProtocols, true);
  if (syscalls.bind(fd, bound) < 0) throw new Error("cannot bind");
  // A hardware address of its own, which no kernel answers for.
  const source = Uint8Array.of(2, 0, 0, 0, 0xaa, 1);
  const address = probe.address as IpAddress;
  const ask = (nowMs: number): void => {
    const number = series.ask(nowMs);
    for (const [router, mac] of probe.routers.entries()) {
      const echo = (checksum: number): Uint8Array =>
        new ByteWriter(12).u8(8).u8(0).u16(checksum).u16(router).u16(77).u32(number).finish();
      const payload = echo(finishChecksum(addToChecksum(0, echo(0), 0, 12)));
      const packet = encodeIpv4Packet({
        tos: 0,
        identification: 0,
        ttl: 64,
        protocol: 1,
        source: ipv4Number(probe.ownAddress as IpAddress),
        destination: ipv4Number(address),
        payload,
      });
      const destination = parseMac(mac);
      const frame = encodeEthernetFrame({
        destination,
        source,
        type: ETHERTYPE_IPV4,
        payload: packet,
      });
      syscalls.sendto(fd, frame, link, 0);
    }
  };
  const macs = probe.routers.map((mac) => mac.toLowerCase());
  const buffer = new Uint8Array(2048);
  const hear = (bytes: Uint8Array): void => {
    const frame = decodeEthernetFrame(bytes);
    if (!frame.ok || frame.value.type !== ETHERTYPE_IPV4) return;
    const { payload } = frame.value;
    if (payload.length < 32 || payload[9] !== 1 || payload[20] !== 0) return;
    const view = new DataView(payload.buffer, payload.byteOffset);
    if (view.getUint16(26) !== 77) return;
    const router = view.getUint16(24);
    // Another host may answer what this one has passed on.
    const sender = Array.from(frame.value.source, (octet) => octet.toString(16).padStart(2, "0"));
    if (macs[router] !== sender.join(":")) return;
    series.answered(view.getUint32(28), router, syscalls.monotonicMs());
  };
  watchReadable(syscalls, fd, () => {
    for (;;) {
      const length = syscalls.recvfrom(fd, buffer, 0, null);
      if (length < 0) return;
      hear(buffer.subarray(0, length));
    }
  });
  return { series, ask };
}

const direct = plan.direct.map(openDirect);

setInterval(() => {
  const nowMs = syscalls.monotonicMs();
  for (const one of [...clients, ...direct]) one.ask(nowMs);
}, plan.everyMs);

function viewOf(series: Series, question: ProbeQuestion): ClientView {
  const asked = series.between(question);
  const outages = stretches(asked, (one) => one.answeredBy === 0);
  const answered = asked.filter((one) => one.answeredBy !== 0);
  const changes = answered.filter(
    (one, i) => i > 0 && one.answeredBy !== answered[i - 1]?.answeredBy,
  );
  return {
    name: series.name,
    outageMs: Math.max(0, ...outages),
    outageTotalMs: sum(outages),
    silentMs: (asked.at(-1)?.atMs ?? 0) - (answered.at(-1)?.atMs ?? question.fromMs),
    changes: changes.length,
  };
}

function answer(question: ProbeQuestion): ProbeAnswer {
  const both = direct.map(({ series }) =>
    stretches(series.between(question), (one) => (one.answeredBy & (one.answeredBy - 1)) !== 0),
  );
  const views = clients.map(({ series }) => viewOf(series, question));
  const ticks = clients[0]?.series.between(question) ?? [];
  const gaps = ticks.slice(1).map(({ atMs }, i) => atMs - (ticks[i]?.atMs ?? atMs));
  return {
    clients: views,
    bothMs: Math.max(0, ...both.flat()),
    bothTotalMs: Math.max(0, ...both.map(sum)),
    lateMs: Math.max(0, ...gaps.map((gap) => gap - plan.everyMs)),
  };
}

const questions = createInterface({ input: process.stdin });
questions.on("line", (line) => {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line) as ProbeQuestion))}\n`);
});
questions.on("close", () => process.exit(0));
process.stdout.write("ready\n");
