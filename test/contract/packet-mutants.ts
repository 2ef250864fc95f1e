// Packets of any shape: real ones of clients, servers and routers, damaged in all the ways that a
// parser may trip over, and noise.

import type { Prng } from "../../src/base/prng.ts";
import { icmpErrorFrame, sctpFrame, tcpFrame, udpFrame } from "./frames.ts";

/** What the packets are about. */
export interface MutantWorld {
  /** `10.1.0.100:80` or `[fd00:1::100]:80`: services. */
  readonly virtuals: readonly string[];
  /** Clients without port; few, so that their connections are met again. */
  readonly clients: readonly string[];
  /** Clients speak from 16 ports, this one and the next. */
  readonly firstPort: number;
  /** Real servers with their ports. */
  readonly servers: readonly string[];
}

/** BPF_PROG_TEST_RUN takes no frame without a payload. */
const ETHERNET_LENGTH = 14;
const flagWords = ["S", "SA", "A", "PA", "FA", "R", "RA", "F", ".", "SR", "SF", "U"];

/** The next packet, from a whole one to noise. */
export function nextMutant(prng: Prng, world: MutantWorld): Uint8Array {
  const frame = wholePacket(prng, world);
  if (prng.chance(0.4)) return frame;
  let mutant = frame;
  const damages = prng.integer(1, 3);
  for (let i = 0; i < damages; i++) mutant = damage(prng, mutant);
  return mutant;
}

function pick<Value>(prng: Prng, values: readonly Value[]): Value {
  return values[prng.integer(0, values.length - 1)] as Value;
}

function wholePacket(prng: Prng, world: MutantWorld): Uint8Array {
  const client = `${pick(prng, world.clients)}:${prng.integer(world.firstPort, world.firstPort + 15)}`;
  const virtual = pick(prng, world.virtuals);
  const server = pick(prng, world.servers);
  const payload = new Uint8Array(prng.integer(0, 40)).map(() => prng.integer(0, 255));
  const transit = { payload, ttl: prng.chance(0.05) ? prng.integer(0, 2) : 64 };
  const [from, to] = prng.chance(0.7) ? [client, virtual] : [server, client];
  const flags = pick(prng, flagWords);
  switch (prng.integer(0, 9)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return tcpFrame(from, to, flags, transit);
    case 4:
    case 5:
    case 6:
      return udpFrame(from, to, transit);
    case 7:
      return sctpFrame(from, to, [prng.integer(0, 15)], transit);
    default:
      return icmpPacket(prng, { client, virtual, server, flags });
  }
}

/** An error about a packet of either side, or something else with a quotation. */
function icmpPacket(
  prng: Prng,
  ends: {
    readonly client: string;
    readonly virtual: string;
    readonly server: string;
    readonly flags: string;
  },
): Uint8Array {
  const { client, virtual, server, flags } = ends;
  const toVirtual = prng.chance(0.6);
  const [quotedFrom, quotedTo] = toVirtual ? [virtual, client] : [client, server];
  const about = prng.chance(0.5)
    ? tcpFrame(quotedFrom, quotedTo, flags)
    : udpFrame(quotedFrom, quotedTo);
  const host = (end: string): string => end.slice(0, end.lastIndexOf(":"));
  const type = pick(prng, [3, 3, 3, 4, 11, 12, 0, 8, prng.integer(0, 255)]);
  const error = { type, code: prng.integer(0, 5), rest: prng.integer(0, 1500) };
  const [from, to] = toVirtual ? [client, virtual] : [server, client];
  return icmpErrorFrame(host(from), host(to), error, about);
}

function damage(prng: Prng, frame: Uint8Array): Uint8Array {
  const copy = frame.slice();
  const at = prng.integer(ETHERNET_LENGTH, Math.max(ETHERNET_LENGTH, copy.length - 1));
  switch (prng.integer(0, 9)) {
    case 0:
      copy[at] = (copy[at] ?? 0) ^ (1 << prng.integer(0, 7));
      return copy;
    case 1:
      copy[at] = prng.integer(0, 255);
      return copy;
    case 2:
      return copy.slice(0, prng.integer(ETHERNET_LENGTH + 1, copy.length));
    case 3: {
      const longer = new Uint8Array(copy.length + prng.integer(1, 40));
      longer.set(copy);
      return longer;
    }
    case 4:
      // Version and header length.
      copy[14] = pick(prng, [0x44, 0x46, 0x4f, 0x40, 0x55, 0x60, 0x65, 0x05]);
      return copy;
    case 5:
      // The length of the packet.
      copy[16] = prng.integer(0, 5);
      copy[17] = prng.integer(0, 255);
      return copy;
    case 6:
      // Fragments.
      copy[20] = pick(prng, [0x20, 0x40, 0x00, 0x3f, 0x80, 0x60]);
      copy[21] = pick(prng, [0, 1, 0xb9]);
      return copy;
    case 7:
      copy[23] = pick(prng, [1, 2, 4, 6, 17, 41, 47, 50, 58, 132, prng.integer(0, 255)]);
      return copy;
    case 8:
      copy.set(
        pick(prng, [
          [8, 0],
          [8, 6],
          [0x86, 0xdd],
          [0x81, 0],
          [0x88, 0xa8],
          [0, 46],
        ]),
        12,
      );
      return copy;
    default:
      for (let i = at; i < copy.length; i++) copy[i] = prng.integer(0, 255);
      return copy;
  }
}
