// A program that builds a small lab and waits; what is left of the lab when it ends, in whatever
// way, is what lab-cleanup.test looks for. Prints one line of JSON when the lab stands.

import { readlinkSync } from "node:fs";
import { Lab } from "../../src/lab/lab.ts";

const interfaces = (address: string) => [
  { name: "eth0", network: "lan", addresses: [`10.9.0.${address}/24`] },
];
const lab = await Lab.build({
  networks: ["lan"],
  hosts: [
    { name: "a", interfaces: interfaces("1") },
    { name: "b", interfaces: interfaces("2") },
  ],
});
const hosts = [lab.host("a"), lab.host("b"), lab.switch];
const sleeper = await lab.host("a").start(["sh", "-c", "setsid sleep 1000 & sleep 1000"]);
const stopped = await lab.host("b").start(["sleep", "1001"]);
stopped.signal("SIGSTOP");
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
process.stdin.on("end", () => void lab.close()).resume();
const namespaces = hosts.flatMap((host) =>
  ["net", "mnt", "pid"].map((kind) => readlinkSync(`/proc/${host.pid}/ns/${kind}`)),
);
const pids = [...hosts.map((host) => host.pid), ...sleeper.family(), ...stopped.family()];
process.stdout.write(`${JSON.stringify({ namespaces, pids })}\n`);
