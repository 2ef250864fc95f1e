// A director with sync daemons in a process of its own, which a test may kill: the network that it is
// started in is its own. Arguments: pin directory, role of the first sync daemon.

import type { IpAddress } from "../../src/base/address.ts";
import { apply, destination, drServers, natServers, openEngineHere, service } from "./xdp-lab.ts";

const [pinDirectory = "", role = "backup"] = process.argv.slice(2);
const engine = openEngineHere(pinDirectory, "tc");
const [dr = "", nat = ""] = [drServers[0], natServers[0]];
await apply(
  engine,
  { kind: "add-service", service: service(80, [destination(dr, { forwarding: "DR" })]) },
  { kind: "add-service", service: service(81, [destination(nat, { port: 81 })]) },
);
const started = await engine.startSyncDaemon({
  role: role === "master" ? "master" : "backup",
  interface: "eth0",
  syncId: 5,
  group: "224.0.0.81" as IpAddress,
});
if (!started.ok) throw new Error(started.fault.text);
process.stdout.write("ready\n");
setInterval(() => void engine.maintain(), 500);
process.stdin.on("data", () => {
  void engine.statistics().then((read) => {
    const counted = read.ok
      ? read.value.map(({ destinations }) => destinations[0]?.activeConnections ?? 0)
      : [];
    process.stdout.write(`${JSON.stringify(counted)}\n`);
  });
});
