// Scenes of configuration files that somebody has: the interfaces that they name are made, the daemon
// runs, another router takes over and gives back the first instance, and the daemon is stopped.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Scene, start, stop } from "./scene.ts";

/** Longer than an election with usual intervals, in a group and after scripts. */
const settleMs = 9000;
/** An interface name may have 15 characters. */
const nameLengthMax = 15;

/** One scene for each file with an instance in a directory and below it. */
export function scenesOfFiles(directory: string): readonly Scene[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".conf"))
    .sort()
    .flatMap((name): Scene[] => {
      const text = readFileSync(join(directory, name), "utf8");
      if (!/^\s*vrrp_instance\b/m.test(text)) return [];
      return [
        { name, text, prepare: interfacesOf(text), story: [start(undefined, settleMs), stop] },
      ];
    });
}

function interfacesOf(text: string): string {
  const named = [...text.matchAll(/^\s*(?:interface|lvs_sync_daemon_interface)\s+(\S+)/gm)];
  const devices = [...text.matchAll(/\bdev\s+([\w.-]+)/g)];
  const names = new Set([...named, ...devices].map(([, name]) => name ?? ""));
  return [...names]
    .filter((name) => !/^(eth[01]|lo)$/.test(name) && name.length <= nameLengthMax)
    .map((name, i) => {
      const mac = `02:00:00:00:01:${(16 + i).toString(16)}`;
      return `ip link add ${name} type veth peer name far${i} || true
ip link set far${i} address 02:00:00:00:02:${(16 + i).toString(16)} up || true
ip link set ${name} address ${mac} up || true
ip address add 10.${100 + i}.0.1/24 dev ${name} || true`;
    })
    .join("\n");
}
