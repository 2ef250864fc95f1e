// A process that opens the engine in the network where it is started, fills the table, says so, and
// maintains it until somebody kills it.

import { apply, destination, drServers, natServers, openEngineHere, service } from "./xdp-lab.ts";

const [, , pinDirectory = ""] = process.argv;
const engine = openEngineHere(pinDirectory, "tc");
const dr = drServers.map((address) => destination(address, { forwarding: "DR", port: 9000 }));
const nat = natServers.map((address) => destination(address, { port: 9000 }));
await apply(
  engine,
  { kind: "add-service", service: service(9000, dr) },
  { kind: "add-service", service: service(9001, nat, { scheduler: "wlc" }) },
);
await engine.maintain();
console.log("ready");
setInterval(() => void engine.maintain(), 200);
