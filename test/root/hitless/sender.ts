// Sends UDP packets of some flows out of an interface of its own namespace, so many in so many seconds and
// on at that rate until a line comes on the standard input, and says how many it has sent:
//   node sender.js INTERFACE TARGET-MAC TARGET PORT PACKETS SECONDS FLOWS

import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { bpfNumbers } from "../../../src/linux/ffi/bpf.ts";
import { loadBench } from "./bench-object.ts";

const frameLength = 60;
const step = 10_000;
const [name = "", mac = "", target = "", port = "", packets = "", seconds = "", flows = ""] =
  process.argv.slice(2);

function settings(): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  const word = (address: string): number =>
    address.split(".").reduce((sum, part, i) => sum + Number(part) * 2 ** (8 * i), 0);
  const macOf = (text: string): number[] =>
    text.split(":").map((part) => Number.parseInt(part, 16));
  view.setUint32(0, Number(flows), true);
  view.setUint32(4, word(target), true);
  view.setUint32(8, word("10.8.1.0"), true);
  view.setUint16(12, Number(port));
  const own = readFileSync(`/sys/class/net/${name}/address`, "utf8").trim();
  bytes.set([...macOf(mac), ...macOf(own)], 14);
  return bytes;
}

const { bpf, programs } = loadBench("generator", settings());
const ifindex = Number(readFileSync(`/sys/class/net/${name}/ifindex`, "utf8"));

function send(count: number): void {
  const context = new Uint8Array(24);
  const view = new DataView(context.buffer);
  view.setUint32(4, frameLength, true);
  view.setUint32(12, ifindex, true);
  const numbers = new Float64Array([count, bpfNumbers.runLiveFrames, 64, 0]);
  const fd = programs["generate"] ?? -1;
  const returned = bpf.bpfRun(fd, new Uint8Array(frameLength), null, context, null, numbers);
  if (returned < 0) throw new Error(`sending: errno ${-returned}`);
}

let ended = false;
process.stdin.once("data", () => {
  ended = true;
});
process.stdin.once("end", () => process.exit(1));
const startedMs = performance.now();
const perMs = Number(packets) / (Number(seconds) * 1000);
let sent = 0;
while (!ended || sent < Number(packets)) {
  if (sent <= (performance.now() - startedMs) * perMs) {
    send(step);
    sent += step;
    if (sent === step) console.log("sending");
  }
  await delay(1);
}
console.log(`sent ${sent}`);
process.exit(0);
