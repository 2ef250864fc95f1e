// Counts the UDP packets that come in at an interface of its own namespace, and lets none of them further:
// node counter.js INTERFACE. Answers each line on its standard input with the number.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { bpfNumbers, possibleCpus } from "../../../src/linux/ffi/bpf.ts";
import { loadBench } from "./bench-object.ts";

const [name = ""] = process.argv.slice(2);
const { bpf, maps, programs } = loadBench("sink", new Uint8Array(32));
const ifindex = Number(readFileSync(`/sys/class/net/${name}/ifindex`, "utf8"));
const fd = programs["sink_xdp"] ?? -1;
const link = bpf.bpfLinkCreate(fd, ifindex, bpfNumbers.attachXdp, bpfNumbers.xdpFlagNative);
if (link < 0) throw new Error(`XDP on ${name}: errno ${-link}`);

function received(): number {
  const bytes = new Uint8Array(8 * possibleCpus());
  bpf.bpfMapLookup(maps["received"] ?? -1, new Uint8Array(4), bytes);
  const view = new DataView(bytes.buffer);
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 8) sum += Number(view.getBigUint64(at, true));
  return sum;
}

console.log("counting");
createInterface({ input: process.stdin }).on("line", () => console.log(`received ${received()}`));
