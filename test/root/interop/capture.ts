// What leaves a router, as the switch's port sees it: tcpdump records with the kernel's timestamps,
// and prints what it thinks of every frame.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Host } from "../../../src/lab/host.ts";
import type { LabProcess } from "../../../src/lab/lab-process.ts";
import { waitFor } from "../../../src/lab/waiting.ts";

const FILTER = "arp or vrrp or ip proto 51 or ip6 proto 112 or icmp6";
const PROTOCOL_AH = 51;
const PROTOCOL_VRRP = 112;
const AH_LENGTH = 24;
const PCAP_HEADER_LENGTH = 24;
const RECORD_HEADER_LENGTH = 16;
const NANOSECOND_MAGIC = 0xa1b23c4d;

/** What the election needs of an advert. */
export interface AdvertOnWire {
  readonly vrid: number;
  readonly priority: number;
  readonly atMs: number;
}

/** Reads VRID and priority of an IP packet; undefined when it is no advert. */
export function readAdvert(
  packet: Uint8Array,
): { readonly vrid: number; readonly priority: number } | undefined {
  const version = (packet[0] ?? 0) >> 4;
  const headerLength = version === 4 ? ((packet[0] ?? 0) & 15) * 4 : 40;
  const protocol = version === 4 ? packet[9] : packet[6];
  if (protocol !== PROTOCOL_VRRP && protocol !== PROTOCOL_AH) return undefined;
  const at = protocol === PROTOCOL_AH ? headerLength + AH_LENGTH : headerLength;
  const vrid = packet[at + 1];
  const priority = packet[at + 2];
  return vrid === undefined || priority === undefined ? undefined : { vrid, priority };
}

/** The recording of one port. */
export class Capture {
  readonly #host: Host;
  readonly #path: string;
  readonly #process: LabProcess;

  private constructor(host: Host, path: string, process: LabProcess) {
    this.#host = host;
    this.#path = path;
    this.#process = process;
  }

  /** Records what comes in at a port of the switch. */
  static async start(theSwitch: Host, port: string): Promise<Capture> {
    const path = `/run/${port}.pcap`;
    const how = ["--immediate-mode", "-U", "-Z", "root", "--time-stamp-precision=nano", "-s", "0"];
    const what = ["-i", port, "-Q", "in", "-w", path, FILTER];
    const process = await theSwitch.start(["tcpdump", ...how, ...what]);
    const listening = await waitFor(() => process.output.includes("listening on") || undefined, {
      timeoutMs: 10_000,
      everyMs: 10,
    });
    assert.ok(listening, `tcpdump listens: ${process.output}`);
    return new Capture(theSwitch, path, process);
  }

  /** All adverts so far; wall-clock milliseconds. */
  adverts(): readonly AdvertOnWire[] {
    const bytes = readFileSync(this.#host.outside(this.#path));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < PCAP_HEADER_LENGTH) return [];
    assert.equal(view.getUint32(0, true), NANOSECOND_MAGIC, "a capture in nanoseconds");
    const adverts: AdvertOnWire[] = [];
    for (let at = PCAP_HEADER_LENGTH; at + RECORD_HEADER_LENGTH <= bytes.length; ) {
      const atMs = view.getUint32(at, true) * 1000 + view.getUint32(at + 4, true) / 1e6;
      const length = view.getUint32(at + 8, true);
      const frame = bytes.subarray(at + RECORD_HEADER_LENGTH, at + RECORD_HEADER_LENGTH + length);
      at += RECORD_HEADER_LENGTH + length;
      const etherType = ((frame[12] ?? 0) << 8) | (frame[13] ?? 0);
      if (etherType !== 0x0800 && etherType !== 0x86dd) continue;
      const advert = readAdvert(frame.subarray(14));
      if (advert !== undefined) adverts.push({ ...advert, atMs });
    }
    return adverts;
  }

  /** Ends the recording and gives what tcpdump prints of it, one frame a paragraph. */
  async printed(): Promise<string> {
    await this.#process.stop();
    // What the kernel says for itself (neighbour discovery of its own addresses) is no frame of ours.
    const ours = "vrrp or arp or ip proto 51 or ip6 proto 112 or icmp6[0] = 136";
    return this.#host.shell(`tcpdump -n -vvv -e -r ${this.#path} '${ours}' 2>/dev/null`);
  }
}

/** What tcpdump prints when it finds a frame broken or cannot read it to its end. */
export const COMPLAINT: RegExp =
  /\bbad\b|invalid|\[\||truncated|incorrect|wrong|unknown|length \d+ \(!/i;
